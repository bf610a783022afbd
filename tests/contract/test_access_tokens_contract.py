"""Every store keeps access tokens until they end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from battleshiper.platform.model.access_token import AccessToken, Scope
from battleshiper.platform.model.account import Identity
from battleshiper.platform.store.port import MissingError


@pytest.fixture
def token(clock) -> AccessToken:
    """A token to keep."""
    scopes = frozenset({Scope.READ, Scope.WRITE})
    return AccessToken("t1", 7, "laptop \ud83d", scopes, "digest", clock(), clock() + timedelta(days=30))


def test_tokens_are_kept_until_they_end(store, token, clock):
    """Each account's apart, the newest first."""
    store.welcome(Identity(7, "ada"))
    store.welcome(Identity(8, "bob"))
    store.add_access_token(token)
    clock.advance(1)
    newer = replace(token, id="t2", name="server", scopes=frozenset({Scope.ADMIN}), created_at=clock())
    store.add_access_token(newer)
    kept = replace(token, name="laptop ?")
    assert store.access_tokens(7) == [newer, kept]
    assert store.access_tokens(8) == []
    assert store.access_token(7, "t1") == kept
    for account_id, absent in ((8, "t1"), (7, "t3"), (7, ""), (7, "x" * 3000)):
        with pytest.raises(MissingError):
            store.access_token(account_id, absent)
    assert not store.end_access_token(8, "t1")
    assert store.end_access_token(7, "t1")
    assert not store.end_access_token(7, "t1")
    assert store.access_tokens(7) == [newer]
    clock.advance(timedelta(days=30).total_seconds())
    assert store.access_tokens(7) == []
    with pytest.raises(MissingError):
        store.access_token(7, "t2")


def test_tokens_end_with_their_account(store, token):
    """Nothing is kept for nobody, and nothing is left."""
    with pytest.raises(MissingError):
        store.add_access_token(token)
    store.welcome(Identity(7, "ada"))
    store.add_access_token(token)
    store.delete_account(7)
    store.welcome(Identity(7, "ada"))
    assert store.access_tokens(7) == []


def test_signing_out_everywhere_leaves_tokens(store, token):
    """They are programs', not browsers'; without leave to ask GitHub they see nothing."""
    store.welcome(Identity(7, "ada"))
    store.add_access_token(token)
    store.end_sessions(7)
    assert len(store.access_tokens(7)) == 1
