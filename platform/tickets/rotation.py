"""Rotation: the ticket keys that are in use, and how others take their place while the platform runs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

from battleshiper.platform.secrets.port import Secrets
from battleshiper.platform.tickets.contention import persevere
from battleshiper.platform.tickets.keys import (
    KeyRing,
    PublicKeys,
    PublicRing,
    keep_ring,
    load_ring,
    verifying_keys,
)
from battleshiper.platform.tickets.mint import Mint
from battleshiper.platform.tickets.ticket import TicketGrant

OLDEST = timedelta(days=30)
"""How long a key signs."""


class RotatingKeys:
    """Signs with the newest key, and verifies with each one whose tickets may still be good."""

    def __init__(
        self,
        secrets: Secrets,
        clock: Callable[[], datetime],
        *,
        announce: Callable[[PublicRing], None] = lambda _: None,
    ) -> None:
        """Load the keys, or make them; raises SecretsError. `announce` tells the gates of other processes which keys
        to verify with, before one of them signs; `announced.AnnouncedKeys` reads it there."""
        self._secrets = secrets
        self._clock = clock
        self._announce = announce
        self._rotating = Lock()
        self._use(load_ring(secrets, clock()))

    def mint(self, grant: TicketGrant) -> str:
        """Return a fresh ticket for `grant`."""
        return self._mint.mint(grant)

    def verifying(self) -> PublicKeys:
        """Return every key that may have signed a ticket which is still good."""
        return verifying_keys(self._ring, self._clock())

    @property
    def ring(self) -> KeyRing:
        """The keys as they are used now."""
        return self._ring

    def rotate(self) -> KeyRing:
        """Sign with a fresh key from now on, and return the ring with it. Raises SecretsError, or what the disk
        raises; then all is as before."""
        with self._rotating:
            persevere(self._rotate)
            return self._ring

    def rotate_old(self) -> bool:
        """Rotate if the key that signs is older than it may be, or of unknown age; tell whether it was."""
        with self._rotating:
            return self._is_old(self._ring) and persevere(partial(self._rotate, self._is_old))

    def _is_old(self, ring: KeyRing) -> bool:
        return ring.made_at is None or self._clock() - ring.made_at > OLDEST

    def _rotate(self, is_due: Callable[[KeyRing], bool] = lambda _: True) -> bool:
        now = self._clock()
        # Another process may have rotated since we looked.
        before = load_ring(self._secrets, now)
        if not is_due(before):
            self._use(before)
            return False
        ring = before.rotated(now)
        # Kept before it signs: a ticket must not outlive the memory of its key.
        self._announce(ring.public())
        keep_ring(self._secrets, ring, in_place_of=before)
        self._use(ring)
        return True

    def _use(self, ring: KeyRing) -> None:
        # The gate must know a key before tickets carry it.
        self._ring = ring
        self._mint = Mint(ring, self._clock)
