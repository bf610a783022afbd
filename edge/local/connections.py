"""Connections to functions: one pool for each unix socket, kept while it is used."""

import asyncio
from pathlib import Path

import aiohttp

_MOST_POOLS = 256
# Less than the 65 seconds of edge/bootstrap, so that we never send into a connection that is being closed.
_IDLE_SECONDS = 60.0
_OURS_TO_SET = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Connections:
    """HTTP clients by socket. The least recently used are closed when there are too many."""

    def __init__(self) -> None:
        self._sessions: dict[Path, aiohttp.ClientSession] = {}

    def to(self, socket: Path) -> aiohttp.ClientSession:
        """Return the client that speaks to the function at `socket`."""
        session = self._sessions.pop(socket, None)
        if session is None:
            session = aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(str(socket), limit=0, keepalive_timeout=_IDLE_SECONDS),
                # What the client sent and what the function answered are passed on as they are.
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=_OURS_TO_SET,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=5),
            )
        self._sessions[socket] = session
        if len(self._sessions) > _MOST_POOLS:
            oldest = self._sessions.pop(next(iter(self._sessions)))
            self._closing = asyncio.ensure_future(oldest.close())
        return session

    async def close(self) -> None:
        """Close every connection."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()
