"""Access tokens: made with a name, scopes and an end, and recognised by their secret alone."""

from datetime import timedelta

import pytest
from front import ADA, BOB
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from battleshiper.platform.model.access_token import MAX_TOKENS, AccessTokenRefusedError, Scope
from battleshiper.platform.store.port import MissingError

DAY = timedelta(days=1)


@pytest.fixture
def issue(front, store):
    """Make a token of Ada's."""
    store.welcome(ADA)

    def issue(name="laptop", scopes=(Scope.READ,), lifetime=DAY, account_id=ADA.id):
        return front.tokens.issue(account_id, name, scopes, lifetime)

    return issue


def test_a_token_is_recognised_until_it_ends(front, issue, store, clock):
    """It shows whose it is and what for; what is kept of it opens nothing."""
    token, text = issue(" laptop ", {Scope.READ, Scope.WRITE})
    assert (token.name, token.scopes, token.expires_at) == ("laptop", {Scope.READ, Scope.WRITE}, clock() + DAY)
    assert front.tokens.recognise(text) == (token, store.account(ADA.id))
    assert text.rpartition("_")[2] not in repr(store.access_tokens(ADA.id))
    assert front.tokens.recognise(text.replace(text.rpartition("_")[2], token.sha256)) is None
    clock.advance(days=1)
    assert front.tokens.recognise(text) is None


def test_a_token_is_ended(front, issue, store):
    """By its owner, or with the account."""
    (first, text), (_, other) = issue(), issue()
    store.end_access_token(ADA.id, first.id)
    assert front.tokens.recognise(text) is None
    assert front.tokens.recognise(other) is not None
    store.delete_account(ADA.id)
    assert front.tokens.recognise(other) is None


def test_another_accounts_number(front, issue, store):
    """It is the number that the token was made for, and no other."""
    store.welcome(BOB)
    _, text = issue()
    assert front.tokens.recognise(text.replace("_7_", "_8_")) is None


@pytest.mark.parametrize(
    ("name", "scopes", "lifetime", "why"),
    [
        ("", [Scope.READ], DAY, "name"),
        (" ", [Scope.READ], DAY, "name"),
        ("x" * 81, [Scope.READ], DAY, "name"),
        ("a\nb", [Scope.READ], DAY, "name"),
        ("laptop", [], DAY, "scope"),
        ("laptop", [Scope.READ], timedelta(0), "days"),
        ("laptop", [Scope.READ], timedelta(days=367), "days"),
        ("laptop", [Scope.READ], -DAY, "days"),
    ],
)
def test_what_no_token_is_made_of(issue, name, scopes, lifetime, why):
    """The refusal says what is wrong."""
    with pytest.raises(AccessTokenRefusedError, match=why):
        issue(name, scopes, lifetime)


def test_there_are_not_too_many(issue):
    """And none of nobody's."""
    for _ in range(MAX_TOKENS):
        issue()
    with pytest.raises(AccessTokenRefusedError, match="already"):
        issue()
    with pytest.raises(MissingError):
        issue(account_id=9)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.one_of(st.text(max_size=120), st.from_regex(r"bship_[0-9]{1,25}_[0-9a-f]{16}_[0-9a-f]{64}", fullmatch=True)))
def test_what_is_no_token(front, text):
    """It is nobody's, whatever it looks like."""
    assert front.tokens.recognise(text) is None
