"""Fingerprints: small, distinct, evenly spread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.model import fingerprint as module
from battleshiper.platform.model.fingerprint import ALPHABET, ENTRY_LENGTH, MAX_ENTRIES, fingerprint, pack


def test_fingerprints_of_many_addresses_are_distinct() -> None:
    """Among 60,000 addresses that differ in little, hardly any two share 42 bits, and none share all 62."""
    texts = [f"/blog/{number}" for number in range(30_000)] + [f"/{number}/a/b/c" for number in range(30_000)]
    marks = [fingerprint(text, 0) for text in texts]
    assert len(set(marks)) == len(texts)
    assert len({mark for mark, _ in marks}) >= len(texts) - 1


def test_every_bit_of_an_address_counts() -> None:
    """One changed bit of the address changes about half of the 42 bits of the fingerprint."""
    changed = []
    base = "/some/page-of-a-site"
    for position in range(len(base)):
        for bit in range(7):
            other = base[:position] + chr(ord(base[position]) ^ 1 << bit) + base[position + 1 :]
            pairs = zip(fingerprint(base, 0)[0], fingerprint(other, 0)[0], strict=True)
            changed.append(sum((ALPHABET.index(a) ^ ALPHABET.index(b)).bit_count() for a, b in pairs))
    assert 19 < sum(changed) / len(changed) < 23
    assert min(changed) > 5


def test_shards_are_spread_evenly() -> None:
    """No shard gets much more than its part."""
    shards = pack({f"/docs/{number}/index": number % 64 for number in range(5000)}).values
    assert len(shards) < 5000 / 80
    assert all(0 < len(shard) <= MAX_ENTRIES * ENTRY_LENGTH for shard in shards)


@given(st.dictionaries(st.text(max_size=20), st.integers(0, 63), max_size=300))
def test_what_is_packed_is_found(entries: dict[str, int]) -> None:
    """Each address has exactly one entry, in its shard, with its number; nothing else is there."""
    packed = pack(entries)
    assert sum(len(shard) for shard in packed.values) == len(entries) * ENTRY_LENGTH
    for text, kind in entries.items():
        mark, place = fingerprint(text, packed.salt)
        shard = packed.values[place % len(packed.values)]
        found = [shard[at : at + 8] for at in range(0, len(shard), 8) if shard[at : at + 7] == mark]
        assert found == [mark + ALPHABET[kind]]


def test_a_collision_is_resolved_by_another_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two addresses would share a fingerprint, the site gets a salt with which they do not."""

    def weak(text: str, salt: int) -> tuple[str, int]:
        return fingerprint(text if salt > 1 else "same", salt)

    monkeypatch.setattr(module, "fingerprint", weak)
    packed = pack({"/a": 1, "/b": 2})
    assert packed.salt == 2
    assert len(packed.values[0]) == 2 * ENTRY_LENGTH


def test_padding_is_no_collision() -> None:
    """An odd last character and the same one with a NUL behind it differ, whatever the salt."""
    assert fingerprint("/xy", 0) != fingerprint("/xy\0", 0)
