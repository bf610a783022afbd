"""What a cloud assembly says about its stacks."""

import json

import pytest
from aws.small_assembly import write_assembly

from battleshiper.infra.aws.operation.account import Account
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.stacks.manifest import read_assembly

ACCOUNT = Account("111111111111")


@pytest.fixture
def folder(tmp_path):
    """An assembly with one stack."""
    return write_assembly(tmp_path / "cdk.out")


def edit(file, change) -> None:
    """Change a JSON file."""
    content = json.loads(file.read_text())
    change(content)
    file.write_text(json.dumps(content))


def test_a_stack(folder) -> None:
    """A stack knows where its template goes, what CloudFormation acts as, and its tags."""
    (stack,) = read_assembly(folder, ACCOUNT)
    bucket = "cdk-hnb659fds-assets-111111111111-eu-central-1"
    assert (stack.name, stack.region) == ("Battleshiper", "eu-central-1")
    assert stack.role == "arn:aws:iam::111111111111:role/exec-111111111111-eu-central-1"
    assert stack.template_url == f"https://s3.eu-central-1.amazonaws.com/{bucket}/{stack.template_asset.key}"
    assert stack.template == stack.template_asset.path == folder / "Battleshiper.template.json"
    assert stack.tags == {"application": "battleshiper"}
    assert [(asset.path.name, asset.is_folder, asset.key) for asset in stack.assets[1:]] == [
        ("asset.tree", True, "tree.zip"),
        ("asset.zip", False, "package.zip"),
    ]
    assert {(asset.bucket, asset.region) for asset in stack.assets} == {(bucket, "eu-central-1")}


def test_stacks_come_after_those_they_need(folder) -> None:
    """The order of the file does not matter, what it says about dependencies does."""

    def add_certificates(manifest) -> None:
        stack = json.loads(json.dumps(manifest["artifacts"]["Battleshiper"]))
        stack["environment"] = "aws://unknown-account/us-east-1"
        manifest["artifacts"]["Certificates"] = stack
        manifest["artifacts"]["Battleshiper"]["dependencies"].append("Certificates")

    edit(folder / "manifest.json", add_certificates)
    stacks = read_assembly(folder, ACCOUNT)
    assert [(stack.name, stack.region) for stack in stacks] == [
        ("Certificates", "us-east-1"),
        ("Battleshiper", "eu-central-1"),
    ]


def test_docker_images_are_refused(folder) -> None:
    """Nothing is deployed by half: the error names the images and who can upload them."""
    edit(folder / "Battleshiper.assets.json", lambda content: content.update(dockerImages={"abc": {}}))
    with pytest.raises(OperationError, match=r"Docker images \(abc\)") as caught:
        read_assembly(folder, ACCOUNT)
    assert "cdk deploy" in caught.value.remedy


def test_another_account_is_refused(folder) -> None:
    """Templates that were made for an account go to no other."""
    place = {"environment": "aws://222222222222/eu-central-1"}
    edit(folder / "manifest.json", lambda content: content["artifacts"]["Battleshiper"].update(place))
    with pytest.raises(OperationError, match="222222222222"):
        read_assembly(folder, ACCOUNT)


def test_no_assembly(tmp_path) -> None:
    """A folder with something else says how to make one."""
    with pytest.raises(OperationError) as caught:
        read_assembly(tmp_path, ACCOUNT)
    assert "battleshiper aws synth" in caught.value.remedy


def test_a_template_that_is_not_uploaded(folder) -> None:
    """A stack whose template would not be in the bucket is refused before anything is uploaded."""
    edit(folder / "Battleshiper.assets.json", lambda content: content.update(files={}))
    with pytest.raises(OperationError, match="template of Battleshiper"):
        read_assembly(folder, ACCOUNT)
