"""Connections to functions: those of each unix socket are kept while it is used."""

import asyncio
from pathlib import Path

from battleshiper.edge.local.channel import Channel, UnreachableError

_MOST_SOCKETS = 256
# Less than the 65 seconds of edge/bootstrap, so that we hardly ever send into a connection that is being closed.
_IDLE_SECONDS = 60.0
_CONNECT_SECONDS = 5.0


class Connections:
    """Channels by socket. Those of the least recently used sockets are closed when there are too many."""

    def __init__(self) -> None:
        self._idle: dict[Path, list[Channel]] = {}

    def kept(self, socket: Path) -> Channel | None:
        """Return a channel to `socket` that waits for a request, if there is one."""
        idle = self._idle.get(socket, ())
        while idle:
            channel = idle.pop()
            if channel.is_open and asyncio.get_running_loop().time() - channel.idle_since < _IDLE_SECONDS:
                return channel
            channel.close()
        return None

    async def new(self, socket: Path) -> Channel:
        """Return a new channel to `socket`; raises UnreachableError."""
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                _, channel = await asyncio.get_running_loop().create_unix_connection(Channel, str(socket))
        except OSError as error:  # TimeoutError is one
            raise UnreachableError(f"nobody answers at the function's socket: {error}") from error
        return channel

    def keep(self, socket: Path, channel: Channel) -> None:
        """Take a channel back that `can_be_kept`."""
        channel.idle_since = asyncio.get_running_loop().time()
        idle = self._idle.pop(socket, [])
        idle.append(channel)
        self._idle[socket] = idle
        if len(self._idle) > _MOST_SOCKETS:
            self._forget(next(iter(self._idle)))

    def close(self) -> None:
        """Close every channel that is kept."""
        for socket in list(self._idle):
            self._forget(socket)

    def _forget(self, socket: Path) -> None:
        for channel in self._idle.pop(socket):
            channel.close()
