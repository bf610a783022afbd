"""`battleshiper aws deploy` where a stack in another region has to come first, on an emulator of AWS."""

import json

import pytest
from aws.small_assembly import CERTIFICATES, STACK, resources

pytestmark = [pytest.mark.emulator, pytest.mark.usefixtures("empty_account", "image")]


@pytest.fixture
def two(small):
    """Return what writes an assembly of both, whose queues hide messages for this long."""

    def write(seconds: int = 30) -> str:
        queue = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": seconds}}
        return small(resources(queue_seconds=seconds), certificates={"Queue": queue})

    return write


def status(cloud, name: str, region: str) -> str:
    """Return the status of a stack; empty where there is none."""
    found = cloud.client("cloudformation", region=region).list_stacks()["StackSummaries"]
    return next((each["StackStatus"] for each in found if each["StackName"] == name), "")


def test_one_after_the_other(ready_shell, ready_cloud, two) -> None:
    """The first is whole before the second's change set is made. One yes is enough for what is new; what is there is
    asked about each time."""
    done = ready_shell.answer("deploy", "--no-wait", "--assembly", two(), typed="y\n")
    assert done.returncode == 0, done.stderr
    shown = [line for line in done.stdout.splitlines() if line.startswith((CERTIFICATES, STACK, "Deploy", "  Battles"))]
    assert [line.split(":")[0].split(" in ")[0].strip() for line in shown] == [
        *(CERTIFICATES, f"Deploy {CERTIFICATES}? [y/N]", CERTIFICATES),
        *(STACK, STACK, STACK),
    ]
    assert status(ready_cloud, CERTIFICATES, "us-east-1") == "CREATE_COMPLETE"
    assert status(ready_cloud, STACK, "eu-central-1") == "CREATE_COMPLETE"

    done = ready_shell.answer("deploy", "--no-wait", "--assembly", two(60), "--json", typed="y\nn\n")
    assert (done.returncode, "Nothing was changed." in done.stderr) == (1, True), done.stderr
    assert (f"Deploy {CERTIFICATES}?" in done.stderr, f"Deploy {STACK}?" in done.stderr) == (True, True)
    assert status(ready_cloud, CERTIFICATES, "us-east-1") == "UPDATE_COMPLETE"
    assert status(ready_cloud, STACK, "eu-central-1") == "CREATE_COMPLETE"


def test_both_by_a_script(ready_shell, ready_cloud, two) -> None:
    """Nothing is asked, and the JSON has both in their order; both are taken away together."""
    done = ready_shell.run("deploy", "--no-wait", "--assembly", two(), "--yes", "--json")
    assert done.returncode == 0, done.stderr
    stacks = json.loads(done.stdout)["stacks"]
    assert [(each["stack"], each["region"]) for each in stacks] == [
        (CERTIFICATES, "us-east-1"),
        (STACK, "eu-central-1"),
    ]
    assert ready_shell.run("diff", "--assembly", two(), "--exit-code").returncode == 0
    done = ready_shell.run("destroy", "--yes", "--json")
    assert json.loads(done.stdout)["deleted"] == [STACK, CERTIFICATES]


def test_templates_for_another_region(ready_shell, ready_cloud, two) -> None:
    """Nothing is done: the steps around the stacks would look for the platform where it is not."""
    done = ready_shell.run("deploy", "--no-wait", "--assembly", two(), "--yes", AWS_REGION="eu-west-1")
    assert done.returncode == 1
    assert "are for eu-central-1, and the options say eu-west-1." in done.stderr
    assert "Set AWS_REGION to eu-central-1" in done.stderr
    assert status(ready_cloud, CERTIFICATES, "us-east-1") != "CREATE_COMPLETE"
