"""Functions that really run, and packages to publish."""

import asyncio
import io
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from socket import AF_UNIX, socket
from zipfile import ZipFile

import pytest

from battleshiper.edge.source import BOOTSTRAP
from battleshiper.platform.functions.node import Nodes
from battleshiper.platform.functions.process import ProcessFunctions
from battleshiper.platform.logs.files import FileLogs
from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.sandbox.bubblewrap import Bubblewrap
from battleshiper.platform.sandbox.unsafe import Unsafe


@pytest.fixture
def pack() -> Callable[..., bytes]:
    """Return a maker of packages, from the source of their index.mjs and more files by name."""
    return _pack


def _pack(source: str, files: Mapping[str, str] | None = None) -> bytes:
    package = io.BytesIO()
    with ZipFile(package, "w") as archive:
        for name, text in {"index.mjs": source, **(files or {})}.items():
            archive.writestr(name, text)
    return package.getvalue()


class Workbench:
    """Functions of one platform, their folder and their logs."""

    def __init__(self, folder: Path, functions: ProcessFunctions, logs: FileLogs) -> None:
        self.folder = folder
        self.functions = functions
        self._logs = logs

    def publish(self, source: str, deployment: str = "d1") -> str:
        """Publish a package with this index.mjs."""
        return self.functions.publish("p1", deployment, _pack(source))

    def publish_answer(self, expression: str, deployment: str = "d1") -> str:
        """Publish a package that answers each request with the value of a JavaScript expression."""
        return self.publish(
            f"export const fetch = async (request) => new Response(String(await ({expression})));", deployment
        )

    def socket(self, reference: str) -> Path:
        """Return where the function answers, as the edge asks for it."""
        return asyncio.run(self.functions.socket(reference))

    def ask(self, reference: str, path: str = "/") -> str:
        """Ask the function; returns its answer's body."""
        connection = HTTPConnection("localhost", timeout=20)
        connection.sock = socket(AF_UNIX)
        connection.sock.connect(str(self.socket(reference)))
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def until(self, condition: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait for a condition."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "this never came true"
            time.sleep(0.01)

    def log(self, deployment: str = "d1") -> list[str]:
        """Return the lines of a function's log."""
        return [line.text for line in self._logs.read(deployment, LogKind.SERVER)]


class Workshop:
    """Makes workbenches; `settings` go to the functions."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack

    def make(self, sandbox: Bubblewrap | Unsafe | None = None, **settings: object) -> Workbench:
        logs = FileLogs(self._folder / "logs", lambda: datetime.now(UTC))
        options = {"node": Nodes().choose, "glance_seconds": 0.05, **settings}
        folder = self._folder / "functions"
        functions = ProcessFunctions(folder, sandbox or Unsafe(), logs, bootstrap=BOOTSTRAP, **options)  # type: ignore[arg-type]
        self._stack.callback(functions.close)
        return Workbench(folder, functions, logs)


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    """Make functions without a sandbox, which start sooner, and end them with the test."""
    with ExitStack() as stack:
        yield Workshop(tmp_path, stack)


@pytest.fixture
def bench(workshop: Workshop) -> Workbench:
    """Return functions with the settings of the product."""
    return workshop.make()


@pytest.fixture
def boxed(workshop: Workshop) -> Workbench:
    """Return functions in a real sandbox; skips where none can be had."""
    sandbox = Bubblewrap()
    if sandbox.check():
        pytest.skip(" ".join(sandbox.check()))
    return workshop.make(sandbox)
