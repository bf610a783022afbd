"""Objects in S3: what builds leave in one bucket, whose objects live for days, and what is kept in another."""

import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from os.path import commonpath
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from botocore.exceptions import ClientError

from battleshiper.platform.aws.refusal import code_of, shortages
from battleshiper.platform.model.freshness import cache_control
from battleshiper.platform.objects.port import (
    Copy,
    CopyRefusedError,
    ObjectInfo,
    ObjectMissingError,
    ObjectsLeftError,
    check_key,
    check_prefix,
)

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client
    from types_boto3_s3.type_defs import ObjectTypeDef

_BUILDS = "builds/"
_IN_MEMORY_BYTES = 8 * 1024**2
_TRIES = 6
_FIRST_PAUSE = 0.1


class S3Objects:
    """Keys that start with `builds/` lie in the builds bucket, all others in the sites bucket.

    As many calls are made at once as `client` has connections (`max_pool_connections`). Its credentials need
    `s3:ListBucket` on both buckets: without that, S3 says "forbidden" where it means "missing". `pause` waits for some
    seconds.
    """

    def __init__(
        self,
        client: "S3Client",
        *,
        builds_bucket: str,
        sites_bucket: str,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._builds_bucket = builds_bucket
        self._sites_bucket = sites_bucket
        self._pause = pause
        self._threads: int = client.meta.config.max_pool_connections  # type: ignore[attr-defined]  # made at run time

    def put(self, key: str, body: BinaryIO, content_type: str) -> None:
        """Store `body`, whole or not at all, replacing what was there; raises KeyRefusedError."""
        check_key(key)
        # S3 wants to know the length and the checksum before the first byte.
        with SpooledTemporaryFile(_IN_MEMORY_BYTES) as whole:
            copyfileobj(body, whole)
            whole.seek(0)
            with shortages({}):
                self._client.put_object(
                    Bucket=self._bucket(key), Key=key, Body=whole, ContentType=content_type, ChecksumAlgorithm="SHA256"
                )

    def read(self, key: str) -> bytes:
        """Return the whole object; raises ObjectMissingError."""
        check_key(key)
        try:
            return self._client.get_object(Bucket=self._bucket(key), Key=key)["Body"].read()
        except ClientError as error:
            if code_of(error) == "NoSuchKey":
                raise ObjectMissingError(key) from error
            raise

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield every object below `prefix`, in the order of the keys' bytes."""
        check_prefix(prefix)
        return (ObjectInfo(found["Key"], found["Size"]) for page in self._pages(prefix) for found in page)

    def copy(self, copies: Iterable[Copy]) -> None:
        """Copy all within S3, from below one folder of a bucket; raises ObjectMissingError or CopyRefusedError for the
        first that fails, and starts no more. Content type and `Cache-Control` are those that visitors get.

        One listing tells size and state (ETag) of the sources. Each copy is then a single call, which S3 carries out
        only while the source is in that state and the target does not exist, and which returns the sha256 that S3
        computed from the copied bytes. A copy with another one is taken back; no visitor can have asked for it,
        because nothing points to a deployment before all of it is copied.
        """
        wanted = list(copies)
        if not wanted:
            return
        with shortages({}):
            sources = self._sources(wanted)
            executor = ThreadPoolExecutor(self._threads, "copy")
            try:
                for _ in executor.map(lambda copy: self._copy(copy, sources[copy.source]["ETag"]), wanted):
                    pass
            finally:
                executor.shutdown(cancel_futures=True)

    def remove(self, key: str) -> None:
        """Delete one object; raises KeyRefusedError."""
        check_key(key)
        self._client.delete_object(Bucket=self._bucket(key), Key=key)

    def delete(self, prefix: str) -> None:
        """Delete every object below `prefix`; raises ObjectsLeftError when S3 keeps refusing some."""
        check_prefix(prefix)
        for page in self._pages(prefix):
            self._delete(self._bucket(prefix), [found["Key"] for found in page])

    def _bucket(self, key: str) -> str:
        return self._builds_bucket if key.startswith(_BUILDS) else self._sites_bucket

    def _pages(self, prefix: str) -> Iterator[Sequence["ObjectTypeDef"]]:
        """Yield what is below a prefix, up to 1,000 objects at a time."""
        paginator = self._client.get_paginator("list_objects_v2")
        for page in paginator.paginate(Bucket=self._bucket(prefix), Prefix=prefix):
            yield page.get("Contents", [])

    def _sources(self, copies: Sequence[Copy]) -> dict[str, "ObjectTypeDef"]:
        """Look at all sources; raises unless each is there and has the size it should have."""
        for copy in copies:
            check_key(copy.source)
            check_key(copy.target)
        folder = commonpath([copy.source.rpartition("/")[0] for copy in copies])
        found = {each["Key"]: each for page in self._pages(f"{folder}/") for each in page} if folder else {}
        for copy in copies:
            if copy.source not in found:
                raise ObjectMissingError(copy.source)
            if found[copy.source]["Size"] != copy.bytes:
                size = found[copy.source]["Size"]
                raise CopyRefusedError(f"{copy.source!r} has {size:,} bytes where the manifest says {copy.bytes:,}.")
        return found

    def _copy(self, copy: Copy, etag: str) -> None:
        bucket = self._bucket(copy.target)
        for attempt in range(_TRIES):
            try:
                answer = self._client.copy_object(
                    Bucket=bucket,
                    Key=copy.target,
                    CopySource={"Bucket": self._bucket(copy.source), "Key": copy.source},
                    CopySourceIfMatch=etag,
                    IfNoneMatch="*",
                    ChecksumAlgorithm="SHA256",
                    MetadataDirective="REPLACE",
                    ContentType=copy.content_type,
                    CacheControl=cache_control(copy.target),
                )
            except ClientError as error:
                if code_of(error) == "PreconditionFailed":
                    self._expect_copied(copy, error)
                    return
                if code_of(error) == "NoSuchKey":
                    raise ObjectMissingError(copy.source) from error
                if code_of(error) != "ConditionalRequestConflict" or attempt == _TRIES - 1:
                    raise
                self._pause(_FIRST_PAUSE * 2**attempt)  # somebody else is writing the same object
            else:
                if answer["CopyObjectResult"].get("ChecksumSHA256") != _base64(copy.sha256):
                    self._client.delete_object(Bucket=bucket, Key=copy.target)
                    raise _not_the_same(copy)
                return

    def _expect_copied(self, copy: Copy, cause: ClientError) -> None:
        """Return when the target is there already, as it should be."""
        try:
            there = self._client.head_object(Bucket=self._bucket(copy.target), Key=copy.target, ChecksumMode="ENABLED")
        except ClientError as error:
            if code_of(error) == "404":
                raise CopyRefusedError(f"{copy.source!r} was changed while it was published.") from cause
            raise
        if there.get("ChecksumSHA256") != _base64(copy.sha256):
            raise _not_the_same(copy)

    def _delete(self, bucket: str, keys: Sequence[str]) -> None:
        left = list(keys)
        for attempt in range(_TRIES):
            if not left:
                return
            if attempt:
                self._pause(_FIRST_PAUSE * 2**attempt)
            answer = self._client.delete_objects(
                Bucket=bucket, Delete={"Objects": [{"Key": key} for key in left], "Quiet": True}
            )
            errors = [error for error in answer.get("Errors", []) if error.get("Code") != "NoSuchKey"]
            left = [error["Key"] for error in errors if "Key" in error]
        if left:
            raise ObjectsLeftError(
                f"{len(left):,} objects could not be deleted from {bucket}, among them {left[0]!r}: "
                f"{errors[0].get('Code')} {errors[0].get('Message', '')}".rstrip()
            )


def _not_the_same(copy: Copy) -> CopyRefusedError:
    return CopyRefusedError(f"{copy.source!r} is not the file that the manifest describes (its sha256 differs).")


def _base64(sha256: str) -> str:
    return b64encode(bytes.fromhex(sha256)).decode()
