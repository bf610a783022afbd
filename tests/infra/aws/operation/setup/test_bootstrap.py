"""What the CDK needs in a region before anything of ours."""

import pytest
from aws.fake_cloudformation import FakeClients

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.setup.bootstrap import Bootstrap, run_in

HERE = ["eu-central-1"]


class FakeParameters:
    """A region's parameters: the bootstrap's version, or none."""

    class exceptions:  # noqa: N801
        class ParameterNotFound(Exception):  # noqa: N818
            pass

    def __init__(self, version: int | None) -> None:
        self._version = version

    def get_parameter(self, Name):  # noqa: N803
        assert Name == "/cdk-bootstrap/hnb659fds/version"
        if self._version is None:
            raise self.exceptions.ParameterNotFound
        return {"Parameter": {"Value": str(self._version)}}


class FakeIdentity:
    """Knows who is asking."""

    def get_caller_identity(self):
        return {"Account": "111111111111", "Arn": "arn:aws:iam::111111111111:user/ada"}


class Runs:
    """Runs nothing, and remembers what."""

    def __init__(self, code: int = 0) -> None:
        self.commands = []
        self._code = code

    def __call__(self, command, folder) -> int:
        assert list(folder.iterdir()) == []
        self.commands.append(" ".join(command))
        return self._code


def account(**versions: int | None):
    """Return what makes clients of regions with these versions of the bootstrap."""
    regions = {"eu-central-1": versions.get("here"), "us-east-1": versions.get("there")}
    return lambda region: FakeClients(ssm=FakeParameters(regions[region]), sts=FakeIdentity())


def test_a_region_that_is_ready_is_left_alone() -> None:
    """Nothing is run where the bootstrap is new enough."""
    run, said = Runs(), []
    Bootstrap(account(here=21), run).provide(HERE, said.append)
    assert run.commands == []
    assert said == ["eu-central-1 has version 21"]


@pytest.mark.parametrize("version", [None, 5])
def test_a_region_without_is_bootstrapped(version) -> None:
    """The CDK's command is run, and told the place, where there is none or an old one."""
    run = Runs()
    Bootstrap(account(here=version), run).provide(HERE, lambda line: None)
    assert run.commands == ["npx --yes aws-cdk@2 bootstrap aws://111111111111/eu-central-1"]


def test_each_region_for_itself() -> None:
    """One that is ready does not speak for another."""
    run = Runs()
    Bootstrap(account(here=21), run).provide([*HERE, "us-east-1"], lambda line: None)
    assert run.commands == ["npx --yes aws-cdk@2 bootstrap aws://111111111111/us-east-1"]


def test_a_bootstrap_that_fails() -> None:
    """The error says how to do it by hand."""
    with pytest.raises(OperationError, match="exit code 1") as caught:
        Bootstrap(account(), Runs(1)).provide(HERE, lambda line: None)
    assert "npx --yes aws-cdk@2 bootstrap aws://111111111111/eu-central-1" in caught.value.remedy


def test_without_npx(tmp_path, monkeypatch) -> None:
    """The error says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OperationError, match="npx is not installed") as caught:
        run_in(["npx", "--yes"], tmp_path)
    assert "Node" in caught.value.remedy


def test_what_is_run_is_run(tmp_path, capfd) -> None:
    """The program's output is seen past standard output, and its exit code returned."""
    assert run_in(["sh", "-c", "pwd; exit 3"], tmp_path) == 3
    said = capfd.readouterr()
    assert (said.out, said.err.strip()) == ("", str(tmp_path))
