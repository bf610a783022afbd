"""Passing faults and lasting ones."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.bot.faults import explain_answer
from battleshiper.bot.github import GitHubRefusedError, GitHubUnavailableError

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def pause_of(status: int, headers: dict[str, str], body: str = "{}") -> float | None:
    """Return how long an answer asks to wait."""
    error = explain_answer(status, headers, body, NOW)
    assert isinstance(error, GitHubUnavailableError)
    return error.retry_after


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 422, 451])
def test_what_a_repetition_cannot_change_is_refused(status: int) -> None:
    """Client errors are for good, and carry their status and GitHub's words."""
    error = explain_answer(status, {}, '{"message": "Not Found"}', NOW)
    assert isinstance(error, GitHubRefusedError)
    assert error.status == status
    assert str(error) == f"GitHub answered {status}: Not Found"


@pytest.mark.parametrize("status", [401, 408, 425, 500, 502, 503, 504])
def test_what_passes_is_unavailable(status: int) -> None:
    """Server errors and replaced credentials are worth another attempt, at a time of our choice."""
    assert pause_of(status, {}, "<html>") is None


@pytest.mark.parametrize("status", [403, 429, 503])
def test_retry_after_is_obeyed(status: int) -> None:
    """Seconds and dates are both understood."""
    assert pause_of(status, {"retry-after": "17"}) == 17
    assert pause_of(status, {"retry-after": "Fri, 02 Jan 2026 03:05:05 GMT"}) == 60


def test_an_exhausted_limit_waits_for_its_reset() -> None:
    """403 with nothing remaining is a limit, not a lack of permission."""
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) + 90)}
    assert pause_of(403, headers) == 90


def test_a_secondary_limit_without_headers_waits_a_minute() -> None:
    """GitHub names some limits in words only."""
    assert pause_of(403, {}, '{"message": "You have exceeded a secondary rate limit."}') == 60
    assert pause_of(429, {}) == 60


def test_a_wrong_clock_does_not_stop_us_for_days() -> None:
    """The pause is bounded at both ends."""
    ahead = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) + 10**6)}
    behind = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}
    assert pause_of(403, ahead) == 3660
    assert pause_of(403, behind) == 1


def test_details_of_a_validation_are_told() -> None:
    """What GitHub lists under `errors` is part of the message."""
    body = '{"message": "Validation Failed", "errors": [{"message": "No commit found"}, "bad", {"code": 1}]}'
    assert str(explain_answer(422, {}, body, NOW)).endswith("Validation Failed No commit found bad")


@given(
    st.integers(300, 599),
    st.dictionaries(st.sampled_from(["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset"]), st.text()),
    st.text() | st.from_regex(r'\{"message": .*\}'),
)
def test_no_answer_is_too_strange(status: int, headers: dict[str, str], body: str) -> None:
    """Whatever comes back is one of the two errors, with a sane pause."""
    error = explain_answer(status, headers, body, NOW)
    assert isinstance(error, GitHubRefusedError | GitHubUnavailableError)
    if isinstance(error, GitHubUnavailableError) and error.retry_after is not None:
        assert 1 <= error.retry_after <= 3660
