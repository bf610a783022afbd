"""A load generator of our own, for machines without wrk. It is slower than the servers it asks, so that both sides
look slower than they are and more alike."""

import asyncio
from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

from benchmarks.load.throughput import RefusedError, Throughput
from benchmarks.requests import Requests


class Asking:
    """Asks with asyncio's streams."""

    name = "a load generator of our own, because wrk is missing"

    def measure(self, address: str, requests: Requests, *, connections: int, seconds: float) -> Throughput:
        """See Load."""
        return asyncio.run(_ask(address, requests, connections, seconds))


async def _ask(address: str, requests: Requests, connections: int, seconds: float) -> Throughput:
    texts = _texts(requests)
    times: list[float] = []
    start = perf_counter()

    def is_over() -> bool:
        return perf_counter() - start > seconds

    await asyncio.gather(*(_converse(address, texts, times, is_over) for _ in range(connections)))
    return Throughput(len(times) / (perf_counter() - start), median(times) * 1000)


async def _converse(address: str, texts: Iterator[bytes], times: list[float], is_over: Callable[[], bool]) -> None:
    target = urlsplit(address)
    reader, writer = await asyncio.open_connection(target.hostname, target.port)
    try:
        while not is_over():
            began = perf_counter()
            writer.write(next(texts))
            await _read_answer(address, reader)
            times.append(perf_counter() - began)
    finally:
        writer.close()


async def _read_answer(address: str, reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if status >= 400:
        raise RefusedError(f"{address} answered {status}.")
    length = next((line for line in head.split(b"\r\n") if line.startswith(b"content-length:")), None)
    if length is not None:
        await reader.readexactly(int(length.partition(b":")[2]))
        return
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()


def _texts(requests: Requests) -> Iterator[bytes]:
    if len(requests.parts) == 1:
        while True:
            yield b"".join(part for part in requests.parts if isinstance(part, bytes))
    for row in requests.rows:
        yield b"".join(row[part].encode() if isinstance(part, int) else part for part in requests.parts)
    raise RefusedError("There are more requests than rows.")
