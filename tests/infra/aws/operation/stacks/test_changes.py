"""What a change set means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.infra.aws.operation.stacks.changes import Effect, ResourceChange, additions, read_change

TABLE = "AWS::DynamoDB::Table"


def change(action: str, kind: str = "AWS::SQS::Queue", **more) -> ResourceChange:
    """Return what CloudFormation would say about a resource, read."""
    return read_change({"Action": action, "LogicalResourceId": "It", "ResourceType": kind, **more})


@pytest.mark.parametrize(
    ("said", "effect"),
    [
        ({"action": "Add"}, Effect.ADDED),
        ({"action": "Import"}, Effect.ADDED),
        ({"action": "Remove"}, Effect.REMOVED),
        ({"action": "Dynamic"}, Effect.MAY_BE_REPLACED),
        ({"action": "Modify", "Replacement": "True"}, Effect.REPLACED),
        ({"action": "Modify", "Replacement": "Conditional"}, Effect.MAY_BE_REPLACED),
        ({"action": "Modify", "Replacement": "False"}, Effect.CHANGED),
        ({"action": "SyncWithActual"}, Effect.CHANGED),
    ],
)
def test_effects(said, effect) -> None:
    """Each action of CloudFormation is one of ours."""
    assert change(**said).effect is effect


def test_properties_are_named_once() -> None:
    """What changes is named by property, or by attribute where it is none, in CloudFormation's order."""
    targets = [("Properties", "Code"), ("Properties", "Role"), ("Properties", "Code"), ("Tags", None)]
    details = [{"Target": {"Attribute": attribute, **({"Name": name} if name else {})}} for attribute, name in targets]
    assert change("Modify", Details=details).properties == ("Code", "Role", "Tags")


@pytest.mark.parametrize(
    "kind",
    [
        TABLE,
        "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
        "AWS::CloudFront::KeyValueStore",
        "AWS::ECR::Repository",
    ],
)
@pytest.mark.parametrize("replacement", ["True", "Conditional"])
def test_data_in_danger(kind, replacement) -> None:
    """What holds data is in danger when it is or may be replaced or is removed, also where it stays in the account:
    the platform would begin with an empty one."""
    assert change("Modify", kind, Replacement=replacement).endangers_data
    assert change("Remove", kind, PolicyAction="Retain").endangers_data


@given(kind=st.sampled_from([TABLE, "AWS::S3::Bucket", "AWS::SQS::Queue"]), action=st.sampled_from(["Add", "Modify"]))
def test_no_danger(kind, action) -> None:
    """What is new or changed in place loses nothing."""
    assert not change(action, kind, Replacement="False").endangers_data


def test_what_holds_nothing_may_be_replaced() -> None:
    """A queue or a role is made anew without a loss."""
    assert not change("Modify", "AWS::IAM::Role", Replacement="True").endangers_data
    assert not change("Remove").endangers_data


@pytest.mark.parametrize(
    ("policy", "stays"), [("Retain", True), ("ReplaceAndRetain", True), ("ReplaceAndDelete", False), (None, None)]
)
def test_what_becomes_of_the_old_one(policy, stays) -> None:
    """Whether the old resource stays is known where CloudFormation says so, and not guessed elsewhere."""
    said = {"PolicyAction": policy} if policy else {}
    assert change("Modify", TABLE, Replacement="True", **said).stays is stays


@pytest.mark.parametrize(
    ("kind", "name", "is_security"),
    [
        ("AWS::IAM::Policy", "Whatever", True),
        ("AWS::S3::BucketPolicy", "Whatever", True),
        ("AWS::Lambda::Function", "Role", True),
        ("AWS::KMS::Key", "KeyPolicy", True),
        ("AWS::S3::Bucket", "PublicAccessBlockConfiguration", True),
        ("AWS::Lambda::Function", "Code", False),
    ],
)
def test_security(kind, name, is_security) -> None:
    """Roles and policies are about security, and so are properties that say who may do what."""
    details = [{"Target": {"Attribute": "Properties", "Name": name}}]
    assert change("Modify", kind, Replacement="False", Details=details).concerns_security is is_security


def test_a_new_stack_adds_everything() -> None:
    """Where there is no stack, its template tells what it brings."""
    (added,) = additions({"Resources": {"Table": {"Type": TABLE}}})
    assert added == ResourceChange("Table", TABLE, Effect.ADDED)
