"""Files for CloudFormation and Lambda."""

from io import BytesIO
from threading import Lock
from zipfile import ZipFile

import pytest
from aws.fake_cloudformation import FakeClients, refusal
from aws.small_assembly import write_assembly

from battleshiper.infra.aws.operation.account import Account
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.stacks.manifest import read_assembly
from battleshiper.infra.aws.operation.stacks.publishing import Published, Publisher

ACCOUNT = Account("111111111111")


class FakeStorage:
    """S3 with one bucket. `refuses` is raised by every upload."""

    class exceptions:  # noqa: N801
        class NoSuchBucket(Exception):  # noqa: N818
            pass

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.looks_refused = "404"
        self.refuses: Exception | None = None
        self._lock = Lock()

    def head_object(self, Bucket, Key, ExpectedBucketOwner):  # noqa: N803
        assert ExpectedBucketOwner == ACCOUNT.number
        if Key not in self.objects:
            raise refusal("", self.looks_refused, "HeadObject")

    def put_object(self, Bucket, Key, Body, ExpectedBucketOwner):  # noqa: N803
        assert ExpectedBucketOwner == ACCOUNT.number
        if self.refuses:
            raise self.refuses
        with self._lock:
            self.objects[Key] = Body.read()


@pytest.fixture
def storage() -> FakeStorage:
    """An empty bucket."""
    return FakeStorage()


@pytest.fixture
def publisher(storage) -> Publisher:
    """Uploads to it."""
    return Publisher(lambda region: FakeClients(s3=storage), ACCOUNT)


@pytest.fixture
def assets(tmp_path):
    """A template, a file and a folder."""
    return read_assembly(write_assembly(tmp_path), ACCOUNT)[0].assets


def test_everything_is_uploaded_once(storage, publisher, assets) -> None:
    """What is there already, or is asked for twice, is not uploaded again."""
    assert publisher.publish([*assets, *assets]) == Published(uploaded=3, there=0)
    assert storage.objects["package.zip"] == b"a package"
    del storage.objects["package.zip"]
    assert publisher.publish(assets) == Published(uploaded=1, there=2)


def test_a_folder_becomes_the_same_zip_each_time(storage, publisher, assets) -> None:
    """A folder's zip has its files, and no trace of when it was made."""
    publisher.publish(assets)
    first = storage.objects.pop("tree.zip")
    assert ZipFile(BytesIO(first)).namelist() == ["inside/index.mjs"]
    publisher.publish(assets)
    assert storage.objects["tree.zip"] == first


def test_a_bucket_that_is_gone(storage, publisher, assets) -> None:
    """The error says how the bucket comes back."""
    storage.refuses = storage.exceptions.NoSuchBucket()
    with pytest.raises(OperationError, match="There is no bucket cdk-hnb659fds-assets-111111111111") as caught:
        publisher.publish(assets)
    assert "aws-cdk@2 bootstrap aws://111111111111/eu-central-1" in caught.value.remedy


def test_somebody_elses_bucket(storage, publisher, assets) -> None:
    """What may not be looked at is not taken for missing: nothing is uploaded."""
    storage.looks_refused = "403"
    with pytest.raises(OperationError, match="Cannot upload"):
        publisher.publish(assets)
    assert storage.objects == {}
