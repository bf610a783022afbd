"""Invitations: good once, for a day, and only as they were issued."""

import pytest
from front import ADA, BOB
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from battleshiper.platform.accounts.invitations import InvitationRefusedError, Invitations
from battleshiper.platform.model.role import ALL_ROLES


@pytest.fixture
def invitations(store, clock):
    """Invitations of an operator."""
    return Invitations(store, "operator's", clock)


def test_an_invitation_makes_one_administrator(invitations, store):
    """Who took it may open it again; nobody else."""
    ada, bob = store.welcome(ADA), store.welcome(BOB)
    invitation = invitations.issue()
    assert invitations.accept(invitation, ada).roles == ALL_ROLES
    assert invitations.accept(invitation, ada).roles == ALL_ROLES
    with pytest.raises(InvitationRefusedError):
        invitations.accept(invitation, bob)
    assert store.account(BOB.id).roles == frozenset()
    assert invitations.accept(invitations.issue(), bob).roles == ALL_ROLES


def test_an_invitation_ends(invitations, store, clock):
    """After a day."""
    ada, invitation = store.welcome(ADA), invitations.issue()
    clock.advance(hours=23, minutes=59)
    invitations.accept(invitation, ada)
    clock.advance(minutes=1)
    with pytest.raises(InvitationRefusedError):
        invitations.accept(invitation, ada)


def test_another_operator_token_ends_them_all(invitations, store, clock):
    """They are signed with it."""
    with pytest.raises(InvitationRefusedError):
        Invitations(store, "another", clock).accept(invitations.issue(), store.welcome(ADA))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.one_of(st.text(max_size=120), st.from_regex(r"[0-9a-f]{24}\.[0-9]{1,20}\.[0-9a-f]{64}", fullmatch=True)))
def test_what_nobody_issued(invitations, store, text):
    """It is refused, whatever it looks like."""
    with pytest.raises(InvitationRefusedError):
        invitations.accept(text, store.welcome(ADA))
