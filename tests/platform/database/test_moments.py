"""Times and text as they are kept."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.database.text import storable


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_times_come_back_and_sort(one, other):
    """Exactly, to the microseconds, over all years."""
    assert from_microseconds(to_microseconds(one)) == one
    assert (to_microseconds(one) < to_microseconds(other)) == (one < other)


def test_a_time_is_the_same_in_every_zone():
    """And one without a zone is refused, because it is no moment."""
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert to_microseconds(moment.astimezone(timezone(timedelta(hours=9)))) == to_microseconds(moment)
    with pytest.raises(TypeError):
        to_microseconds(datetime(2026, 1, 1))  # noqa: DTZ001 - the point


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_can_be_stored(text):
    """Good text as it is, broken text at its full length."""
    stored = storable(text)
    stored.encode()
    assert len(stored) == len(text)
    assert storable(stored) == stored
    assert all(one == other for one, other in zip(stored, text, strict=True) if not "\ud800" <= other <= "\udfff")
