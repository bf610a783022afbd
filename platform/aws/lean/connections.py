"""Connections to one place, kept open for the next request."""

import select
import ssl
from collections import deque
from collections.abc import Mapping
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult

from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

Answer = tuple[int, Mapping[str, str], bytes]
"""Status, headers with names in lowercase, and body."""


class Connections:
    """Posts requests. As many connections are open as requests were under way at once."""

    def __init__(self, endpoint: SplitResult, connect_seconds: float, read_seconds: float) -> None:
        """Nothing is connected yet."""
        self.host = endpoint.netloc
        self._endpoint = endpoint
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._trust = _trust() if endpoint.scheme == "https" else None
        self._idle: deque[HTTPConnection] = deque()

    def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post a body to `/`; raises BotoCoreError where no whole answer comes."""
        url = self._endpoint.geturl()
        try:
            connection = self._take()
            try:
                connection.request("POST", "/", body, headers)
                response = connection.getresponse()
                answer = response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
            except BaseException:
                connection.close()
                raise
        except TimeoutError as error:
            raise ReadTimeoutError(endpoint_url=url, error=error) from error
        except (OSError, HTTPException) as error:
            raise EndpointConnectionError(endpoint_url=url, error=error) from error
        self._idle.append(connection)
        return answer

    def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> HTTPConnection:
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return self._open()
            # Something to read before anything was asked means that the other side has closed it.
            if connection.sock is not None and not select.select([connection.sock], [], [], 0)[0]:
                return connection
            connection.close()

    def _open(self) -> HTTPConnection:
        host, port = self._endpoint.hostname or "", self._endpoint.port
        if self._trust is None:
            connection = HTTPConnection(host, port, timeout=self._connect_seconds)
        else:
            connection = HTTPSConnection(host, port, timeout=self._connect_seconds, context=self._trust)
        try:
            connection.connect()
        except BaseException as error:
            connection.close()
            if isinstance(error, TimeoutError):
                raise ConnectTimeoutError(endpoint_url=self._endpoint.geturl(), error=error) from error
            raise
        connection.sock.settimeout(self._read_seconds)
        return connection


@cache
def _trust() -> ssl.SSLContext:
    """Return whose certificates are good. They take a while to load: once for all services, and before a snapshot."""
    return ssl.create_default_context()
