"""What the contract suites run over: every backend of each port. A backend is added here and nowhere else."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Condition
from typing import Protocol

import pytest
from aws.dynamo_backend import dynamo_backend, emulated_dynamo_backend, lean_dynamo_backend
from aws.function_logs import FakeFunctionLogs
from aws.key_value_store import key_value_store_routes
from aws.logs import cloudwatch_logs
from aws.secrets import lean_secrets_manager, secrets_manager
from aws.simple_storage import s3_objects

from battleshiper.platform.bus.backoff import Backoff
from battleshiper.platform.bus.port import Bus, DeadLetter, DeadLetters, Subscriptions
from battleshiper.platform.bus.sqlite.bus import SqliteBus
from battleshiper.platform.database.database import Database
from battleshiper.platform.functions.output import Output
from battleshiper.platform.logs.cloudwatch import CloudWatchLogs
from battleshiper.platform.logs.files import FileLogs
from battleshiper.platform.logs.port import LogKind, Logs
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.objects.folder import FolderObjects
from battleshiper.platform.objects.port import Objects
from battleshiper.platform.routes.port import Routes
from battleshiper.platform.routes.sqlite import SqliteRoutes
from battleshiper.platform.secrets.files import FileSecrets
from battleshiper.platform.secrets.port import Secrets
from battleshiper.platform.store.port import NewDeployment, NewProject, Store
from battleshiper.platform.store.sqlite.store import SqliteStore

PATIENCE = 20.0
"""Seconds until a test that waits for something gives up."""


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise."""

    now: datetime = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Recorder:
    """A handler that remembers what it was given, after doing what `first` does."""

    first: Callable[[Event], None] = lambda event: None
    handled: list[Event] = field(default_factory=list)
    changed: Condition = field(default_factory=Condition)

    def __call__(self, event: Event) -> None:
        self.first(event)
        with self.changed:
            self.handled.append(event)
            self.changed.notify_all()

    def wait_for(self, count: int) -> list[Event]:
        """Return what was handled, once that is `count` events."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.handled) >= count, PATIENCE), self.handled
            return list(self.handled)


class Transport(Bus, DeadLetters, Subscriptions, Protocol):
    """A whole bus."""


class BusUnderTest(Protocol):
    """A bus with the means to test it. It gives an event up after three failures."""

    @property
    def bus(self) -> Transport: ...

    def start(self) -> None: ...

    def pass_time(self, seconds: float) -> None: ...

    def dead_letters(self) -> Sequence[DeadLetter]: ...

    def pending(self) -> int: ...


class SqliteBusUnderTest:
    """The bus on one machine."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._clock = clock
        self._database = Database(folder / "battleshiper.db")
        self.bus = SqliteBus(self._database, clock, backoff=Backoff(attempts=3, first_seconds=10))
        self.store = SqliteStore(self._database, self.bus.enqueue, clock)

    def start(self) -> None:
        self.bus.start()

    def pass_time(self, seconds: float) -> None:
        self._clock.advance(seconds)
        self.bus.wake()

    def dead_letters(self) -> Sequence[DeadLetter]:
        return self.bus.dead_letters()

    def pending(self) -> int:
        return self.bus.pending()

    def close(self) -> None:
        assert self.bus.close()
        self._database.close()


@pytest.fixture
def clock() -> Clock:
    """The clock of the backends under test."""
    return Clock()


@pytest.fixture
def recorder() -> type[Recorder]:
    """Make handlers that remember."""
    return Recorder


@contextmanager
def sqlite_backend(_: pytest.FixtureRequest, folder: Path, clock: Clock) -> Iterator[SqliteBusUnderTest]:
    """The store and the bus of one machine."""
    with closing(SqliteBusUnderTest(folder, clock)) as backend:
        yield backend


@pytest.fixture(
    params=[
        sqlite_backend,
        dynamo_backend,
        pytest.param(emulated_dynamo_backend, marks=pytest.mark.emulator),
        pytest.param(lean_dynamo_backend, marks=pytest.mark.emulator),
    ]
)
def backend(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[SqliteBusUnderTest]:
    """A store and a bus that belong together."""
    with request.param(request, tmp_path, clock) as backend:
        yield backend


@pytest.fixture
def bus_under_test(backend: SqliteBusUnderTest) -> BusUnderTest:
    """The bus of each backend."""
    return backend


@pytest.fixture
def store(backend: SqliteBusUnderTest) -> Store:
    """The store of each backend."""
    return backend.store


@pytest.fixture
def changes(backend: SqliteBusUnderTest) -> Recorder:
    """What the store tells about deployments, on the bus."""
    recorder = Recorder()
    backend.bus.subscribe(EventType.DEPLOYMENT_CHANGED, recorder)
    backend.start()
    return recorder


@contextmanager
def folder_objects() -> Iterator[Objects]:
    """Objects in a folder."""
    with TemporaryDirectory() as folder:
        yield FolderObjects(Path(folder) / "objects")


@pytest.fixture(params=[folder_objects, s3_objects])
def objects(request: pytest.FixtureRequest) -> Iterator[Objects]:
    """The objects of each backend."""
    with request.param() as made:
        yield made


@contextmanager
def sqlite_routes(_: pytest.FixtureRequest) -> Iterator[Callable[[], Routes]]:
    """Routes in SQLite."""
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / "battleshiper.db")
        yield lambda: SqliteRoutes(database)
        database.close()


@pytest.fixture(params=[sqlite_routes, pytest.param(key_value_store_routes, marks=pytest.mark.emulator)])
def open_routes(request: pytest.FixtureRequest) -> Iterator[Callable[[], Routes]]:
    """Open the same routes of each backend again and again."""
    with request.param(request) as make:
        yield make


@contextmanager
def file_secrets(_: pytest.FixtureRequest, folder: Path) -> Iterator[Callable[[], Secrets]]:
    """Secrets in files."""
    yield lambda: FileSecrets(folder / "secrets")


@pytest.fixture(params=[file_secrets, secrets_manager, pytest.param(lean_secrets_manager, marks=pytest.mark.emulator)])
def open_secrets(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Secrets]]:
    """Open the same secrets of each backend again and again."""
    with request.param(request, tmp_path) as make:
        yield make


@contextmanager
def file_logs(folder: Path, clock: Clock, max_bytes: int) -> Iterator[Logs]:
    """Logs in files."""
    yield FileLogs(folder / "logs", clock, max_bytes=max_bytes)


@pytest.fixture(params=[file_logs, cloudwatch_logs])
def logs(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Logs]:
    """The logs of each backend."""
    with request.param(tmp_path, clock, 4096) as made:
        yield made


class Served:
    """Logs, and a deployment x1 whose function prints."""

    def __init__(self, logs: Logs, say: Callable[[str], None]) -> None:
        self.logs = logs
        self.say = say


@contextmanager
def served_here(folder: Path, clock: Clock) -> Iterator[Served]:
    """A process whose output goes to a file."""
    logs = FileLogs(folder / "logs", clock)
    yield Served(logs, Output(lambda text: logs.append("x1", LogKind.SERVER, text)).say)


@contextmanager
def served_by_lambda(_: Path, clock: Clock) -> Iterator[Served]:
    """A function in Lambda, whose log is among all others'."""
    client, function = FakeFunctionLogs(), "battleshiper-shop000001[7]"
    streams = {"x1": function}
    logs = CloudWatchLogs(client, "/battleshiper", lambda _: (), clock, server_streams=streams.get)  # type: ignore[arg-type]
    yield Served(logs, lambda text: client.print(function, clock(), f"{text}\n"))


@pytest.fixture(params=[served_here, served_by_lambda])
def served(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Served]:
    """Logs of what is served, of each backend."""
    with request.param(tmp_path, clock) as made:
        yield made


@dataclass
class Samples:
    """Makes things to keep in a store."""

    store: Store

    def project(self, number: int = 1, name: str = "shop", **values: object) -> NewProject:
        """Return project `p<number>`, of repository <number>."""
        given = {
            "id": f"p{number}",
            "names": (name,),
            "installation_id": 11,
            "account_id": 22,
            "repository_id": number,
            "repository": f"octo/{name}",
        }
        return NewProject(**{**given, **values})  # type: ignore[arg-type]

    def deployment(self, id_: str, project: str = "p1", **values: object) -> NewDeployment:
        """Return a deployment to create."""
        given = {
            "id": id_,
            "project_id": project,
            "commit": Commit("a" * 40, "main"),
            "environment": Environment.PRODUCTION,
            "origin": Origin.PUSH,
        }
        return NewDeployment(**{**given, **values})  # type: ignore[arg-type]

    def deploying(self, id_: str, project: str = "p1") -> Deployment:
        """Create a deployment and bring it to where it may go live."""
        deployment = self.store.create_deployment(self.deployment(id_, project))
        for state in (State.BUILDING, State.DEPLOYING):
            deployment = self.store.advance(deployment, state)
        return deployment

    def go_live(self, deployment: Deployment, *moving: str) -> Deployment:
        """Let a deployment go live at its id, which is its own label, and at the labels `moving`."""
        url = f"https://{deployment.id}.example"
        return self.store.go_live(deployment, own=deployment.id, moving=moving, url=url, function=None)

    def ready(self, id_: str, *moving: str, project: str = "p1") -> Deployment:
        """Create a deployment and let it go live as `go_live` does."""
        return self.go_live(self.deploying(id_, project), *moving)


@pytest.fixture
def samples(store: Store) -> Samples:
    """Makers of things to keep in the store."""
    return Samples(store)
