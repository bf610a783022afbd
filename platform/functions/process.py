"""Functions as processes of this machine, each in a sandbox, started when somebody asks and stopped when nobody does."""

import asyncio
import os
import re
import shutil
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Lock, Thread

from battleshiper.platform.functions.backoff import Backoff
from battleshiper.platform.functions.node import Nodes
from battleshiper.platform.functions.package import built_with, unpack
from battleshiper.platform.functions.server import Server, ServerSettings
from battleshiper.platform.functions.sockets import Sockets
from battleshiper.platform.logs.port import LogKind, Logs
from battleshiper.platform.model.function import FunctionFailedError
from battleshiper.platform.sandbox.port import Exit, Sandbox

_REFERENCE = re.compile(r"[a-z0-9][a-z0-9-]{0,126}")
_SCRATCH = ".scratch-"
_PROBE_SECONDS = 30.0
_STARTING_AT_ONCE = 4


def default_bootstrap() -> Path:
    """Return the folder of the program that runs functions."""
    return Path(__file__).resolve().parents[2] / "edge" / "bootstrap"


class ProcessFunctions:
    """Keeps packages below `root`, at most `most_live` processes, and none that was idle for `idle_seconds`.

    A reference is `<project>-<deployment>`. `choose_node` finds the Node for a package by the version that built it.
    `sockets` is a folder with a short name for sockets, by default the system's for temporary files.
    """

    def __init__(
        self,
        root: Path,
        sandbox: Sandbox,
        logs: Logs,
        *,
        choose_node: Callable[[str | None], Path] | None = None,
        bootstrap: Path | None = None,
        settings: ServerSettings | None = None,
        most_live: int = 32,
        idle_seconds: float = 600.0,
        sockets: Path | None = None,
    ) -> None:
        self._root = root
        self._sandbox = sandbox
        self._logs = logs
        self._choose_node = choose_node or Nodes().choose
        self._bootstrap = bootstrap or default_bootstrap()
        self._settings = settings or ServerSettings()
        self._most_live = most_live
        self._idle_seconds = idle_seconds
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for leftover in root.glob(f"{_SCRATCH}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        self._sockets = Sockets(sockets)
        self._lock = Lock()
        self._starting: dict[str, Future[Server]] = {}
        self._live: dict[str, Server] = {}
        self._paths: dict[str, Path] = {}
        self._backoff: dict[str, Backoff] = {}
        self._starters = ThreadPoolExecutor(_STARTING_AT_ONCE, thread_name_prefix="function-starter")
        self._is_closing = Event()
        self._janitor = Thread(target=self._stop_idle, name="function-janitor", daemon=True)
        self._janitor.start()

    def publish(self, project_id: str, deployment_id: str, package: bytes) -> str:
        """Unpack the package; raises PackageRefusedError. A deployment that is there already stays as it is."""
        reference = f"{project_id}-{deployment_id}"
        target = self._folder(reference)
        if target.is_dir():
            return reference
        scratch = Path(mkdtemp(prefix=_SCRATCH, dir=self._root))
        try:
            unpack(BytesIO(package), scratch)
            scratch.chmod(0o755)
            if not target.is_dir():
                scratch.rename(target)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return reference

    def probe(self, reference: str) -> None:
        """Start the function and ask for `/`; any answer will do. Raises FunctionFailedError."""
        path = self._ensure(reference).result()
        connection = _UnixConnection(path)
        try:
            connection.request("GET", "/", headers={"Host": "localhost", "Connection": "close"})
            connection.getresponse()
        except (OSError, HTTPException) as error:
            server = self._live.get(reference)
            why = server.describe_end() if server and server.is_over else str(error)
            raise FunctionFailedError(f"The function did not answer a first request: {why}") from error
        finally:
            connection.close()

    def remove(self, reference: str) -> None:
        """End the function and remove its package."""
        folder = self._folder(reference)
        with self._lock:
            self._backoff.pop(reference, None)
            server = self._forget(reference)
        if server:
            server.kill()
        if folder.is_dir():
            scratch = Path(mkdtemp(prefix=_SCRATCH, dir=self._root))
            folder.rename(scratch / "removed")
            shutil.rmtree(scratch, ignore_errors=True)

    async def socket(self, reference: str) -> Path:
        """Return the socket at which the function answers; the first to ask has it started, others wait with it.
        Raises FunctionFailedError."""
        server = self._live.get(reference)
        if server is not None and not server.is_over:
            server.used_at = time.monotonic()
            return self._paths[reference]
        return await asyncio.shield(asyncio.wrap_future(self._ensure(reference)))

    def close(self) -> None:
        """End every function and take no more wishes. Returns when no process is left."""
        self._is_closing.set()
        self._starters.shutdown(cancel_futures=True)
        with self._lock:
            servers = [server for reference in list(self._live) if (server := self._forget(reference))]
        for server in servers:
            server.kill()
        self._janitor.join()
        self._sockets.close()
