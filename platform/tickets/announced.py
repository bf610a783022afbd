"""Announced keys: how a gate verifies tickets in a process that may sign none, while another one changes the keys."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial

from battleshiper.platform.secrets.port import Secrets, SecretsError
from battleshiper.platform.tickets.contention import persevere
from battleshiper.platform.tickets.keys import PublicKeys, PublicRing, verifying_keys
from battleshiper.platform.tickets.names import PUBLIC_KEYS_SECRET

_KEPT = timedelta(minutes=5)
_PAUSE = timedelta(seconds=10)
"""So often does an unknown key make us look, whoever invents them."""


def announce(secrets: Secrets, ring: PublicRing, now: datetime) -> None:
    """Let every gate verify with these keys; see `AnnouncedKeys`. Safe to repeat; raises SecretsError.

    What others have announced stays announced until its tickets have run out: whoever rotates announces before it is
    certain that its key will sign, and another one's may.
    """
    persevere(partial(_announce, secrets, ring, now))


def _announce(secrets: Secrets, ring: PublicRing, now: datetime) -> None:
    kept = secrets.get_or_create(PUBLIC_KEYS_SECRET, ring.to_json)
    wanted = ring.with_keys_of(PublicRing.from_json(kept), now).to_json()
    if wanted != kept:
        secrets.replace(PUBLIC_KEYS_SECRET, wanted, expected=kept)


class AnnouncedKeys:
    """Verifies with the keys that were announced. They are read again every few minutes, and as soon as a ticket names
    a key that is not among them."""

    def __init__(self, secrets: Secrets, clock: Callable[[], datetime]) -> None:
        """Nothing is read yet."""
        self._secrets = secrets
        self._clock = clock
        self._ring: PublicRing | None = None
        self._read_at: datetime | None = None

    def verifying(self) -> PublicKeys:
        """Return every key that may have signed a ticket which is still good; raises SecretsError."""
        return PublicKeys(_Known(self))

    def read(self, older_than: timedelta) -> Mapping[str, object]:
        """Return the keys by `kid`, read anew if they were read longer ago than that."""
        now = self._clock()
        if self._ring is None or self._read_at is None or now - self._read_at > older_than:
            self._ring = _announced(self._secrets)
            self._read_at = now
        return verifying_keys(self._ring, now).by_kid


class _Known(Mapping[str, object]):
    def __init__(self, keys: AnnouncedKeys) -> None:
        self._keys = keys

    def __getitem__(self, kid: str) -> object:
        try:
            return self._keys.read(_KEPT)[kid]
        except KeyError:
            return self._keys.read(_PAUSE)[kid]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys.read(_KEPT))

    def __len__(self) -> int:
        return len(self._keys.read(_KEPT))


def _announced(secrets: Secrets) -> PublicRing:
    text = secrets.get(PUBLIC_KEYS_SECRET)
    if text is None:
        raise SecretsError(
            "There are no ticket keys yet. The sweeper makes them within a minute of the first deployment."
        )
    return PublicRing.from_json(text)
