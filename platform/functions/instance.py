"""One process of a function, from its start to its end."""

import os
import select
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Event, Thread

from battleshiper.platform.functions.output import Output
from battleshiper.platform.functions.question import Pulse, listens
from battleshiper.platform.model.function import FunctionFailedError
from battleshiper.platform.sandbox.port import Exit, Process, SandboxError

_CHUNK_BYTES = 64 * 1024
_GLANCE_SECONDS = 0.01
_FLOOD_SECONDS = 0.05
"""How long a process that prints faster than anybody could read waits for each further chunk."""


class Instance:
    """Runs in a thread of its own, because a sandbox may end with the thread that started it.

    `launch` starts the process with the given descriptors as its standard input, a socket to listen at, and as its
    output; it raises FunctionFailedError or SandboxError. `ended` is called last, with this instance.
    """

    def __init__(
        self,
        reference: str,
        path: Path,
        launch: Callable[[int, int], Process],
        output: Output,
        ended: Callable[["Instance"], None],
        *,
        start_seconds: float,
    ) -> None:
        """`path` is a new name for the socket."""
        self.reference = reference
        self.path = path
        self.ready: Future[Path] = Future()
        """Resolves to `path` when the function answers there, or to a FunctionFailedError."""
        self.last_used = self.started = time.monotonic()
        self.is_ready = False
        self.reason = ""
        """Why it was stopped; empty while it runs and when it ended by itself."""
        self.failure = "The function cannot be started."
        """How it failed, as a sentence, once it has ended."""
        self.output = output
        self.pulse = Pulse(path)
        self._launch = launch
        self._ended = ended
        self._start_seconds = start_seconds
        self._process: Process | None = None
        self._launched = Event()
        self._thread = Thread(target=self._live, name=f"function {reference}", daemon=True)
        # Who no longer waits must not take the answer away from those who do.
        self.ready.set_running_or_notify_cancel()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, reason: str) -> None:
        """End the process and all it started; raises SandboxError. Safe to call again."""
        self.reason = self.reason or reason
        self._launched.wait()
        if self._process is not None:
            self._process.kill()
        self._thread.join()

    def _live(self) -> None:
        try:
            self.failure = self._run()
        except (FunctionFailedError, SandboxError, OSError) as error:
            self.failure = f"The function cannot be started: {error}"
        finally:
            self._launched.set()
            self.path.unlink(missing_ok=True)
            self.output.finish()
            self.pulse.close()
            self._ended(self)
            if not self.is_ready:
                self.ready.set_exception(FunctionFailedError(self.output.after(self.failure)))

    def _run(self) -> str:
        """Return how the function failed. Nothing of it is left then."""
        reading, writing = os.pipe()
        try:
            try:
                with socket.socket(socket.AF_UNIX) as listener:
                    # Bound here and listened at there: connections are refused until the function is ready, and
                    # nothing outside the sandbox is writable inside.
                    listener.bind(str(self.path))
                    process = self._process = self._launch(listener.fileno(), writing)
            finally:
                os.close(writing)
            self._launched.set()
            try:
                return self._attend(process, reading)
            finally:
                process.kill()
        finally:
            os.close(reading)

    def _attend(self, process: Process, reading: int) -> str:
        if self.reason:
            process.kill()
        failure = self._await_ready(process, reading)
        while chunk := os.read(reading, _CHUNK_BYTES):
            self._note(chunk)
        return failure or f"The function ended {_manner(process.wait())}."

    def _await_ready(self, process: Process, reading: int) -> str:
        """Return why the function is not ready, or an empty text."""
        deadline = time.monotonic() + self._start_seconds
        is_open = True
        while time.monotonic() < deadline:
            if listens(self.path):
                self.is_ready = True
                self.last_used = time.monotonic()
                self.ready.set_result(self.path)
                return ""
            if is_open and select.select([reading], [], [], _GLANCE_SECONDS)[0]:
                chunk = os.read(reading, _CHUNK_BYTES)
                is_open = bool(chunk)
                self._note(chunk)
            elif not is_open:
                try:
                    end = process.wait(_GLANCE_SECONDS)
                except TimeoutError:
                    continue
                return f"The function ended while it started, {_manner(end)}."
        process.kill()
        return f"The function did not start within {self._start_seconds:.0f} s."

    def _note(self, chunk: bytes) -> None:
        self.output.add(chunk)
        if len(chunk) == _CHUNK_BYTES:
            time.sleep(_FLOOD_SECONDS)


def _manner(end: Exit) -> str:
    if end.out_of_memory:
        return "because it ran out of memory"
    return f"by signal {-end.code}" if end.code < 0 else f"with status {end.code}"
