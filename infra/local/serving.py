"""Serves an ASGI app on a port of this machine, in a thread of its own."""

import socket
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

_GRACE_SECONDS = 3


class PortTakenError(Exception):
    """The port cannot be had; the message says what to do."""

    def __init__(self, host: str, port: int, why: str) -> None:
        self.host = host
        self.port = port
        super().__init__(f"Port {port} on {host} cannot be used: {why}.")


class Listener:
    """A port that is ours, before anything is served on it: so that addresses are known while apps are built."""

    def __init__(self, host: str, port: int) -> None:
        """Take the port (0: any that is free); raises PortTakenError."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
            self._socket.listen(1024)
        except OSError as error:
            self._socket.close()
            raise PortTakenError(host, port, error.strerror or str(error)) from error
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self._server: uvicorn.Server | None = None
        self._thread: Thread | None = None

    def serve(self, app: ASGIApp) -> None:
        """Begin to serve `app` and return."""
        config = uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name=f"serve-{self.port}", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Finish what is being answered, for a few seconds at most, and stop. Safe to call again."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=_GRACE_SECONDS + 2)
        self._socket.close()
