"""What GitHub lets people see is asked for each minute, and believed for a while when it cannot be asked."""

import pytest
from front import ADA

from battleshiper.platform.identity.port import IdentityError, IdentityRefusedError, IdentityUnavailableError
from battleshiper.platform.model.reach import Permission


def test_an_answer_is_good_for_a_minute(front, clock):
    """Then GitHub is asked again, and what it says counts."""
    front.admit(r7=Permission.WRITE)
    assert front.reaches.of(ADA.id).may_write(7)
    front.provider.allowed[ADA.id] = {8: Permission.READ}
    clock.advance(seconds=59)
    assert front.reaches.of(ADA.id).may_write(7)
    assert front.provider.asked == 1
    clock.advance(seconds=1)
    reach = front.reaches.of(ADA.id)
    assert (reach.may_see(7), reach.may_see(8), reach.may_write(8)) == (False, True, False)
    assert front.provider.asked == 2


def test_while_github_is_down(front, clock):
    """What it said last is believed for a quarter of an hour, and nothing after that."""
    front.admit(r7=Permission.READ)
    front.reaches.of(ADA.id)
    front.provider.error = IdentityUnavailableError("down")
    clock.advance(minutes=14)
    assert front.reaches.of(ADA.id).may_see(7)
    clock.advance(minutes=1)
    with pytest.raises(IdentityError):
        front.reaches.of(ADA.id)
    front.provider.error = None
    assert front.reaches.of(ADA.id).may_see(7)


def test_a_revoked_app_ends_the_sessions(front, clock):
    """Who takes our token away at GitHub is signed out here."""
    entered = front.admit(r7=Permission.READ)
    front.reaches.of(ADA.id)
    front.provider.revoke_all()
    clock.advance(minutes=2)
    with pytest.raises(IdentityRefusedError):
        front.reaches.of(ADA.id)
    assert front.desk.enter(entered.new_cookie) is None
