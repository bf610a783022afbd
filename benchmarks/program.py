"""Servers under test: programs that print their address when they answer."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class SilentError(Exception):
    """A server ended without saying where it answers."""


@contextmanager
def serving(command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Run a server while the context lasts; yield its address. Raises SilentError."""
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    )
    try:
        address = process.stdout.readline().strip() if process.stdout else ""
        if not address.startswith("http://"):
            raise SilentError(f"{command[0]} said {address!r} instead of its address.")
        yield address
    finally:
        process.kill()
        process.wait()
