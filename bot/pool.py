"""Connections that outlive one call: githubkit opens a client for each and closes it again."""

import time
from threading import Lock

import httpx

MAX_ANSWER_BYTES = 16 * 1024**2


class Pool(httpx.BaseTransport):
    """A transport that keeps its connections when a client that borrows it is closed.

    An answer must be whole within the time and of bounded size. The environment's proxies and certificates hold,
    unless GitHub is on this machine.
    """

    def __init__(self, timeout_seconds: float, *, is_local: bool = False) -> None:
        self.timeout_seconds = timeout_seconds
        self._is_local = is_local
        self._client: httpx.Client | None = None
        self._opening = Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises httpx's errors."""
        deadline = time.monotonic() + self.timeout_seconds
        answer = self._open().send(request, stream=True)
        try:
            body = bytearray()
            for chunk in answer.iter_raw():
                body += chunk
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("the answer is too slow", request=request)
                if len(body) > MAX_ANSWER_BYTES:
                    raise httpx.ReadError("the answer is too large", request=request)
        finally:
            answer.close()
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(bytes(body)))

    def close(self) -> None:
        """Do nothing: another call may come."""

    def shut(self) -> None:
        """Close the connections; the next request opens new ones."""
        with self._opening:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _open(self) -> httpx.Client:
        with self._opening:
            if self._client is None:
                self._client = httpx.Client(trust_env=not self._is_local)
            return self._client
