"""How times and sizes are written."""

from datetime import UTC, datetime, timedelta

import pytest

from battleshiper.platform.model.deployment import Commit
from battleshiper.platform.web.words import write_age, write_duration, write_size, write_title

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "just now"),
        (9, "just now"),
        (59, "59 seconds ago"),
        (60, "1 minute ago"),
        (3599, "59 minutes ago"),
        (7200, "2 hours ago"),
        (86400, "1 day ago"),
        (40 * 86400, "1 month ago"),
        (800 * 86400, "2 years ago"),
    ],
)
def test_ages(seconds: int, said: str) -> None:
    """In the largest unit that fits; a clock that is a little ahead does no harm."""
    assert write_age(NOW - timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.04, "0.0 s"), (59.94, "59.9 s"), (61, "1 min 1 s"), (3720, "1 h 2 min"), (-1, "0.0 s")]
)
def test_durations(seconds: float, said: str) -> None:
    """Tenths of seconds, then minutes, then hours."""
    assert write_duration(NOW, NOW + timedelta(seconds=seconds)) == said
    assert write_duration(NOW, None) == ""


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_960, "1.0 MB"), (5 * 10**9, "5.0 GB")]
)
def test_sizes(count: int, said: str) -> None:
    """In the unit that suits."""
    assert write_size(count) == said


@pytest.mark.parametrize(
    ("message", "said"), [("", "(no message)"), ("\n  \n", "(no message)"), ("a\nb", "a"), ("x" * 300, "x" * 119 + "…")]
)
def test_titles(message: str, said: str) -> None:
    """The first line, shortened."""
    assert write_title(Commit("a" * 40, "main", message)) == said
