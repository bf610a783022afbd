"""Subscriptions: names, days, and the sentence of a refusal."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.model.subscription import (
    Limit,
    Subscription,
    SubscriptionRefusedError,
    check_subscription,
    day_of,
    explain_refusal,
    next_day,
)


@given(st.integers(0, 10**10))
def test_a_day_ends_when_the_next_begins(microseconds: int) -> None:
    """Counting begins anew within a day, at midnight UTC."""
    moment = datetime(2026, 1, 2, tzinfo=UTC) + timedelta(microseconds=37 * microseconds)
    end = next_day(moment)
    assert moment < end <= moment + timedelta(days=1)
    assert day_of(end - timedelta(microseconds=1)) == day_of(moment)
    assert day_of(end) != day_of(moment)


@pytest.mark.parametrize("name", ["", "Large", "a b", "-a", "a-", "a--b", "x" * 40, "a/b", "ä"])
def test_what_is_no_name(name: str) -> None:
    """It is refused with the rule."""
    with pytest.raises(SubscriptionRefusedError, match="hyphens"):
        check_subscription(Subscription(name))
    check_subscription(Subscription("large-2"))


@pytest.mark.parametrize("most", [-1, 2**53 + 1])
def test_what_is_no_limit(most: int) -> None:
    """It is named."""
    with pytest.raises(SubscriptionRefusedError, match="daily_builds"):
        check_subscription(Subscription("large", {Limit.DAILY_BUILDS: most}))


@given(st.sampled_from(Limit), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_refusal_fits_on_github(limit: Limit, used: int, most: int) -> None:
    """Whatever is limited, which account it is and how much it is: 140 characters are all there is."""
    sentence = explain_refusal(limit, used, most, "a-name-of-39-characters-as-github-allows")
    assert len(sentence) <= 140
    assert f"{used:,}" in sentence
    assert f"{most:,}" in sentence
