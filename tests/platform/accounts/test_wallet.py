"""The wallet: tokens are sealed, renewed in time, and given up when GitHub says so."""

import json
from datetime import timedelta

import pytest
from front import ADA, Front

from battleshiper.platform.accounts.wallet import Wallet
from battleshiper.platform.identity.port import IdentityRefusedError, IdentityUnavailableError
from battleshiper.platform.sealing.seal import Seal


@pytest.fixture
def expiring(front: Front, clock):
    """Ada, whose tokens end after eight hours."""
    front.provider.expires_at = clock() + timedelta(hours=8)
    return front.admit()


def test_tokens_are_sealed(front, store):
    """The store does not tell them, and another account's are not taken for these."""
    front.admit()
    sealed = store.user_tokens(ADA.id)
    assert "access" not in sealed
    store.welcome(type(ADA)(9, "eve"))
    store.keep_user_tokens(9, sealed)
    with pytest.raises(IdentityRefusedError):
        front.wallet.access(9)


def test_tokens_are_renewed_before_they_end(front, expiring, clock):
    """A minute before; what comes of it is kept."""
    first = front.wallet.access(ADA.id)
    clock.advance(hours=7, minutes=58)
    assert front.wallet.access(ADA.id) == first
    clock.advance(minutes=1)
    second = front.wallet.access(ADA.id)
    assert second != first
    assert front.wallet.access(ADA.id) == second


def test_tokens_without_an_end_are_kept(front, clock):
    """Apps may opt out of expiry."""
    front.admit()
    clock.advance(days=4000)
    assert front.wallet.access(ADA.id)


def test_who_is_slower_takes_what_the_faster_got(front, expiring, clock, store):
    """A refresh token is good once; another process may have used it a moment ago."""
    clock.advance(hours=8)
    seal = Seal(lambda: "k" * 43)

    class Slow:
        def renew(self, refresh):
            store.keep_user_tokens(ADA.id, seal.seal(json.dumps(["faster", "", ""]), "the account 7"))
            raise IdentityRefusedError("used")

    assert Wallet(store, Slow(), seal, clock).access(ADA.id) == "faster"


def test_what_cannot_be_renewed(front, expiring, clock, store):
    """Refused tokens mean signing in again; while GitHub is down they are kept."""
    clock.advance(hours=8)
    front.provider.error = IdentityUnavailableError("down")
    with pytest.raises(IdentityUnavailableError):
        front.wallet.access(ADA.id)
    front.provider.error = None
    front.provider.revoke_all()
    with pytest.raises(IdentityRefusedError):
        front.wallet.access(ADA.id)
    store.keep_user_tokens(ADA.id, None)
    with pytest.raises(IdentityRefusedError):
        front.wallet.access(ADA.id)


def test_a_key_that_was_changed(front, store, clock):
    """Whoever signed in with the one before signs in again; nothing else is lost."""
    front.admit()
    with pytest.raises(IdentityRefusedError):
        Wallet(store, front.provider, Seal(lambda: "x" * 43), clock).access(ADA.id)
