"""Deletes what CloudFormation keeps, for good."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.teardown.presence import GONE
from battleshiper.infra.aws.operation.teardown.remains import (
    BUCKET,
    FUNCTION,
    LOG_GROUP,
    REPOSITORY,
    SECRET,
    TABLE,
    Remain,
)
from battleshiper.platform.aws.refusal import code_of

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients

_SECONDS = 2.0
_MOST_LOOKS = 60


class Eraser:
    """Deletes resources with all they hold. What is gone already is no failure; every method raises OperationError."""

    def __init__(self, clients_in: "Callable[[str], Clients]", pause: Callable[[float], None] = time.sleep) -> None:
        self._clients_in = clients_in
        self._pause = pause
        self._ways: Mapping[str, tuple[str, Callable[[Any, str], None]]] = {
            TABLE: ("dynamodb", self._table),
            BUCKET: ("s3", self._bucket),
            SECRET: ("secretsmanager", self._secret),
            REPOSITORY: ("ecr", self._repository),
            FUNCTION: ("lambda", self._function),
            LOG_GROUP: ("logs", self._log_group),
        }

    def erase(self, remain: Remain) -> None:
        """Delete one."""
        service, delete = self._ways[remain.type]
        with asking(f"delete the {remain.word} {remain.id}"), _gone_is_fine():
            delete(self._clients_in(remain.region).of(service), remain.id)

    def empty(self, bucket: Remain) -> None:
        """Delete every version of every object in a bucket, and what was uploaded of objects to come."""
        with asking(f"empty the bucket {bucket.id}"), _gone_is_fine():
            self._empty(self._clients_in(bucket.region).of("s3"), bucket.id)

    def can_erase(self, remain: Remain) -> bool:
        """Tell whether this knows how."""
        return remain.type in self._ways

    def _table(self, dynamodb: Any, name: str) -> None:
        for _ in range(_MOST_LOOKS):
            table = dynamodb.describe_table(TableName=name)["Table"]
            if table["TableStatus"] == "DELETING":
                return
            if table["TableStatus"] == "ACTIVE":
                if not table.get("DeletionProtectionEnabled"):
                    break
                dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
            self._pause(_SECONDS)
        dynamodb.delete_table(TableName=name)

    def _bucket(self, s3: Any, name: str) -> None:
        self._empty(s3, name)
        s3.delete_bucket(Bucket=name)

    def _empty(self, s3: Any, name: str) -> None:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            _delete_objects(s3, name, ({"Key": each["Key"], "VersionId": each["VersionId"]} for each in found))
        for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=name):
            for upload in page.get("Uploads", ()):
                with _gone_is_fine():
                    s3.abort_multipart_upload(Bucket=name, Key=upload["Key"], UploadId=upload["UploadId"])

    def _secret(self, secrets: Any, arn: str) -> None:
        # With a time to recover it, its name would be taken for the next platform.
        secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)

    def _repository(self, ecr: Any, name: str) -> None:
        ecr.delete_repository(repositoryName=name, force=True)

    def _function(self, functions: Any, name: str) -> None:
        functions.delete_function(FunctionName=name)

    def _log_group(self, logs: Any, name: str) -> None:
        logs.delete_log_group(logGroupName=name)


def _delete_objects(s3: Any, bucket: str, objects: Iterable[dict[str, str]]) -> None:
    """Delete a page's objects: it has at most 1,000, which is what one call takes
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)."""
    if not (wanted := list(objects)):
        return
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": wanted, "Quiet": True})
    for error in answer.get("Errors", ()):
        raise OperationError(f"Cannot delete {error['Key']} from {bucket}: {error['Code']}: {error.get('Message', '')}")


@contextmanager
def _gone_is_fine() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if code_of(error) not in GONE:
            raise
