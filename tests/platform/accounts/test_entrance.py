"""The entrance: who is let in, and as what."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest
from front import ADA, BOB, Front

from battleshiper.platform.identity.port import IdentityRefusedError, IdentityUnavailableError
from battleshiper.platform.model.role import ALL_ROLES, Role


def test_an_attempt_has_its_own_secrets(front):
    """State and verifier are new each time; GitHub is told the verifier's digest alone."""
    first, second = front.entrance.begin(), front.entrance.begin()
    assert first.state != second.state
    assert first.verifier != second.verifier
    given = parse_qs(urlsplit(first.url).query)
    digest = urlsafe_b64encode(sha256(first.verifier.encode()).digest()).rstrip(b"=").decode()
    assert given == {"state": [first.state], "challenge": [digest]}
    assert 43 <= len(first.verifier) <= 128  # RFC 7636 4.1
    assert first.verifier not in repr(first)


def test_a_code_lets_in_once(front):
    """The verifier goes to GitHub with it."""
    entered = front.entrance.finish("ada", "verifier")
    assert (entered.account.id, entered.account.login, entered.account.roles) == (7, "ada", frozenset())
    assert front.provider.verifiers == ["verifier"]
    with pytest.raises(IdentityRefusedError):
        front.entrance.finish("ada", "verifier")


def test_nothing_is_kept_of_one_who_does_not_come_in(front, store):
    """GitHub may fail at any of its answers."""
    front.provider.error = IdentityUnavailableError("down")
    with pytest.raises(IdentityUnavailableError):
        front.entrance.finish("ada", "verifier")
    assert store.accounts() == []


def test_administrators_by_id(store, clock):
    """Whoever has one of these ids gets every role, whatever their name is now."""
    front = Front(store, clock, administrators={ADA.id})
    front.provider.codes["renamed"] = type(ADA)(ADA.id, "bob")
    assert front.entrance.finish("renamed", "").account.roles == ALL_ROLES
    assert front.entrance.finish("bob", "").account.roles == frozenset()
    store.set_roles(BOB.id, {Role.SUPPORT})
    front.provider.codes["bob"] = BOB
    assert front.entrance.finish("bob", "").account.roles == {Role.SUPPORT}


def test_leaving_everywhere(front, store):
    """All sessions end, and GitHub is told that the token is not needed any more, if it listens."""
    entered = front.admit()
    front.entrance.leave_everywhere(entered.account)
    assert front.provider.revoked == ["access0"]
    assert front.desk.enter(entered.new_cookie) is None
    assert store.user_tokens(ADA.id) is None
    again = front.admit()
    front.provider.error = IdentityUnavailableError("down")
    front.entrance.leave_everywhere(again.account)
    assert front.desk.enter(again.new_cookie) is None
