"""The store on AWS with a bus, for the contract suites."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aws.dynamo_table import TABLE, table_definition
from aws.emulator import REGION, Emulator
from aws.event_bridge import EventBridgeBackend, event_bridge_backend

from battleshiper.infra.aws.lean_clients import LeanClients
from battleshiper.platform.bus.backoff import Backoff
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.store.dynamodb.outbox import Relay
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.store import DynamoStore


class DynamoStoreUnderTest:
    """The store on AWS, which hands its events to the bus of one machine."""

    def __init__(self, folder: Path, clock: Any, client: Any, table: str = TABLE) -> None:
        self._clock = clock
        self._database = Database(folder / "battleshiper.db")
        self.bus = SqliteBus(self._database, clock, backoff=Backoff(attempts=3, first_seconds=10))
        rows = Rows(client, table)
        self.store = DynamoStore(rows, Relay(rows, self.bus, clock), clock)

    def start(self) -> None:
        self.bus.start()

    def pass_time(self, seconds: float) -> None:
        self._clock.advance(seconds)
        self.bus.wake()

    def dead_letters(self):
        return self.bus.dead_letters()

    def pending(self) -> int:
        return self.bus.pending()

    def close(self) -> None:
        assert self.bus.close()
        self._database.close()


@contextmanager
def dynamo_backend(_: pytest.FixtureRequest, folder: Path, clock: Any) -> Iterator[EventBridgeBackend]:
    """The store over a table in moto, and the bus that belongs to it."""
    with event_bridge_backend(clock) as backend:
        yield backend


@contextmanager
def emulated_dynamo_backend(request: pytest.FixtureRequest, folder: Path, clock: Any) -> Iterator[DynamoStoreUnderTest]:
    """The store over a table in the emulator, asked by many at once."""
    client = request.getfixturevalue("emulator").client("dynamodb", max_pool_connections=30)
    with closing(client), _table(client) as table, closing(DynamoStoreUnderTest(folder, clock, client, table)) as made:
        yield made


@contextmanager
def lean_dynamo_backend(request: pytest.FixtureRequest, folder: Path, clock: Any) -> Iterator[DynamoStoreUnderTest]:
    """The same, asked by the small client that the webhook function has."""
    emulator = request.getfixturevalue("emulator")
    with closing(emulator.client("dynamodb")) as client, _table(client) as table:
        with closing(lean_clients(emulator).of("dynamodb")) as lean:
            with closing(DynamoStoreUnderTest(folder, clock, lean, table)) as made:
                yield made


def lean_clients(emulator: Emulator) -> LeanClients:
    """Return what makes small clients of the emulator."""
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    return LeanClients({**keys, "AWS_REGION": REGION, "AWS_ENDPOINT_URL": emulator.url})


@contextmanager
def _table(client: Any) -> Iterator[str]:
    name = f"battleshiper-{uuid4()}"
    client.create_table(**{**table_definition(), "TableName": name})
    yield name
    client.delete_table(TableName=name)
