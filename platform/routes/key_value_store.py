"""Routes in CloudFront's KeyValueStore, which knows one ETag for all: a write fails when anybody else has written."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from battleshiper.platform.aws.chance import CHANCE
from battleshiper.platform.aws.refusal import code_of, message_of, shortages
from battleshiper.platform.routes.port import RoutesBusyError, check_changes

if TYPE_CHECKING:
    from types_boto3_cloudfront_keyvaluestore.client import CloudFrontKeyValueStoreClient

_KEYS = 50
"""In one update, and in one page of a listing. Fifty of the largest entries are far below the 3 MB that an update may
have (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html)."""
_STORE_BYTES = 5 * 1024**2
_NEARLY_FULL = 0.8
_TRIES = 40
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 10.0
_QUOTAS = {
    "ServiceQuotaExceededException": "A key value store holds 5 MB: hostnames and the path tables of every deployment "
    "that can still be shown. Delete projects that are not needed any more, or keep less: BATTLESHIPER_PREVIEW_DAYS, "
    "BATTLESHIPER_PRODUCTION_DEPLOYMENTS."
}
_log = logging.getLogger(__name__)

_Change = tuple[str, str | None]


class KeyValueStoreRoutes:
    """Routes in the store `arn`. Many may write at once: each writes only what differs, in as few updates as it takes,
    and waits for a random time when another one was faster.

    `client` needs `botocore[crt]`, because the service is asked with SigV4A. `tell_conflict` is called whenever another
    one was faster. `pause` waits for some seconds and `chance` returns a number between 0 and 1.
    """

    def __init__(
        self,
        client: "CloudFrontKeyValueStoreClient",
        arn: str,
        *,
        tell_conflict: Callable[[], None] = lambda: None,
        pause: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = CHANCE.random,
    ) -> None:
        self._client = client
        self._arn = arn
        self._tell_conflict = tell_conflict
        self._pause = pause
        self._chance = chance
        self._threads: int = client.meta.config.max_pool_connections  # type: ignore[attr-defined]  # made at run time

    def get(self, key: str) -> str | None:
        """Return the value, or None."""
        try:
            return self._client.get_key(KvsARN=self._arn, Key=key)["Value"]
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise

    def write(self, changes: Mapping[str, str | None]) -> None:
        """Put (a string) or delete (None) each key, up to 50 in one step. Raises RouteRefusedError, RoutesBusyError,
        or ShortageError when the store is full."""
        check_changes(changes)
        with ThreadPoolExecutor(self._threads, "routes") as executor:
            there = dict(zip(changes, executor.map(self.get, changes), strict=True))
        self._apply(_difference(there, changes))

    def rebuild(self, entries: Mapping[str, str]) -> None:
        """Make the store hold exactly `entries`; raises what `write` raises. While it lasts, no hostname points to what
        is not there. What others write meanwhile is looked at again."""
        check_changes(entries)
        rebuilt = dict(entries)
        for attempt in range(_TRIES):
            etag = self._etag()
            there = dict(self._entries())
            try:
                for batch in _batches(_difference(there, {**dict.fromkeys(there), **rebuilt})):
                    etag = self._update(batch, etag)
            except _OvertakenError:
                self._wait(attempt)
            else:
                return
        raise self._busy()

    def _apply(self, changes: Sequence[_Change]) -> None:
        etag = None
        for batch in _batches(changes):
            for attempt in range(_TRIES):
                try:
                    etag = self._update(batch, etag or self._etag())
                    break
                except _OvertakenError:
                    etag = None
                    self._wait(attempt)
            else:
                raise self._busy()

    def _update(self, batch: Sequence[_Change], etag: str) -> str:
        """Change up to 50 keys and return the next ETag; raises _OvertakenError when `etag` is not the store's."""
        try:
            with shortages(_QUOTAS):
                answer = self._client.update_keys(
                    KvsARN=self._arn,
                    IfMatch=etag,
                    Puts=[{"Key": key, "Value": value} for key, value in batch if value is not None],
                    Deletes=[{"Key": key} for key, value in batch if value is None],
                )
        except ClientError as error:
            if _is_overtaken(error):
                raise _OvertakenError from error
            raise
        if answer["TotalSizeInBytes"] > _NEARLY_FULL * _STORE_BYTES:
            _log.warning("The key value store is nearly full: %s of 5 MB.", f"{answer['TotalSizeInBytes']:,} bytes")
        return answer["ETag"]

    def _etag(self) -> str:
        with shortages({}):
            return self._client.describe_key_value_store(KvsARN=self._arn)["ETag"]

    def _entries(self) -> Iterator[tuple[str, str]]:
        paginator = self._client.get_paginator("list_keys")
        for page in paginator.paginate(KvsARN=self._arn, PaginationConfig={"PageSize": _KEYS}):
            for item in page.get("Items", []):
                yield item["Key"], item["Value"]

    def _wait(self, attempt: int) -> None:
        self._tell_conflict()
        self._pause(self._chance() * min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt))

    def _busy(self) -> RoutesBusyError:
        return RoutesBusyError(f"the key value store was changed by others at each of {_TRIES} attempts")


class _OvertakenError(Exception):
    """Somebody else has written since the ETag was read."""


def _is_overtaken(error: ClientError) -> bool:
    if code_of(error) == "ValidationException":  # which of the two the service answers with is not documented
        return "pre-condition" in message_of(error).lower() or "etag" in message_of(error).lower()
    return code_of(error) == "ConflictException"


def _difference(there: Mapping[str, str | None], wanted: Mapping[str, str | None]) -> list[_Change]:
    """Return what to change. Tables, which have a `/` in their keys, come before the hostnames that need them and go
    after them."""
    changes = [(key, value) for key, value in wanted.items() if there.get(key) != value]
    return sorted(changes, key=lambda change: (change[1] is None, ("/" in change[0]) == (change[1] is None)))


def _batches(changes: Sequence[_Change]) -> Iterator[Sequence[_Change]]:
    for start in range(0, len(changes), _KEYS):
        yield changes[start : start + _KEYS]
