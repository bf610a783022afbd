"""One function that runs: a Node process in a sandbox."""

import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from battleshiper.platform.functions.sockets import Address
from battleshiper.platform.model.function import FunctionFailedError
from battleshiper.platform.sandbox.port import (
    Bind,
    Command,
    Exit,
    Network,
    Process,
    ResourceLimits,
    Sandbox,
    SandboxError,
)

_LAST_LINES = 12
_LINE_BYTES = 8 * 1024
_HEAP_SHARE = 0.75
"""Of the memory; the rest is for buffers, code and stacks."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What a function may use, and for how long it may start and stop."""

    memory_bytes: int = 256 * 1024**2
    processes: int = 64
    file_bytes: int = 64 * 1024**2
    start_seconds: float = 20.0
    stop_seconds: float = 12.0


class Server:
    """Starts on construction and speaks HTTP at `address`; raises FunctionFailedError when it cannot be started.

    `say` gets every line that it prints, `ended` is called once, when it has ended; both on a thread of its own.
    """

    def __init__(
        self,
        package: Path,
        node: Path,
        bootstrap: Path,
        address: Address,
        sandbox: Sandbox,
        settings: ServerSettings,
        say: Callable[[str], None],
        ended: Callable[["Server"], None],
    ) -> None:
        self.used_at = time.monotonic()
        self.started_at = self.used_at
        self.is_stopping = False
        self.address = address
        self._settings = settings
        self._say = say
        self._ended = ended
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._exit: Exit | None = None
        self._path: Path | None = None
        self._is_over = Event()
        reading, writing = os.pipe()
        try:
            command = _command(package, node, bootstrap, address, settings)
            self._process: Process = sandbox.start(command, stdout=writing, stderr=writing)
        except SandboxError as error:
            os.close(reading)
            raise FunctionFailedError(f"The function cannot be kept apart from this machine: {error}") from error
        finally:
            os.close(writing)
        Thread(target=self._listen, args=(reading,), name="function", daemon=True).start()

    @property
    def path(self) -> Path:
        """Where it listens; for a server that is ready."""
        assert self._path is not None  # noqa: S101  only ready servers are handed around
        return self._path

    @property
    def is_over(self) -> bool:
        """True when the process has ended."""
        return self._is_over.is_set()

    def wait_until_ready(self) -> Path:
        """Return the socket once it listens; raises FunctionFailedError, and then nothing runs any more."""
        deadline = time.monotonic() + self._settings.start_seconds
        pause = 0.002
        while time.monotonic() < deadline:
            if (path := self.address.pin()) is not None:
                self._path = path
                return path
            if self._is_over.wait(pause):
                raise FunctionFailedError(self.describe_end())
            pause = min(pause * 1.5, 0.02)
        self.kill()
        raise FunctionFailedError(
            f"The function did not start within {self._settings.start_seconds:g} seconds.{self._words()}"
        )

    def stop(self, *, only_if_idle: bool = False) -> bool:
        """Let open requests end, then end the process. False, and it goes on, when it is busy and may be so."""
        answer = self.address.ask(b"idle" if only_if_idle else b"now")
        if only_if_idle and answer == b"busy":
            return False
        self.is_stopping = True
        if answer:
            self._is_over.wait(self._settings.stop_seconds)
        self.kill()
        return True

    def kill(self) -> None:
        """End the process at once; nothing of it is left when this returns."""
        self.is_stopping = True
        self._process.kill()
        self._is_over.wait()

    def describe_end(self, *, words: bool = True) -> str:
        """Say how it ended, with its last words if wanted."""
        last = self._words() if words else ""
        end = self._exit
        if end is None:
            return "The function still runs."
        if end.out_of_memory:
            return f"The function used more than {self._settings.memory_bytes // 1024**2} MiB of memory.{last}"
        how = f"exit code {end.code}" if end.code >= 0 else f"signal {-end.code}"
        return f"The function ended with {how}.{last}"

    def _words(self) -> str:
        return " Its last words:\n" + "\n".join(self._last) if self._last else ""

    def _listen(self, reading: int) -> None:
        with os.fdopen(reading, "rb", buffering=65536) as output:
            while line := output.readline(_LINE_BYTES):
                text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
                self._last.append(text)
                self._say(text)
        self._exit = self._process.wait()
        self.address.release()
        self._is_over.set()
        self._ended(self)


def _command(package: Path, node: Path, bootstrap: Path, address: Address, settings: ServerSettings) -> Command:
    """Everything is shown where it is, so that a sandbox that cannot move things does as well."""
    heap = int(settings.memory_bytes * _HEAP_SHARE) // 1024**2
    shown = [path for path in (package, bootstrap, node) if not path.is_relative_to("/usr")]
    return Command(
        arguments=(
            str(node),
            f"--max-old-space-size={heap}",
            str(bootstrap / "local.mjs"),
            str(package),
            str(address.inside),
        ),
        directory=str(package),
        limits=ResourceLimits(settings.memory_bytes, settings.processes, settings.file_bytes),
        environment={
            "HOME": "/tmp",
            "LANG": "C.UTF-8",
            "NODE_ENV": "production",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
        },
        binds=(*(Bind(path, str(path)) for path in shown), Bind(address.folder, str(address.folder), writable=True)),
        network=Network.INTERNET,
    )
