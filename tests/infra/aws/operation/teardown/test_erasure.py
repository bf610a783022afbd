"""What CloudFormation keeps, deleted for good from an emulator of AWS."""

from contextlib import suppress

import pytest
from aws.fake_cloudformation import FakeClients

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.teardown.erasure import Eraser
from battleshiper.infra.aws.operation.teardown.presence import LASTING, is_there
from battleshiper.infra.aws.operation.teardown.remains import (
    BUCKET,
    FUNCTION,
    LOG_GROUP,
    REPOSITORY,
    SECRET,
    TABLE,
    Remain,
)
from battleshiper.infra.aws.operation.teardown.survey import Surveyor

pytestmark = pytest.mark.emulator

REGION = "eu-central-1"


class EmulatorClients:
    """Clients of the emulator, in any region."""

    def __init__(self, emulator) -> None:
        self._emulator = emulator

    def of(self, service: str, **config):
        return self._emulator.client(service)


@pytest.fixture
def clients_in(emulator):
    """Return what makes clients."""
    return lambda region: EmulatorClients(emulator)


def make_table(emulator) -> str:
    key = {"AttributeName": "pk"}
    emulator.client("dynamodb").create_table(
        TableName="erased",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{**key, "AttributeType": "S"}],
        KeySchema=[{**key, "KeyType": "HASH"}],
        DeletionProtectionEnabled=True,
    )
    return "erased"


def make_bucket(emulator) -> str:
    storage = emulator.client("s3")
    storage.create_bucket(Bucket="erased", CreateBucketConfiguration={"LocationConstraint": REGION})
    storage.put_bucket_versioning(Bucket="erased", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"one", b"two"):
        storage.put_object(Bucket="erased", Key="a/page", Body=body)
    storage.delete_object(Bucket="erased", Key="a/page")
    storage.create_multipart_upload(Bucket="erased", Key="a/half")
    return "erased"


def make_secret(emulator) -> str:
    return emulator.client("secretsmanager").create_secret(Name="battleshiper/erased", SecretString="x")["ARN"]


def make_repository(emulator) -> str:
    emulator.client("ecr").create_repository(repositoryName="erased")
    return "erased"


def make_function(emulator, name: str = "battleshiper-erased", role: str = "Battleshiper-SiteRole1-2") -> str:
    iam = emulator.client("iam")
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
    emulator.client("lambda").create_function(
        FunctionName=name,
        Runtime="nodejs22.x",
        Handler="index.handler",
        Role=f"arn:aws:iam::000000000000:role/{role}",
        Code={"ZipFile": b"PK\x05\x06" + b"\0" * 18},
    )
    return name


def make_log_group(emulator) -> str:
    emulator.client("logs").create_log_group(logGroupName="/battleshiper/erased")
    return "/battleshiper/erased"


MAKERS = {
    TABLE: make_table,
    BUCKET: make_bucket,
    SECRET: make_secret,
    REPOSITORY: make_repository,
    FUNCTION: make_function,
    LOG_GROUP: make_log_group,
}


@pytest.mark.parametrize("kind", MAKERS)
def test_it_is_gone(emulator, clients_in, kind) -> None:
    """A protected table, a bucket with versions and half uploads, a repository …: everything goes, and again is no
    failure."""
    remain = Remain(kind, MAKERS[kind](emulator), REGION)
    eraser = Eraser(clients_in, lambda seconds: None)
    if kind in LASTING:
        assert is_there(remain, clients_in)
    eraser.erase(remain)
    if kind in LASTING:
        assert not is_there(remain, clients_in)
    eraser.erase(remain)
    MAKERS[kind](emulator)  # its name is free again
    eraser.erase(remain if kind != SECRET else Remain(SECRET, "battleshiper/erased", REGION))


def test_what_is_found(emulator, clients_in) -> None:
    """Secrets, functions and log groups are found by their names; another's function with such a name is not."""
    made = [Remain(kind, MAKERS[kind](emulator), REGION) for kind in (SECRET, FUNCTION)]
    other = make_function(emulator, "battleshiper-not-ours", "somebody")
    group = Remain(LOG_GROUP, make_log_group(emulator), REGION)
    surveyor = Surveyor(clients_in, REGION)
    assert set(made) <= set(surveyor.remains())
    assert other not in {remain.id for remain in surveyor.remains()}
    assert group in surveyor.log_groups()
    eraser = Eraser(clients_in, lambda seconds: None)
    for remain in (*made, group, Remain(FUNCTION, other, REGION)):
        eraser.erase(remain)


def test_an_object_that_stays() -> None:
    """S3 answers well although it kept an object: the error names it, and the bucket is not deleted."""

    class Locked:
        def get_paginator(self, operation):
            return self

        def paginate(self, Bucket):  # noqa: N803
            return [{"Versions": [{"Key": "a", "VersionId": "1"}]}]

        def delete_objects(self, Bucket, Delete):  # noqa: N803
            assert Delete["Objects"] == [{"Key": "a", "VersionId": "1"}]
            return {"Errors": [{"Key": "a", "Code": "AccessDenied", "Message": "locked"}]}

    eraser = Eraser(lambda region: FakeClients(s3=Locked()))
    with pytest.raises(OperationError, match="Cannot delete a from sites: AccessDenied: locked"):
        eraser.erase(Remain(BUCKET, "sites", REGION))
