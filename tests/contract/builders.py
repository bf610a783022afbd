"""The builders under test, each with a runner that is a few lines of Python.

The lines find `FOLDER`, a folder of the test's, and the runner's own variables in their environment.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import boto3
from aws.batch_api import BatchApi
from aws.batch_standin import BatchStandIn, Image
from moto import mock_aws

from battleshiper.platform.builder.batch.builder import BatchBuilder
from battleshiper.platform.builder.batch.ends import JobEnds
from battleshiper.platform.builder.batch.record import Capacity
from battleshiper.platform.builder.batch.records import JobRecords
from battleshiper.platform.builder.batch.submission import Target
from battleshiper.platform.builder.jobs import Jobs
from battleshiper.platform.builder.port import Builder, JobEnd
from battleshiper.platform.builder.process import ProcessBuilder, RunnerProgram
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.model.event import Event, EventType

CREDENTIALS = {"region_name": "eu-central-1", "aws_access_key_id": "AKIATEST", "aws_secret_access_key": "secret"}
TABLE = "battleshiper"
MACHINES = 2
"""How many jobs run at a time."""
_STANDBY = """
import os
from battleshiper.build_runner.standby import Standby
os.environ.update(Standby().wait() or exit())
"""


class Records:
    """What a builder asked for and reported, for tests to look at."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.claims: list[str] = []
        self.events: dict[str, JobEnd] = {}
        """The ends by the ids of their events: an event may come twice."""

    def issue(self, deployment_id: str, attempts: int = 1) -> str:
        with self._lock:
            self.claims.append(deployment_id)
            return f"claim-{len(self.claims)}"

    def take(self, event: Event) -> None:
        with self._lock:
            self.events[event.id] = JobEnd.from_detail(event.detail)

    @property
    def ends(self) -> list[JobEnd]:
        with self._lock:
            return list(self.events.values())


class BuilderUnderTest(Protocol):
    """A builder with the means to test it."""

    builder: Builder
    records: Records

    def start(self, script: str) -> None:
        """Let every job run `script`."""
        ...

    def restart(self) -> None:
        """Be as after the platform has died and come back."""
        ...

    def is_idle(self) -> bool:
        """Tell whether no job is waiting or running."""
        ...


class ProcessBuilderUnderTest:
    """The builder on one machine."""

    def __init__(self, folder: Path) -> None:
        self.records = Records()
        self._folder = folder
        self._database = Database(folder / "battleshiper.db")
        self._bus = SqliteBus(self._database, lambda: datetime.now(UTC))
        self._bus.subscribe(EventType.DEPLOY, self.records.take)
        self._jobs = Jobs(self._database, self._bus.enqueue)
        self._script = ""

    def start(self, script: str) -> None:
        self._script = script
        self._bus.start()
        self._begin()

    def restart(self) -> None:
        self.builder.close()
        self._begin()

    def is_idle(self) -> bool:
        rows = self._database.read(lambda connection: connection.execute("SELECT count(*) FROM jobs").fetchone())
        return bool(rows == (0,))

    def close(self) -> None:
        self.builder.close()
        self._bus.close()
        self._database.close()

    def _begin(self) -> None:
        program = RunnerProgram(
            (sys.executable, "-c", f"{_STANDBY}\n{self._script}"),
            {"FOLDER": str(self._folder)},
            self._folder / "work",
            lambda deployment_id: self._folder / "logs" / f"{deployment_id}.log",
        )
        self.builder = ProcessBuilder(
            self._jobs, program, self.records.issue, concurrent=MACHINES, retry_seconds=0.01, quiet_seconds=60
        )
        self.builder.start()


class _DirectBus:
    """A bus for the few events that the builder itself puts on one."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def publish(self, events: Any) -> None:
        for event in events:
            self._records.take(event)


class BatchBuilderUnderTest:
    """The builder on AWS, before the stand-in for Batch. Every event of Batch comes twice."""

    def __init__(self, folder: Path) -> None:
        self.records = Records()
        self._folder = folder
        self._script = ""
        self._undo = ExitStack()
        self._undo.enter_context(mock_aws())
        self.table = boto3.client("dynamodb", **CREDENTIALS)
        make_table(self.table)
        image = Image(
            (sys.executable, str(folder / "runner.py")),
            lambda work: {"FOLDER": str(folder), "BATTLESHIPER_WORK_DIR": str(work)},
        )
        self.lines: list[tuple[str, str]] = []
        self.standin = BatchStandIn(
            folder / "work",
            image,
            self._receive,
            lambda stream, line: self.lines.append((stream, line)),
            {"spot": MACHINES, "on-demand": MACHINES},
        )
        self.api = BatchApi(self.standin)
        self.client = boto3.client("batch", endpoint_url=self.api.url, **CREDENTIALS)
        self.target = Target({Capacity.SPOT: "spot", Capacity.ON_DEMAND: "on-demand"}, "build", "http://claims")
        self._begin()

    def start(self, script: str) -> None:
        (self._folder / "runner.py").write_text(script)

    def restart(self) -> None:
        self._begin()

    def is_idle(self) -> bool:
        return all(job.status in ("SUCCEEDED", "FAILED") for job in self.standin.jobs())

    def close(self) -> None:
        self.standin.close()
        self.api.close()
        self._undo.close()

    def _begin(self) -> None:
        self.job_records = JobRecords(self.table, TABLE, lambda: datetime.now(UTC))
        bus = _DirectBus(self.records)
        self.builder = BatchBuilder(self.client, self.job_records, bus, self.records.issue, self.target)
        self.ends = JobEnds(self.job_records, self.builder)

    def _receive(self, event: dict[str, Any]) -> None:
        sent = json.loads(json.dumps(event))
        for _ in range(2):
            if (end := self.ends.receive(sent["detail"])) is not None:
                self.records.take(end)


def make_table(client: Any) -> None:
    """Make the platform's table, as far as job records need it."""
    client.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )


@contextmanager
def opened(kind: type, folder: Path) -> Iterator[Any]:
    """Yield a builder under test and close it."""
    made = kind(folder)
    try:
        yield made
    finally:
        made.close()


BUILDERS = (ProcessBuilderUnderTest, BatchBuilderUnderTest)
