"""Answers with a file, as a good web server does."""

import asyncio
import os

from battleshiper.edge.local.asgi import Send
from battleshiper.edge.local.decision import ServeObject
from battleshiper.edge.local.library import Headers, Library, Representation, StaticFile
from battleshiper.edge.local.negotiation import encoding_for, matches, part_of
from battleshiper.platform.model.freshness import NO_STORE

_NOINDEX = (b"x-robots-tag", b"noindex")
_CHUNK_BYTES = 256 * 1024


class StaticAnswers:
    """Sends files of a library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def answer(
        self, file: StaticFile, decision: ServeObject, method: str, asked: dict[bytes, bytes], send: Send
    ) -> None:
        """Answer GET or HEAD. `asked` holds the request's headers."""
        if decision.status != 200:
            await self._send_other(file, decision, method, send)
            return
        part = None
        if b"range" in asked and method == "GET" and asked.get(b"if-range") in (None, file.whole.etag, file.modified):
            try:
                part = part_of(file.size, asked[b"range"])
            except ValueError:
                await self._send_unsatisfiable(file, send)
                return
        chosen = file.whole
        if file.is_compressible and part is None and (encoding := encoding_for(asked.get(b"accept-encoding"))):
            chosen = file.encoded.get(encoding) or await self._library.encode(file, encoding)
        if _is_unchanged(file, chosen, asked):
            headers = [*file.permanent, (b"etag", chosen.etag), (b"last-modified", file.modified)]
            await _send_small(304, _marked(headers, decision), b"", send)
        elif part is not None:
            await self._send_part(file, part, decision, send)
        elif file.is_kept or method == "HEAD":
            body = b"" if method == "HEAD" else chosen.body
            await _send_small(200, _marked(chosen.headers, decision), body, send)
        else:
            await self._send_from_disk(file, 200, _marked(chosen.headers, decision), (0, file.size - 1), send)

    async def _send_other(self, file: StaticFile, decision: ServeObject, method: str, send: Send) -> None:
        """A 404 page is no representation of the address it is sent for: nothing to keep, to compare or to cut."""
        dropped = (b"cache-control", b"etag", b"last-modified", b"accept-ranges", b"vary")
        headers = [header for header in file.whole.headers if header[0] not in dropped]
        headers = _marked([*headers, (b"cache-control", NO_STORE.encode())], decision)
        if file.is_kept or method == "HEAD":
            await _send_small(decision.status, headers, b"" if method == "HEAD" else file.whole.body, send)
        else:
            await self._send_from_disk(file, decision.status, headers, (0, file.size - 1), send)

    async def _send_unsatisfiable(self, file: StaticFile, send: Send) -> None:
        headers = [(b"content-range", b"bytes */%d" % file.size), (b"content-length", b"0"), *file.permanent]
        await _send_small(416, headers, b"", send)

    async def _send_part(self, file: StaticFile, part: tuple[int, int], decision: ServeObject, send: Send) -> None:
        first, last = part
        headers = [header for header in file.whole.headers if header[0] != b"content-length"]
        headers.append((b"content-length", b"%d" % (last - first + 1)))
        headers.append((b"content-range", b"bytes %d-%d/%d" % (first, last, file.size)))
        if file.is_kept:
            await _send_small(206, _marked(headers, decision), file.whole.body[first : last + 1], send)
        else:
            await self._send_from_disk(file, 206, _marked(headers, decision), part, send)

    async def _send_from_disk(
        self, file: StaticFile, status: int, headers: Headers, part: tuple[int, int], send: Send
    ) -> None:
        opened = await asyncio.to_thread(self._library.open, file)
        if opened is None or opened.size != file.size:
            raise FileNotFoundError(file.key)
        try:
            await send({"type": "http.response.start", "status": status, "headers": headers})
            position, end = part[0], part[1] + 1
            while position < end:
                wanted = min(_CHUNK_BYTES, end - position)
                chunk = await asyncio.to_thread(os.pread, opened.descriptor, wanted, position)
                position += len(chunk)
                await send({"type": "http.response.body", "body": chunk, "more_body": position < end})
                if not chunk:
                    raise EOFError(f"{file.key} became shorter while it was sent")
        finally:
            os.close(opened.descriptor)


def _is_unchanged(file: StaticFile, chosen: Representation, asked: dict[bytes, bytes]) -> bool:
    if (etags := asked.get(b"if-none-match")) is not None:
        return matches(etags, chosen.etag)
    # Equal, not "not later": a rollback brings back an older file, which must replace a newer one.
    return asked.get(b"if-modified-since") == file.modified


def _marked(headers: Headers, decision: ServeObject) -> Headers:
    return [*headers, _NOINDEX] if decision.noindex else headers


async def _send_small(status: int, headers: Headers, body: bytes, send: Send) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
