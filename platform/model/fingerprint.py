"""Fingerprints: which of a site's addresses exist, in a few small values that one edge function can search.

An entry is eight characters of `ALPHABET`: seven of the address's hash (42 bits) and one that says what is there. All
entries of a shard stand one after another in one value of at most 1 KB, so 128 of them fit. Which shard an address
belongs to comes from other bits of the same hash, so the edge reads exactly one value per request.

Two addresses of one site never share a fingerprint: where they would, `pack` takes another salt. An address that does
not exist is taken for one that does with a chance below 128 / 2**42, whatever the size of the site; the visitor then
sees the 404 of a missing file. The hash is no secret, and who finds a collision has found it in one site only.

`edge/functions/viewer-request.js` computes the same; a property test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from struct import Struct

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ENTRY_LENGTH = 8
MAX_ENTRIES = 128
"""In one shard: 1,024 bytes, the largest value of the route store."""
_TYPICAL_ENTRIES = 96
"""What a shard holds on average, so that the fullest one of many rarely overflows."""
_MASK = 0xFFFFFFFF
_PAIR = Struct("<I")


@dataclass(frozen=True, slots=True)
class Shards:
    """The packed values, and what the edge must know to find an entry in them."""

    salt: int
    values: tuple[str, ...]


def fingerprint(text: str, salt: int) -> tuple[str, int]:
    """Return the fingerprint of `text` and the number that, modulo the number of shards, names its shard.

    Two hashes in the manner of FNV-1a over pairs of UTF-16 code units, each closed with the `lowbias32` mixer.
    """
    first, second = 0x811C9DC5 ^ salt, 0x9747B28C ^ salt
    units = text.encode("utf-16-le")
    for (pair,) in _PAIR.iter_unpack(units if len(units) % 4 == 0 else units + b"\0\0"):
        first = (first ^ pair) * 0x01000193 & _MASK
        first ^= first >> 13
        second = (second ^ pair) * 0x5BD1E995 & _MASK
        second ^= second >> 15
    first, second = _mix(first), _mix(second ^ len(units) // 2)
    digits = (second, second >> 6, second >> 12, second >> 18, second >> 24, first >> 20, first >> 26)
    return "".join(ALPHABET[digit & 63] for digit in digits), first & 0xFFFFF


def pack(entries: Mapping[str, int]) -> Shards:
    """Pack addresses and what is there (a number below 64 each) into as few shards as fit."""
    for salt in count():
        hashed = [(*fingerprint(text, salt), ALPHABET[kind]) for text, kind in sorted(entries.items())]
        if len({mark for mark, _, _ in hashed}) == len(hashed):
            return Shards(salt, _distribute(hashed))
    raise AssertionError("count() has no end")


def _distribute(hashed: list[tuple[str, int, str]]) -> tuple[str, ...]:
    for number in count(-(-len(hashed) // _TYPICAL_ENTRIES)):
        shards: list[list[str]] = [[] for _ in range(number)]
        for mark, place, kind in hashed:
            shards[place % number].append(mark + kind)
        if all(0 < len(shard) <= MAX_ENTRIES for shard in shards):
            return tuple("".join(shard) for shard in shards)
    raise AssertionError("count() has no end")


def _mix(value: int) -> int:
    value ^= value >> 16
    value = value * 0x7FEB352D & _MASK
    value ^= value >> 15
    value = value * 0x846CA68B & _MASK
    return value ^ value >> 16
