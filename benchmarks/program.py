"""Servers under test: programs that say on their standard output where they answer."""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

_SECONDS_TO_LISTEN = 20


class SilentError(Exception):
    """A server ended, or never answered."""


@contextmanager
def running(command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Run a server while the context lasts; yield the first line that it prints. Raises SilentError for none."""
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline().strip() if process.stdout else ""
        if not line:
            raise SilentError(f"{' '.join(command)} ended without a word.")
        yield line
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port that nobody listens at, for servers that cannot take one by themselves."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def wait_until_listening(address: str) -> None:
    """Return when the server at `address` takes connections; raises SilentError."""
    target = urlsplit(address)
    deadline = monotonic() + _SECONDS_TO_LISTEN
    while monotonic() < deadline:
        try:
            socket.create_connection((target.hostname or "", target.port or 80), timeout=1).close()
        except OSError:
            sleep(0.05)
        else:
            return
    raise SilentError(f"{address} does not answer.")
