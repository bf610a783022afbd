"""What a client's headers ask for: an encoding, an unchanged file, a part of it (RFC 9110 12.5.3, 13 and 14)."""

import re
from functools import lru_cache

_RANGE = re.compile(rb"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*")
_QUALITY = re.compile(r";\s*q\s*=\s*([0-9.]{1,5})\s*$")
_PREFERRED = (b"br", b"gzip")


@lru_cache(maxsize=1024)
def encoding_for(accept_encoding: bytes | None) -> bytes | None:
    """Return `br` or `gzip`, whichever the client takes and we like better, or None to send the file as it is."""
    if not accept_encoding:
        return None
    accepted: dict[bytes, bool] = {}
    for item in accept_encoding.split(b","):
        text = item.decode("latin-1").strip().lower()
        quality = _QUALITY.search(text)
        accepted[text.partition(";")[0].strip().encode("latin-1")] = quality is None or _is_positive(quality[1])
    anything = accepted.get(b"*", False)
    return next((encoding for encoding in _PREFERRED if accepted.get(encoding, anything)), None)


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Tell whether the client has the file with this strong entity tag."""
    if if_none_match == etag:
        return True
    given = (item.strip().removeprefix(b"W/") for item in if_none_match.split(b","))
    return any(item in (etag, b"*") for item in given)


def part_of(size: int, value: bytes) -> tuple[int, int] | None:
    """Return first and last byte of the one part that `Range: <value>` asks for, or None when it is to be ignored:
    several parts, another unit, nonsense.

    Raises ValueError when the part lies outside of the file.
    """
    match = _RANGE.fullmatch(value)
    if match is None or match.groups() == (b"", b""):
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise ValueError("no byte is asked for")
        return size - length, size - 1
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise ValueError("behind the end")
    return start, end


def _is_positive(quality: str) -> bool:
    try:
        return float(quality) > 0
    except ValueError:
        return False
