"""Which deliveries are asked for again."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.bot.connection import Connection
from battleshiper.bot.github import GitHubRefusedError
from battleshiper.bot.redelivery import KEPT_FOR, Attempt, Redelivery, to_redeliver

NOW = datetime(2026, 1, 10, tzinfo=UTC)


def attempt(number: int, guid: str, age: timedelta, *, is_ok: bool = False) -> Attempt:
    """Return an attempt made some time ago."""
    return Attempt(number, guid, NOW - age, is_ok)


MINUTE = timedelta(minutes=1)


def test_what_never_arrived_is_repeated_oldest_first() -> None:
    """The latest attempt of each failed delivery is the one to repeat."""
    attempts = [attempt(3, "b", 5 * MINUTE), attempt(2, "a", 6 * MINUTE), attempt(1, "a", 9 * MINUTE)]
    assert to_redeliver(attempts, NOW) == [2, 3]


def test_what_arrived_once_is_left_alone() -> None:
    """One good attempt is enough, whenever it was."""
    attempts = [attempt(2, "a", 5 * MINUTE), attempt(1, "a", 9 * MINUTE, is_ok=True)]
    assert to_redeliver(attempts, NOW) == []


def test_a_delivery_that_keeps_failing_is_repeated_ever_more_rarely() -> None:
    """The pause doubles up to four hours, so three days cost at most some thirty attempts."""
    attempts = [attempt(1, "a", timedelta(0))]
    at, moments = NOW, [NOW]
    while at < NOW + KEPT_FOR + timedelta(days=1):
        at += MINUTE
        if due := to_redeliver(attempts, at):
            attempts.append(Attempt(due[0] + 1, "a", at, is_ok=False))
            moments.append(at)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert gaps[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert max(gaps) == timedelta(hours=4)
    assert len(moments) > 20


def test_what_github_has_forgotten_is_not_asked_for() -> None:
    """Three days are the end."""
    assert to_redeliver([attempt(1, "a", KEPT_FOR)], NOW) == []
    assert to_redeliver([attempt(1, "a", KEPT_FOR - MINUTE)], NOW) == [1]


@given(
    st.lists(
        st.builds(
            Attempt,
            st.integers(1, 50),
            st.sampled_from("abc"),
            st.timedeltas(timedelta(0), timedelta(days=4)).map(lambda age: NOW - age),
            st.booleans(),
        )
    )
)
def test_each_delivery_is_asked_for_at_most_once_and_never_after_it_arrived(attempts: list[Attempt]) -> None:
    """For any history, only failed deliveries are chosen, one attempt each."""
    chosen = to_redeliver(attempts, NOW)
    arrived = {attempt.guid for attempt in attempts if attempt.is_ok}
    failed = {attempt.guid for attempt in attempts} - arrived
    assert len(chosen) <= len(failed)
    assert set(chosen) <= {attempt.id for attempt in attempts if attempt.guid in failed}


class Deliveries(Connection):
    """A connection that gives prepared pages and remembers what it was asked."""

    def __init__(self, *pages: list[dict[str, object]]) -> None:
        super().__init__(1, "", "http://localhost")
        self.given = pages
        self.read = 0
        self.asked: list[str] = []
        self.refused: set[str] = set()

    def pages(self, access: object, path: str, limit: int) -> Iterator[Any]:
        """Give the pages one by one."""
        for page in self.given:
            self.read += 1
            yield page

    def ask(
        self,
        access: object,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Any:
        """Remember the request."""
        self.asked.append(f"{method} {path}")
        if path in self.refused:
            raise GitHubRefusedError("not any more", status=422)


def listed(number: int, guid: str, age: timedelta, status_code: int) -> dict[str, object]:
    """Return an entry of GitHub's list."""
    return {"id": number, "guid": guid, "delivered_at": (NOW - age).isoformat(), "status_code": status_code}


def test_old_pages_are_not_read(caplog: pytest.LogCaptureFixture) -> None:
    """The list ends where it gets too old; one refusal does not keep the others from being asked for."""
    connection = Deliveries(
        [listed(4, "d", 2 * MINUTE, 200), listed(3, "c", 3 * MINUTE, 502)],
        [listed(2, "b", timedelta(days=2), 0), listed(1, "a", timedelta(days=5), 0)],
        [listed(0, "z", timedelta(days=6), 0)],
    )
    connection.refused = {"/app/hook/deliveries/2/attempts"}
    assert Redelivery(connection, lambda: NOW).redeliver() == 1
    assert connection.read == 2
    assert connection.asked == ["POST /app/hook/deliveries/2/attempts", "POST /app/hook/deliveries/3/attempts"]
    assert "does not redeliver 2" in caplog.text
