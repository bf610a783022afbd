"""Rotation: keys change while tickets that they signed are still good."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from battleshiper.platform.secrets.files import FileSecrets
from battleshiper.platform.secrets.port import SecretChangedError
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.keys import LIFETIME, KeyRing, PublicRing
from battleshiper.platform.tickets.names import KEYS_SECRET
from battleshiper.platform.tickets.rotation import OLDEST, RotatingKeys
from battleshiper.platform.tickets.ticket import Requester, Step, TicketGrant, TicketRefusedError

GRANT = TicketGrant(Step.BUILD, Requester.WEBHOOK, 42, "project", "deployment")


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Spent:
    """Nothing is ever spent."""

    def spend_ticket(self, ticket_id: str, spender: str, expires_at: datetime) -> None:
        pass


class Platform:
    """A platform's keys, its gate, and where the keys are kept."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.secrets = FileSecrets(folder / "secrets")
        self.restart()

    def restart(self) -> None:
        self.keys = RotatingKeys(self.secrets, self.clock)
        self.gate = Gate(self.keys.verifying, Spent(), self.clock)  # type: ignore[arg-type] # only spends tickets

    def admits(self, token: str) -> bool:
        try:
            self.gate.admit(
                token, Step.BUILD, {GRANT.source}, project_id="project", deployment_id="deployment", spender="e"
            )
        except TicketRefusedError:
            return False
        return True

    def signing(self) -> str:
        """Return the id of the key that signs."""
        return key_of(self.keys.mint(GRANT))


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path)


def key_of(token: str) -> str:
    """Return the id of the key that signed a ticket."""
    return str(jwt.get_unverified_header(token)["kid"])


def test_a_rotation_while_tickets_are_under_way(platform: Platform) -> None:
    """New tickets carry the new key at once; old ones are good until they expire, after a restart too."""
    old = platform.keys.mint(GRANT)
    ring = platform.keys.rotate()
    new = platform.keys.mint(GRANT)
    assert key_of(new) == ring.kid != key_of(old)
    assert platform.admits(old)
    assert platform.admits(new)
    platform.restart()
    assert platform.signing() == ring.kid
    platform.clock.now += LIFETIME - timedelta(seconds=1)
    assert platform.admits(old)


def test_a_key_is_forgotten_with_its_last_ticket(platform: Platform) -> None:
    """Once no ticket of it can be good it verifies nothing, and the next rotation drops it."""
    first = platform.signing()
    platform.keys.rotate()
    assert first in platform.keys.verifying().by_kid
    platform.clock.now += LIFETIME
    assert first not in platform.keys.verifying().by_kid
    second = platform.signing()
    assert [key.kid for key in platform.keys.rotate().retired] == [second]


def test_several_rotations_in_a_day(platform: Platform) -> None:
    """Tickets of each key are good, however often it changed since."""
    tokens = [platform.keys.mint(GRANT)]
    for _ in range(3):
        platform.keys.rotate()
        tokens.append(platform.keys.mint(GRANT))
    assert len({key_of(token) for token in tokens}) == 4
    assert all(platform.admits(token) for token in tokens)


def test_a_key_grows_old(platform: Platform) -> None:
    """A key signs for thirty days; then another takes its place, once."""
    platform.clock.now += OLDEST
    assert not platform.keys.rotate_old()
    platform.clock.now += timedelta(seconds=1)
    before = platform.signing()
    assert platform.keys.rotate_old()
    assert not platform.keys.rotate_old()
    assert platform.signing() != before


def test_a_key_of_unknown_age(platform: Platform) -> None:
    """A ring from before ages were written down is taken for old, and its tickets stay good."""
    ring = replace(KeyRing.new(), made_at=None).to_json()
    platform.secrets.replace(KEYS_SECRET, ring, expected=platform.secrets.get(KEYS_SECRET))
    platform.restart()
    token = platform.keys.mint(GRANT)
    assert platform.keys.rotate_old()
    assert platform.admits(token)
    assert not platform.keys.rotate_old()


def test_a_key_that_cannot_be_kept_signs_nothing(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full all stays as it was: no ticket is signed with a key that a restart would not know."""
    before = platform.signing()

    def refuse(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as full:
        full.setattr(platform.secrets, "replace", refuse)
        with pytest.raises(OSError, match="No space"):
            platform.keys.rotate()
    assert platform.signing() == before
    platform.keys.rotate()
    assert platform.signing() != before


def test_two_who_rotate_at_the_same_moment(platform: Platform) -> None:
    """Neither loses the other's key: the tickets of both are good, and both sign with the key that was made last."""
    other: list[str] = []

    def overtake(_: PublicRing) -> None:
        if not other:
            theirs = RotatingKeys(platform.secrets, platform.clock)
            theirs.rotate()
            other.append(theirs.mint(GRANT))

    ours = RotatingKeys(platform.secrets, platform.clock, announce=overtake)
    before = ours.mint(GRANT)
    ring = ours.rotate()
    platform.restart()
    assert {key.kid for key in ring.retired} == {key_of(before), key_of(other[0])}
    assert platform.signing() == ring.kid
    assert all(platform.admits(token) for token in (before, other[0], ours.mint(GRANT)))


def test_a_key_that_grew_old_is_changed_once(platform: Platform) -> None:
    """Who finds that another process has changed it signs with that one's."""
    platform.clock.now += OLDEST + timedelta(seconds=1)
    theirs = RotatingKeys(platform.secrets, platform.clock)
    assert theirs.rotate_old()
    assert not platform.keys.rotate_old()
    assert platform.signing() == theirs.ring.kid


def test_others_who_are_always_faster(platform: Platform) -> None:
    """After some attempts it is left to them, and said."""
    ours = RotatingKeys(
        platform.secrets,
        platform.clock,
        announce=lambda _: RotatingKeys(platform.secrets, platform.clock).rotate() and None,
    )
    before = ours.ring
    with pytest.raises(SecretChangedError, match="Try again"):
        ours.rotate()
    assert ours.ring == before
