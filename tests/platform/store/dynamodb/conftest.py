"""A store in DynamoDB to meddle with."""

from collections.abc import Callable, Iterator

import pytest
from aws.dynamo_platform import Meddler, Platform, project
from aws.dynamo_table import dynamo_client


@pytest.fixture
def platform() -> Iterator[Platform]:
    """A platform with project `p1`."""
    with dynamo_client() as client:
        platform = Platform(Meddler(client))
        platform.deliver("d0", projects=[project(1, "shop")])
        yield platform


@pytest.fixture
def meanwhile(platform: Platform) -> Callable[[Callable[[Platform], object]], None]:
    """Let another process do something before the next transaction is written."""
    other = platform.another()

    def do(step: Callable[[Platform], object]) -> None:
        platform.client.before["transact_write_items"].append(lambda: step(other))

    return do
