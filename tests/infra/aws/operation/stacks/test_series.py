"""The stacks of an assembly, one after the other."""

from typing import Any

import pytest
from aws.audience import Listener
from aws.emulator import ACCOUNT as EMULATED
from aws.emulator import running_emulator
from aws.fake_cloudformation import CREATED, FakeClients, FakeCloudFormation
from aws.small_assembly import CERTIFICATES, REGION, STACK, write_assembly

from battleshiper.infra.aws.operation.account import Account, clients_in, read_account
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.stacks.failure import StackError
from battleshiper.infra.aws.operation.stacks.manifest import read_assembly
from battleshiper.infra.aws.operation.stacks.series import Outputs, StackSeries

ACCOUNT = Account("111111111111")


class FullBucket:
    """Has every file already."""

    def head_object(self, **place: str) -> None:
        assert place["ExpectedBucketOwner"] == ACCOUNT.number


class Stage:
    """Two regions with a stack each; the one of the certificates comes first."""

    def __init__(self, folder) -> None:
        self.regions = {"us-east-1": FakeCloudFormation(), "eu-central-1": FakeCloudFormation()}
        self.stacks = read_assembly(
            write_assembly(folder, certificates={"Queue": {"Type": "AWS::SQS::Queue"}}), ACCOUNT
        )
        for cloudformation in self.regions.values():
            cloudformation.leads_to["execute_change_set"] = list(CREATED)

    def deploy(self, audience: Listener) -> Any:
        clients = {region: FakeClients(cloudformation=each, s3=FullBucket()) for region, each in self.regions.items()}
        return StackSeries(clients.__getitem__, ACCOUNT, audience, self._pause).deploy(self.stacks)

    def _pause(self, seconds: float) -> None:
        next(each for each in self.regions.values() if each.is_busy).pause(seconds)


@pytest.fixture
def stage(tmp_path) -> Stage:
    """One."""
    return Stage(tmp_path)


def test_each_is_approved_and_done_before_the_next(stage) -> None:
    """A stack's change set is made when the one it needs is there; what both tell is told."""
    stage.regions["us-east-1"].outputs = {"Arn": "arn:certificate"}
    stage.regions["eu-central-1"].outputs = {"Url": "https://ship.example.org"}
    audience = Listener()
    deployed = stage.deploy(audience)
    assert [line for line in audience.said if line.startswith(("Uploaded", "approve", "begin", "end"))] == [
        "Uploaded 0 files; 4 were there.",
        *(f"approve {CERTIFICATES}?", f"begin {CERTIFICATES} 0", "end"),
        *(f"approve {STACK}?", f"begin {STACK} 0", "end"),
    ]
    assert [proposal.stack.name for proposal in deployed.proposals] == [CERTIFICATES, STACK]
    assert deployed.outputs == {"Arn": "arn:certificate", "Url": "https://ship.example.org"}


def test_a_no_to_the_second(stage) -> None:
    """The first stays, the second's change set goes, and the refusal is what is told."""
    with pytest.raises(PermissionError, match=STACK):
        stage.deploy(Listener(refused=[STACK]))
    assert stage.regions["us-east-1"].called() == ["create_change_set", "execute_change_set"]
    assert stage.regions["eu-central-1"].called()[:2] == ["create_change_set", "delete_change_set"]


def test_the_second_is_not_begun_when_the_first_fails(stage) -> None:
    """It would lack what the first has to tell."""
    failed = [("stack", "CREATE_IN_PROGRESS"), ("Queue", "CREATE_FAILED", "no"), ("stack", "ROLLBACK_COMPLETE")]
    stage.regions["us-east-1"].leads_to["execute_change_set"] = failed
    with pytest.raises(StackError, match=CERTIFICATES):
        stage.deploy(Listener())
    assert stage.regions["eu-central-1"].called() == []


def test_what_the_stacks_do_not_tell() -> None:
    """A step that asks for it says so, and what to do."""
    with pytest.raises(OperationError, match="does not tell ImageTag") as caught:
        Outputs(Url="https://ship.example.org")["ImageTag"]
    assert "--assembly" in caught.value.remedy


@pytest.mark.emulator
def test_another_program_may_deploy(tmp_path, monkeypatch) -> None:
    """It needs a folder of templates, and what the environment says of AWS; the outputs are what it gets."""
    with running_emulator() as emulator:
        place = {"LocationConstraint": REGION}
        emulator.client("s3").create_bucket(
            Bucket=f"cdk-hnb659fds-assets-{EMULATED}-{REGION}", CreateBucketConfiguration=place
        )
        for name, value in (
            ("AWS_ENDPOINT_URL", emulator.url),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
        ):
            monkeypatch.setenv(name, value)
        account = read_account(clients_in(REGION))
        stacks = read_assembly(write_assembly(tmp_path), account)
        first, second = (StackSeries(clients_in, account, Listener()).deploy(stacks) for _ in range(2))
    assert first.outputs["Url"] == "https://deploy.example.com"
    assert first.outputs["Table"].startswith("Battleshiper-")
    assert (first.proposals[0].is_new, second.proposals[0].does_something) == (True, False)
    assert first.outputs == second.outputs
