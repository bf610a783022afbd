"""CloudFront's KeyValueStore, in the emulator and, with its limits and its time, by hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from battleshiper.platform.routes.key_value_store import KeyValueStoreRoutes
from battleshiper.platform.routes.port import Routes

ARN = "arn:aws:cloudfront::000000000000:key-value-store/routes"
_numbers = count()


@contextmanager
def key_value_store_routes(request: pytest.FixtureRequest) -> Iterator[Callable[[], Routes]]:
    """Routes in a new store of the emulator."""
    emulator = request.getfixturevalue("emulator")
    control = emulator.client("cloudfront")
    store = control.create_key_value_store(Name=f"routes-{next(_numbers)}")
    arn = store["KeyValueStore"]["ARN"]
    yield lambda: KeyValueStoreRoutes(
        emulator.client("cloudfront-keyvaluestore", max_pool_connections=4), arn, pause=lambda _: None
    )
    control.delete_key_value_store(Name=store["KeyValueStore"]["Name"], IfMatch=store["ETag"])


class FakeKeyValueStore:
    """A client of a store in memory, with the ETag and the limits of the real one
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html).

    `calls` has the name of each call, `updates` what each update would put and delete. `sleep` is called for as
    long as a call takes.
    """

    def __init__(
        self, sleep: Callable[[float], None] = lambda _: None, *, max_bytes: int = 5 * 1024**2, connections: int = 4
    ) -> None:
        self.entries: dict[str, str] = {}
        self.calls: list[str] = []
        self.updates: list[tuple[list[str], list[str]]] = []
        self.etags = count(1)
        self.etag = "E0"
        self.meta = SimpleNamespace(config=SimpleNamespace(max_pool_connections=connections))
        self._sleep = sleep
        self._max_bytes = max_bytes

    def describe_key_value_store(self, *, KvsARN: str) -> dict:  # noqa: N803 - boto's names
        self._begin("DescribeKeyValueStore", 0.05)
        return {"ETag": self.etag}

    def get_key(self, *, KvsARN: str, Key: str) -> dict:  # noqa: N803 - boto's names
        self._begin("GetKey", 0.05)
        if Key not in self.entries:
            raise _error("GetKey", "ResourceNotFoundException")
        return {"Value": self.entries[Key]}

    def get_paginator(self, name: str) -> "FakeKeyValueStore":
        return self

    def paginate(self, *, KvsARN: str, PaginationConfig: dict) -> Iterator[dict]:  # noqa: N803 - boto's names
        assert PaginationConfig["PageSize"] <= 50
        items = sorted(self.entries.items())
        for start in range(0, len(items), PaginationConfig["PageSize"]):
            self._begin("ListKeys", 0.05)
            page = items[start : start + PaginationConfig["PageSize"]]
            yield {"Items": [{"Key": key, "Value": value} for key, value in page]}

    def update_keys(self, *, KvsARN: str, IfMatch: str, Puts: list, Deletes: list) -> dict:  # noqa: N803 - boto's names
        self._begin("UpdateKeys", 0.1)
        self.updates.append(([put["Key"] for put in Puts], [delete["Key"] for delete in Deletes]))
        if not 0 < len(Puts) + len(Deletes) <= 50:
            raise _error("UpdateKeys", "ValidationException", "1 to 50 keys")
        if IfMatch != self.etag:
            raise _error("UpdateKeys", "ConflictException")
        wanted = {**self.entries, **{put["Key"]: put["Value"] for put in Puts}}
        for delete in Deletes:
            wanted.pop(delete["Key"], None)
        size = sum(len(key.encode()) + len(value.encode()) for key, value in wanted.items())
        if size > self._max_bytes:
            raise _error("UpdateKeys", "ServiceQuotaExceededException", "Limit exceeded.")
        self.entries = wanted
        self.etag = f"E{next(self.etags)}"
        self._sleep(0.1)
        return {"ETag": self.etag, "ItemCount": len(wanted), "TotalSizeInBytes": size}

    def _begin(self, name: str, seconds: float) -> None:
        self.calls.append(name)
        self._sleep(seconds)


def _error(operation: str, code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)
