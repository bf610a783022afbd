"""Keys that one process announces and another one verifies with."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from battleshiper.platform.secrets.files import FileSecrets
from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.tickets.announced import AnnouncedKeys, announce
from battleshiper.platform.tickets.keys import LIFETIME, PublicRing
from battleshiper.platform.tickets.names import PUBLIC_KEYS_SECRET
from battleshiper.platform.tickets.rotation import RotatingKeys
from battleshiper.platform.tickets.ticket import Requester, Step, TicketGrant

GRANT = TicketGrant(Step.BUILD, Requester.WEBHOOK, 42, "project", "deployment")


class Counting(FileSecrets):
    """Secrets that count how often they are read."""

    reads = 0

    def get(self, name):
        self.reads += 1
        return super().get(name)


class Platform:
    """One process that signs, and one that verifies."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.secrets = FileSecrets(folder / "secrets")
        self.seen = Counting(folder / "secrets")
        self.signing = RotatingKeys(self.secrets, lambda: self.now, announce=self.announce)
        self.announced = AnnouncedKeys(self.seen, lambda: self.now)

    def announce(self, ring: PublicRing) -> None:
        announce(self.secrets, ring, self.now)

    def knows(self, token: str) -> bool:
        return self.announced.verifying().by_kid.get(jwt.get_unverified_header(token)["kid"]) is not None


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path)


def test_nothing_announced(platform: Platform) -> None:
    """Before the first announcement nothing is verified, and that is an error that passes: no ticket is refused."""
    with pytest.raises(SecretsError, match="sweeper"):
        platform.knows(platform.signing.mint(GRANT))


def test_a_new_key_is_known_at_once(platform: Platform) -> None:
    """A ticket that names an unknown key makes the gate look again, so a rotation refuses nobody's ticket."""
    platform.announce(platform.signing.ring.public())
    old = platform.signing.mint(GRANT)
    assert platform.knows(old)
    platform.now += timedelta(seconds=11)
    platform.signing.rotate()
    assert platform.knows(platform.signing.mint(GRANT))
    assert platform.knows(old)
    platform.now += LIFETIME
    assert not platform.knows(old)


def test_invented_keys_cost_little(platform: Platform) -> None:
    """However many unknown keys are named, the secret is read again every ten seconds at most."""
    platform.announce(platform.signing.ring.public())
    platform.now += timedelta(seconds=11)
    for _ in range(20):
        assert platform.announced.verifying().by_kid.get("invented") is None
    assert platform.seen.reads == 1


def test_what_is_announced_signs_nothing(platform: Platform) -> None:
    """The announcement holds no private key, and repeating it changes nothing."""
    platform.signing.rotate()
    platform.announce(platform.signing.ring.public())
    text = platform.secrets.get(PUBLIC_KEYS_SECRET)
    assert "PRIVATE" not in text
    assert platform.signing.ring.kid in text


def test_keys_are_read_again_now_and_then(platform: Platform) -> None:
    """A warm process forgets a retired key that another one has dropped."""
    platform.announce(platform.signing.ring.public())
    platform.knows(platform.signing.mint(GRANT))
    platform.now += timedelta(minutes=6)
    platform.knows(platform.signing.mint(GRANT))
    assert platform.seen.reads == 2


def test_keys_that_two_announce_at_the_same_moment(platform: Platform) -> None:
    """Whoever's key will sign in the end, gates know it, and another one's for as long as a ticket lasts."""
    late = platform.signing.ring.public()
    platform.signing.rotate()
    token = platform.signing.mint(GRANT)
    platform.announce(late)
    assert platform.knows(token)
    platform.announce(late)
    platform.now += LIFETIME + timedelta(seconds=1)
    platform.announce(late)
    assert not platform.knows(token)


def test_announcing_again_writes_nothing(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweeper does so each minute, and Secrets Manager counts versions."""
    platform.announce(platform.signing.ring.public())
    platform.signing.rotate()
    monkeypatch.setattr(platform.secrets, "replace", None)
    for _ in range(3):
        platform.now += timedelta(minutes=1)
        platform.announce(platform.signing.ring.public())
