"""Questions that the platform itself asks a function, at its socket."""

import socket
from http.client import HTTPConnection
from pathlib import Path

_STILL_THERE = b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
"""Answered by the bootstrap itself; the edge passes nothing on that looks like it."""
_HEADERS = {
    "accept": "text/html",
    "user-agent": "Battleshiper",
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-host": "localhost",
    "x-forwarded-proto": "http",
}


class _Connection(HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def ask(path: Path, seconds: float) -> int:
    """Ask for the start page and return the status of the answer; raises OSError or HTTPException without one."""
    connection = _Connection(path, seconds)
    try:
        connection.request("GET", "/", headers=_HEADERS)
        return connection.getresponse().status
    finally:
        connection.close()


def listens(path: Path) -> bool:
    """Tell whether somebody listens at a socket."""
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(str(path))
        except OSError:
            return False
    return True


class Pulse:
    """Finds out, by looking from time to time, whether a process still gets to its work. Never waits."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._asked_at = 0.0
        self._question: socket.socket | None = None

    def silence(self, now: float) -> float:
        """Return for how many seconds a question has gone without an answer, and ask the next one if none has."""
        if self._question is not None:
            try:
                self._question.recv(1)
            except BlockingIOError:
                return now - self._asked_at
            except OSError:
                pass  # it ended, which others will see
            self.close()
        self._asked_at = now
        self._question = socket.socket(socket.AF_UNIX)
        self._question.setblocking(False)
        try:
            self._question.connect(str(self._path))
            self._question.send(_STILL_THERE)
        except OSError:
            self.close()
        return 0.0

    def close(self) -> None:
        """Ask no more."""
        if self._question is not None:
            self._question.close()
            self._question = None
