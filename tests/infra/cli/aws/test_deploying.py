"""`battleshiper aws diff | deploy | destroy`, one after the other on an emulator of AWS that executes the stacks."""

import json
import os

import pytest
from aws.small_assembly import resources

pytestmark = [pytest.mark.emulator, pytest.mark.usefixtures("empty_account", "image")]

DOMAIN = "deploy.example.com"
PARAMETER = "/cdk-bootstrap/hnb659fds/version"


def stack_ids(cloud, kind: str) -> list[str]:
    """Return the physical ids of the stack's resources of a type."""
    listed = cloud.client("cloudformation").list_stack_resources(StackName="Battleshiper")["StackResourceSummaries"]
    return [each["PhysicalResourceId"] for each in listed if each["ResourceType"] == kind]


def change_sets(cloud) -> list[str]:
    """Return the change sets that wait."""
    found = cloud.client("cloudformation").list_change_sets(StackName="Battleshiper")["Summaries"]
    return [each["ChangeSetName"] for each in found if each["ExecutionStatus"] == "AVAILABLE"]


def test_from_nothing_to_nothing(ready_shell, ready_cloud, small) -> None:
    """A platform is deployed, stays as it is, is changed, and goes; its data stays until that is asked for."""
    first = small()
    done = ready_shell.run("diff", "--assembly", first, "--exit-code")
    assert done.returncode == 3, done.stderr
    assert "Battleshiper in eu-central-1: new, with 8 resources" in done.stdout
    assert "Who may do what changes with 1 resource:\n  + SiteRole" in done.stdout

    done = ready_shell.run("deploy", "--no-wait", "--assembly", first, "--yes")
    assert done.returncode == 0, done.stderr
    assert "Uploaded 3 files; 0 were there." in done.stdout
    assert "8/8 CREATE_COMPLETE" in done.stdout
    assert f"Url                      https://{DOMAIN}" in done.stdout

    again = ready_shell.run("deploy", "--no-wait", "--assembly", first, "--json", "--yes")
    assert again.returncode == 0, again.stderr
    said = json.loads(again.stdout)
    assert said["stacks"] == [{"stack": "Battleshiper", "region": "eu-central-1", "changes": []}]
    assert said["outputs"]["Url"] == f"https://{DOMAIN}"
    assert "Uploaded 0 files; 3 were there." in again.stderr
    assert ready_shell.run("diff", "--assembly", first, "--exit-code").returncode == 0

    second = small(resources(queue_seconds=60))
    done = ready_shell.run("diff", "--assembly", second, "--json")
    ((change,),) = (stack["changes"] for stack in json.loads(done.stdout))
    assert (change["resource"], change["effect"], change["properties"]) == ("Queue", "changed", ["VisibilityTimeout"])
    assert change_sets(ready_cloud) == []
    done = ready_shell.run("deploy", "--no-wait", "--assembly", second, "--yes")
    assert done.returncode == 0, done.stderr
    queue = ready_cloud.client("sqs").get_queue_attributes(
        QueueUrl=stack_ids(ready_cloud, "AWS::SQS::Queue")[0], AttributeNames=["VisibilityTimeout"]
    )
    assert queue["Attributes"]["VisibilityTimeout"] == "60"

    sites, assets = (said["outputs"][name] for name in ("Sites", "Assets"))
    storage = ready_cloud.client("s3")
    for bucket in (sites, assets):
        storage.put_object(Bucket=bucket, Key="a/page.html", Body=b"hello")
    done = ready_shell.run("destroy", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["deleted"] == ["Battleshiper"]
    assert [each["type"].split("::")[1] for each in said["left"]] == [
        "DynamoDB",
        "S3",
        "SecretsManager",
        "SecretsManager",
        "SecretsManager",
    ]
    buckets = {each["Name"] for each in storage.list_buckets()["Buckets"]}
    assert {sites, assets} & buckets == {sites}

    done = ready_shell.run("destroy", "--yes", "--data", "--domain", DOMAIN, "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["left"] == []
    assert len(said["erased"]) == 5
    assert ready_cloud.client("dynamodb").list_tables()["TableNames"] == []
    assert json.loads(ready_shell.run("destroy", "--json").stdout) == {"deleted": [], "erased": [], "left": []}


def test_data_is_not_replaced_by_accident(ready_shell, ready_cloud, small) -> None:
    """A change that would cost the table is marked by `diff` and refused by `deploy`, also with --yes."""
    assert ready_shell.run("deploy", "--no-wait", "--assembly", small(), "--yes").returncode == 0
    without = resources()
    del without["Table"]
    changed = small(without)
    done = ready_shell.run("diff", "--assembly", changed, "--exit-code")
    assert done.returncode == 4, done.stderr
    assert "DATA  Table (Table) is removed; what is in it stays in the account" in done.stdout
    done = ready_shell.run("deploy", "--no-wait", "--assembly", changed, "--yes")
    assert done.returncode == 1
    assert "Data is in danger.\n  Table (Table) is removed" in done.stderr
    assert "--replace-data" in done.stderr
    assert change_sets(ready_cloud) == []
    assert len(stack_ids(ready_cloud, "AWS::DynamoDB::Table")) == 1
    done = ready_shell.run("deploy", "--no-wait", "--assembly", changed, "--yes", "--replace-data")
    assert done.returncode == 0, done.stderr
    assert stack_ids(ready_cloud, "AWS::DynamoDB::Table") == []


def test_somebody_says_no(ready_shell, ready_cloud, small) -> None:
    """Without a yes nothing is made, and no empty stack is left; with one, the platform is."""
    done = ready_shell.answer("deploy", "--no-wait", "--assembly", small(), typed="n\n")
    assert (done.returncode, "Nothing was changed." in done.stderr) == (1, True), done.stderr
    listed = ready_cloud.client("cloudformation").list_stacks()["StackSummaries"]
    assert [each for each in listed if each["StackStatus"] != "DELETE_COMPLETE"] == []
    done = ready_shell.answer("deploy", "--no-wait", "--assembly", small(), "--json", typed="y\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outputs"]["Url"] == f"https://{DOMAIN}"


def test_nobody_can_be_asked(ready_shell, small) -> None:
    """A script has to say that it means it."""
    done = ready_shell.run("deploy", "--no-wait", "--assembly", small())
    assert done.returncode == 1
    assert "Nobody can be asked here." in done.stderr
    assert "--yes" in done.stderr


def test_a_resource_fails(ready_shell, ready_cloud, small) -> None:
    """The failure names the resource, the reason and what to do; the next deployment clears away what it left."""
    events = ready_cloud.client("events")
    events.create_event_bus(Name="of-before")
    bus = {"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "of-before"}}}
    assembly = small({**resources(), **bus})
    done = ready_shell.run("deploy", "--no-wait", "--assembly", assembly, "--yes")
    assert done.returncode == 1
    assert "CREATE_FAILED Bus (AWS::Events::EventBus)" in done.stdout
    assert "The stack Battleshiper is ROLLBACK_COMPLETE." in done.stderr
    assert "Bus (AWS::Events::EventBus): EventBus already exists: of-before" in done.stderr
    assert "battleshiper aws destroy --data" in done.stderr
    events.delete_event_bus(Name="of-before")
    done = ready_shell.run("deploy", "--no-wait", "--assembly", assembly, "--yes")
    assert done.returncode == 0, done.stderr
    assert "Battleshiper: DELETE_IN_PROGRESS" in done.stdout
    assert "9/9 CREATE_COMPLETE" in done.stdout


def test_destroying_is_confirmed_by_name(ready_shell, ready_cloud, small) -> None:
    """Another name than the stack's changes nothing; the data has a question of its own."""
    assert ready_shell.run("deploy", "--no-wait", "--assembly", small(), "--yes").returncode == 0
    done = ready_shell.answer("destroy", typed="battleship\n")
    assert (done.returncode, "nothing was changed" in done.stderr) == (1, True)
    done = ready_shell.answer("destroy", "--data", typed="Battleshiper\nother.example.com\n")
    assert (done.returncode, "nothing was changed" in done.stderr) == (1, True)
    done = ready_shell.run("destroy", "--yes", "--data", "--domain", "other.example.com")
    assert (done.returncode, f"is {DOMAIN}, not other.example.com" in done.stderr) == (1, True)
    assert len(stack_ids(ready_cloud, "AWS::DynamoDB::Table")) == 1
    done = ready_shell.answer("destroy", "--data", typed=f"Battleshiper\n{DOMAIN}\n")
    assert done.returncode == 0, done.stderr
    assert ready_cloud.client("dynamodb").list_tables()["TableNames"] == []


def test_a_region_is_bootstrapped(ready_shell, ready_cloud, small, tmp_path) -> None:
    """Where the CDK's bootstrap is missing, its own command is run before anything is uploaded."""
    npx = tmp_path / "bin" / "npx"
    npx.parent.mkdir()
    npx.write_text('#!/bin/sh\necho "$@"\nexit "$CODE"\n')
    npx.chmod(0o755)
    path = f"{npx.parent}:{os.environ['PATH']}"
    parameters = ready_cloud.client("ssm")
    parameters.delete_parameter(Name=PARAMETER)
    failed = ready_shell.run("deploy", "--no-wait", "--assembly", small(), "--yes", "--json", PATH=path, CODE="7")
    done = ready_shell.run("deploy", "--no-wait", "--assembly", small(), "--yes", "--json", PATH=path, CODE="0")
    parameters.put_parameter(Name=PARAMETER, Value="21", Type="String")
    assert failed.returncode == 1
    assert "exit code 7" in failed.stderr
    assert "Uploaded" not in failed.stderr
    assert done.returncode == 0, done.stderr
    assert "--yes aws-cdk@2 bootstrap aws://000000000000/eu-central-1\n" in done.stderr
    assert json.loads(done.stdout)["outputs"]["Url"] == f"https://{DOMAIN}"


def test_an_account_that_is_not_ready(ready_shell, small) -> None:
    """What the doctor finds bad stops a deployment before anything is uploaded."""
    missing = "arn:aws:acm:us-east-1:000000000000:certificate/none"
    done = ready_shell.run(
        "deploy", "--no-wait", "--assembly", small(), "--yes", BATTLESHIPER_SITES_CERTIFICATE=missing
    )
    assert done.returncode == 1
    assert "The platform cannot be deployed like this.\n  certificate: there is no" in done.stderr
    assert "Uploaded" not in done.stdout
