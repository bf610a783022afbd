"""Sessions: what a cookie is good for, how it is renewed, and every way in which it ends."""

import pytest
from front import ADA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from battleshiper.platform.accounts.sessions import LIFETIME


@pytest.fixture
def entered(front):
    """Ada's session."""
    return front.admit()


def test_a_cookie_opens_its_session(front, entered, store):
    """It is recognised as it is, and what is kept of it opens nothing."""
    again = front.desk.enter(entered.new_cookie)
    assert again.session == entered.session
    assert again.account == store.account(ADA.id)
    assert again.new_cookie is None
    id_, secret = entered.new_cookie.split(".")
    kept = store.session(id_)
    assert secret not in repr(kept)
    assert front.desk.enter(f"{id_}.{kept.secret_sha256}") is None
    assert secret not in repr(entered)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(max_size=200))
def test_any_other_cookie_opens_nothing(front, entered, text):
    """Whatever somebody makes up; and it ends nobody's session."""
    assert front.desk.enter(text) is None
    assert front.desk.enter(f"{entered.session.id}.{text}") is None
    assert front.desk.enter(entered.new_cookie) is not None


def test_a_cookie_is_renewed_every_hour(front, entered, clock):
    """The one before stays good for a minute, for what the browser had under way."""
    clock.advance(minutes=59)
    assert front.desk.enter(entered.new_cookie).new_cookie is None
    clock.advance(minutes=1)
    renewed = front.desk.enter(entered.new_cookie)
    assert renewed.new_cookie not in (None, entered.new_cookie)
    assert renewed.session.id == entered.session.id
    assert renewed.session.form_token == entered.session.form_token
    clock.advance(seconds=59)
    assert front.desk.enter(entered.new_cookie).new_cookie is None
    assert front.desk.enter(renewed.new_cookie).new_cookie is None


def test_a_cookie_from_before_ends_the_session(front, entered, clock):
    """Somebody has a copy: nobody can tell who is who, so both must sign in again."""
    clock.advance(hours=2)
    renewed = front.desk.enter(entered.new_cookie)
    clock.advance(minutes=1)
    assert front.desk.enter(entered.new_cookie) is None
    assert front.desk.enter(renewed.new_cookie) is None


def test_a_session_ends_after_its_time(front, entered, clock):
    """However busy it is."""
    cookie = entered.new_cookie
    for _ in range(int(LIFETIME.total_seconds() // 7200) - 1):
        clock.advance(hours=2)
        cookie = front.desk.enter(cookie).new_cookie
    clock.advance(hours=2)
    assert front.desk.enter(cookie) is None


def test_signing_out_ends_one_session(front, entered):
    """The others of the account go on."""
    other = front.admit()
    assert other.session.id != entered.session.id
    front.entrance.leave(entered.session)
    assert front.desk.enter(entered.new_cookie) is None
    assert front.desk.enter(other.new_cookie) is not None


@pytest.mark.parametrize("end", ["end_sessions", "delete_account"])
def test_the_account_ends_them_all(front, entered, store, end):
    """At once, wherever they are."""
    other = front.admit()
    getattr(store, end)(ADA.id)
    assert front.desk.enter(entered.new_cookie) is None
    assert front.desk.enter(other.new_cookie) is None


def test_two_requests_renew_once(front, entered, clock, store):
    """The one that comes second is let in all the same, and does not undo what the first has done."""
    clock.advance(hours=1)
    seen = store.session(entered.session.id)
    renewed = front.desk.enter(entered.new_cookie)
    store.session = lambda _: seen  # as the second read it before the first wrote
    second = front.desk.enter(entered.new_cookie)
    del store.session
    assert second is not None
    assert second.new_cookie is None
    assert front.desk.enter(renewed.new_cookie) is not None
