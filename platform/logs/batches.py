"""What CloudWatch takes in one call
(https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html)."""

from collections.abc import Iterator

_EVENT_BYTES = 64 * 1024
"""Of one event; longer lines are several, as they are in files."""
_OVERHEAD_BYTES = 26
"""Counted for each event beside its own."""
_BATCH_BYTES = 1_048_576
_BATCH_EVENTS = 10_000
_MIDDLE = range(0x80, 0xC0)
"""Bytes in the middle of a character in UTF-8."""


def split_batches(lines: bytes) -> Iterator[list[str]]:
    """Yield the lines as the messages of one call after another."""
    batch: list[str] = []
    size = 0
    for line in lines.splitlines():
        for piece in _pieces(line):
            taken = len(piece) + _OVERHEAD_BYTES
            if size + taken > _BATCH_BYTES or len(batch) == _BATCH_EVENTS:
                yield batch
                batch, size = [], 0
            batch.append(piece.decode())
            size += taken
    if batch:
        yield batch


def _pieces(line: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(line):
        end = start + _EVENT_BYTES
        while end < len(line) and line[end] in _MIDDLE:
            end -= 1
        yield line[start:end]
        start = end
