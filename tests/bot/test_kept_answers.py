"""Answers that GitHub need not give again."""

from battleshiper.bot.kept_answers import KeptAnswers


def test_tags_and_times() -> None:
    """Either is a condition; an answer without one cannot be asked for again."""
    answers = KeptAnswers()
    answers.keep("one", b"1", {"etag": 'W/"a"', "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT"})
    answers.keep("two", b"2", {"etag": '"b"'})
    answers.keep("three", b"3", {})
    kept = answers.get("one")
    assert kept is not None
    assert kept.conditions == {"If-None-Match": 'W/"a"', "If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}
    assert answers.get("two").conditions == {"If-None-Match": '"b"'}  # type: ignore[union-attr]
    assert answers.get("three") is None


def test_bounds() -> None:
    """The oldest goes, and what is large is not kept; what it was before neither."""
    answers = KeptAnswers(most=2)
    for name in ("a", "b", "a", "c"):
        answers.keep(name, name.encode(), {"etag": name})
    assert answers.get("b") is None
    assert answers.get("a") is not None
    answers.keep("a", b"x" * 100_000, {"etag": "x"})
    assert answers.get("a") is None
