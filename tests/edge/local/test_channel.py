"""What a function's process may say, byte by byte: it is the tenant's and may be hostile."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battleshiper.edge.local.channel import BrokenAnswerError, Channel, UnreachableError
from battleshiper.edge.local.connections import Connections

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Asker = Callable[[Channel], Awaitable[None]]
ASKED = (b"GET / HTTP/1.1", b"host: a")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="channel-") as name:
        yield Path(name)


async def _converse(folder: Path, peer: Peer, asker: Asker) -> None:
    path = folder / "s"
    path.unlink(missing_ok=True)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await peer(reader, writer)
        finally:
            writer.close()

    async with await asyncio.start_unix_server(serve, path):
        channel = await Connections().new(path)
        try:
            async with asyncio.timeout(10):
                await asker(channel)
        finally:
            channel.close()
            await asyncio.sleep(0)


def _saying(*pieces: bytes, stay: bool = False) -> Peer:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0)
        while stay and await reader.read(1000):
            pass

    return peer


async def _all(channel: Channel, method: bytes = b"GET") -> bytes:
    channel.ask(method, ASKED, may_repeat=False)
    await channel.answered()
    body = await channel.read()
    while not channel.is_over:
        body += await channel.read()
    return body


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", b"hi"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nx-trailer: 1\r\n\r\n", b"hi"),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi", b"hi"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ],
)
def test_answers_of_every_form(folder: Path, answer: bytes, body: bytes) -> None:
    """The body ends where it should, and trailers and early hints are no headers."""

    async def asker(channel: Channel) -> None:
        assert await _all(channel) == body
        assert channel.status in (200, 204)
        assert not {b"x-trailer", b"link"} & dict(channel.headers).keys()

    asyncio.run(_converse(folder, _saying(answer), asker))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5), st.lists(st.integers(0, 400), max_size=8))
def test_pieces_make_no_difference(bodies: list[bytes], cuts: list[int]) -> None:
    """An answer is the same however it is cut on its way."""
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(body), body) for body in bodies)
    answer = b"HTTP/1.1 200 OK\r\nX-Name: caf\xc3\xa9\r\ntransfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    edges = [0, *sorted(min(cut, len(answer)) for cut in cuts), len(answer)]
    pieces = [answer[start:end] for start, end in pairwise(edges)]

    async def asker(channel: Channel) -> None:
        assert await _all(channel) == b"".join(bodies)
        assert channel.headers[0] == (b"x-name", b"caf\xc3\xa9")
        assert channel.can_be_kept

    with TemporaryDirectory(prefix="channel-") as name:
        asyncio.run(_converse(Path(name), _saying(*pieces, stay=True), asker))


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nhi!",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx-a: 1\rset-cookie: evil\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx a: 1\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x-a: 1234567890\r\n" * 10_000 + b"content-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx-endless: " + b"1" * 1_000_000,
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 10_000,
        b"HTTP/1.1 200",
        b"",
    ],
)
def test_what_is_no_answer_is_an_error(folder: Path, answer: bytes) -> None:
    """Nonsense, endless headers and parts of answers are never taken for whole ones."""

    async def asker(channel: Channel) -> None:
        with pytest.raises(BrokenAnswerError):
            await _all(channel)
        assert not channel.is_open

    asyncio.run(_converse(folder, _saying(answer), asker))


@pytest.mark.parametrize("rest", [b"x", b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil"])
@pytest.mark.parametrize("at_once", [True, False])
def test_second_answer_is_given_to_nobody(folder: Path, rest: bytes, at_once: bool) -> None:
    """A connection on which more is said than was asked serves no further request."""
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"

    async def asker(channel: Channel) -> None:
        channel.ask(b"GET", ASKED, may_repeat=False)
        try:
            await channel.answered()
            assert await channel.read() == b"hi"
        except BrokenAnswerError:
            assert at_once
        while channel.is_open:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.001)
        assert not channel.can_be_kept

    pieces = [answer + rest] if at_once else [answer, rest]
    asyncio.run(_converse(folder, _saying(*pieces, stay=True), asker))


def test_head_ends_with_its_headers(folder: Path) -> None:
    """Whatever length is named, HEAD has no body, and its connection is not used again."""

    async def asker(channel: Channel) -> None:
        assert await _all(channel, b"HEAD") == b""
        assert (b"content-length", b"5") in channel.headers
        assert not channel.can_be_kept

    asyncio.run(_converse(folder, _saying(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", stay=True), asker))


def test_silent_close_may_be_asked_again(folder: Path) -> None:
    """Only a request that may be repeated, and of which no word of an answer came, is said to have reached nobody."""

    async def asker(channel: Channel) -> None:
        channel.ask(b"GET", ASKED, may_repeat=True)
        with pytest.raises(UnreachableError):
            await channel.answered()

    asyncio.run(_converse(folder, _saying(), asker))


async def _flood(channel: Channel) -> None:
    for _ in range(1000):
        await channel.send(bytes(100_000))


def test_nobody_reads_ahead(folder: Path) -> None:
    """A function that says a lot waits until somebody takes it, and so does who says a lot to it."""
    sent = 0

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n")
        try:
            for _ in range(1000):
                writer.write(bytes(100_000))
                await writer.drain()
                sent += 100_000
        except ConnectionError:
            pass

    async def asker(channel: Channel) -> None:
        channel.ask(b"POST", ASKED, may_repeat=False)
        await channel.answered()
        await asyncio.sleep(0.1)
        assert sent < 20_000_000
        total = len(await channel.read())
        while total < 30_000_000:
            total += len(await channel.read())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(_flood(channel), 0.2)

    asyncio.run(_converse(folder, peer, asker))


def test_kept_connections_are_used_again(folder: Path) -> None:
    """One connection serves one request after the other, and a lost one is not offered."""
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)

    async def asker(channel: Channel) -> None:
        connections, path = Connections(), folder / "s"
        for _ in range(2):
            assert await _all(channel) == b"hi"
            connections.keep(path, channel)
            assert connections.kept(path) is channel
        connections.keep(path, channel)
        while channel.is_open:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.001)
        assert connections.kept(path) is None

    asyncio.run(_converse(folder, peer, asker))
