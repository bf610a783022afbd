"""Every store keeps accounts, what they may see, and their sessions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from battleshiper.platform.model.account import Identity
from battleshiper.platform.model.reach import Permission, Reach
from battleshiper.platform.model.role import Role
from battleshiper.platform.model.session import Session
from battleshiper.platform.store.port import ConflictError, MissingError

ADA = Identity(7, "ada", "Ada L.", "https://avatars.example/7")


@pytest.fixture
def session(clock) -> Session:
    """A session to keep."""
    return Session("s1", 7, 1, "secret", "", "form", clock(), clock(), clock() + timedelta(days=30))


def test_an_account_is_made_once(store, clock):
    """Whoever signs in again keeps roles and age; names follow GitHub; the id is what counts."""
    made = store.welcome(ADA)
    assert (made.id, made.login, made.name, made.avatar_url, made.roles) == (7, "ada", ADA.name, ADA.avatar_url, set())
    assert made.created_at == made.signed_in_at == clock()
    store.set_roles(7, {Role.SUPPORT})
    clock.advance(60)
    again = store.welcome(replace(ADA, login="countess", name=""), {Role.ROLE_MANAGER})
    assert again == store.account(7)
    assert (again.login, again.name, again.epoch) == ("countess", "", made.epoch)
    assert again.roles == {Role.SUPPORT, Role.ROLE_MANAGER}
    assert (again.created_at, again.signed_in_at) == (made.created_at, clock())
    bob = store.welcome(Identity(8, "bob"))
    assert store.accounts() == [bob, again]


def test_roles_are_replaced(store):
    """Roles are what was set last; nobody's cannot be set."""
    store.welcome(ADA, {Role.SUPPORT, Role.MAINTAINER})
    assert store.set_roles(7, {Role.SUBSCRIPTION_MANAGER}).roles == {Role.SUBSCRIPTION_MANAGER}
    assert store.set_roles(7, ()).roles == store.account(7).roles == frozenset()
    with pytest.raises(MissingError):
        store.set_roles(8, ())
    with pytest.raises(MissingError):
        store.account(8)


def test_what_belongs_to_an_account(store, clock):
    """Tokens and reach are kept with an account, and nowhere without it."""
    reach = Reach({1: Permission.READ, 2**53: Permission.ADMIN}, clock())
    with pytest.raises(MissingError):
        store.keep_user_tokens(7, "sealed")
    with pytest.raises(MissingError):
        store.keep_reach(7, reach)
    store.welcome(ADA)
    assert (store.user_tokens(7), store.reach(7)) == (None, None)
    store.keep_user_tokens(7, "sealed")
    store.keep_reach(7, reach)
    assert (store.user_tokens(7), store.reach(7)) == ("sealed", reach)
    store.keep_reach(7, Reach({}, clock()))
    store.keep_user_tokens(7, None)
    assert (store.user_tokens(7), store.reach(7)) == (None, Reach({}, clock()))


@pytest.mark.parametrize("end", ["end_sessions", "delete_account"])
def test_the_end_of_all_sessions(store, clock, end):
    """Sessions of an account end with a change of its epoch, which takes along what lets us ask GitHub."""
    epoch = store.welcome(ADA).epoch
    store.keep_user_tokens(7, "sealed")
    store.keep_reach(7, Reach({}, clock()))
    getattr(store, end)(7)
    getattr(store, end)(8)
    clock.advance(1)
    assert store.welcome(ADA).epoch > epoch
    assert (store.user_tokens(7), store.reach(7)) == (None, None)


def test_an_account_is_deleted(store):
    """It is there no more, and a second time nothing happens."""
    store.welcome(ADA, {Role.SUPPORT})
    assert store.delete_account(7)
    assert not store.delete_account(7)
    assert store.accounts() == []
    assert store.welcome(ADA).roles == frozenset()


def test_a_session_is_kept_until_it_expires(store, session, clock):
    """It is found until its end."""
    store.add_session(session)
    assert store.session("s1") == session
    clock.advance(timedelta(days=30).total_seconds() - 1)
    assert store.session("s1") == session
    clock.advance(1)
    for absent in ("s1", "s2", "", "x" * 5000):
        with pytest.raises(MissingError):
            store.session(absent)
    store.add_session(replace(session, id="s2", expires_at=clock() + timedelta(days=1)))
    store.end_session("s2")
    store.end_session("s2")
    with pytest.raises(MissingError):
        store.session("s2")


def test_a_session_is_renewed_once(store, session, clock):
    """Of two who renew it, one does; the secret before is remembered."""
    store.add_session(session)
    clock.advance(60)
    renewed = store.renew_session(session, "newer")
    assert renewed == replace(session, secret_sha256="newer", previous_sha256="secret", renewed_at=clock())
    assert store.session("s1") == renewed
    with pytest.raises(ConflictError):
        store.renew_session(session, "mine")
    store.end_session("s1")
    with pytest.raises(MissingError):
        store.renew_session(renewed, "newest")
