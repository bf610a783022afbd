"""What CloudWatch takes in one call."""

import pytest

from battleshiper.platform.logs.batches import split_batches


def size(batch: list[str]) -> int:
    """Return what CloudWatch counts."""
    return sum(len(message.encode()) + 26 for message in batch)


def test_few_lines_are_one_batch():
    """Nothing is one none."""
    assert list(split_batches(b"one\ntwo\n")) == [["one", "two"]]
    assert list(split_batches(b"")) == []


def test_many_short_lines_are_several_batches():
    """Of 10,000 events at most, in order."""
    lines = [str(number) for number in range(25_000)]
    batches = list(split_batches("\n".join(lines).encode()))
    assert [len(batch) for batch in batches] == [10_000, 10_000, 5_000]
    assert [line for batch in batches for line in batch] == lines


def test_many_long_lines_are_several_batches():
    """Of 1,048,576 bytes at most, and none is smaller than it must be."""
    lines = ["x" * 60_000] * 40
    batches = list(split_batches("\n".join(lines).encode()))
    assert [line for batch in batches for line in batch] == lines
    assert all(size(batch) <= 1_048_576 for batch in batches)
    assert [len(batch) for batch in batches] == [17, 17, 6]


@pytest.mark.parametrize("character", ["x", "ä", "€", "⚓", "🚢"])
@pytest.mark.parametrize("before", range(4))
def test_a_line_that_is_too_long_is_several(character, before):
    """No character is torn, and nothing is lost."""
    line = "." * before + character * 100_000
    pieces = [piece for batch in split_batches(line.encode()) for piece in batch]
    assert "".join(pieces) == line
    assert len(pieces) > 1
    assert all(len(piece.encode()) <= 64 * 1024 for piece in pieces)
