"""The store on AWS with a bus, for the contract suites."""

from contextlib import ExitStack
from pathlib import Path

from aws.dynamo_table import TABLE, dynamo_client

from battleshiper.platform.bus.sqlite.backoff import Backoff
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.store.dynamodb.outbox import Relay
from battleshiper.platform.store.dynamodb.rows import Rows
from battleshiper.platform.store.dynamodb.store import DynamoStore


class DynamoStoreUnderTest:
    """The store on AWS, which hands its events to the bus of one machine."""

    def __init__(self, folder: Path, clock) -> None:
        self._clock = clock
        self._database = Database(folder / "battleshiper.db")
        self.bus = SqliteBus(self._database, clock, backoff=Backoff(attempts=3, first_seconds=10))
        self._resources = ExitStack()
        rows = Rows(self._resources.enter_context(dynamo_client()), TABLE)
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
        self._resources.close()
        self._database.close()
