"""The ticket keys: one Ed25519 pair signs, earlier ones still verify until their last ticket has run out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.secrets.port import SecretChangedError, Secrets
from battleshiper.platform.tickets.names import KEYS_SECRET

LIFETIME = timedelta(hours=24)
"""How long a ticket is good: more than the longest queue and the longest build together."""


@dataclass(frozen=True, slots=True)
class RetiredKey:
    """A key that signs no more but still verifies."""

    kid: str
    public_pem: str
    verifies_until: datetime


@dataclass(frozen=True, slots=True)
class PublicRing:
    """What those need who verify and may not sign."""

    kid: str
    public_pem: str
    made_at: datetime | None = None
    """When the signing key was made; None where nobody wrote it down."""
    retired: tuple[RetiredKey, ...] = ()

    def with_keys_of(self, other: "PublicRing", now: datetime) -> Self:
        """Return this ring with whatever else the other one verifies, for as long as a ticket lasts."""
        last = RetiredKey(kid=other.kid, public_pem=other.public_pem, verifies_until=now + LIFETIME)
        known = {self.kid, *(key.kid for key in self.retired)}
        more = (key for key in (*other.retired, last) if key.kid not in known and key.verifies_until > now)
        return replace(self, retired=(*self.retired, *more))

    def to_json(self) -> str:
        """Return the ring as it is kept."""
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the ring that a text keeps, whatever else it says; raises ValueError for what keeps none."""
        try:
            kept = {name: value for name, value in json.loads(text).items() if value is not None}
            return cls(**{each.name: _READ[each.name](kept[each.name]) for each in fields(cls) if each.name in kept})
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError("The ticket keys that are kept among the secrets cannot be read.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing(PublicRing):
    """All ticket keys, as they are kept among the secrets."""

    private_pem: str = field(repr=False)

    def public(self) -> PublicRing:
        """Return the ring without what signs."""
        return PublicRing(self.kid, self.public_pem, self.made_at, self.retired)

    @classmethod
    def new(cls, made_at: datetime | None = None, retired: tuple[RetiredKey, ...] = ()) -> "KeyRing":
        """Make a ring with a fresh signing key."""
        private = Ed25519PrivateKey.generate()
        return cls(
            kid=new_identifier(),
            private_pem=private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
            public_pem=private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
            made_at=made_at,
            retired=retired,
        )

    def rotated(self, now: datetime) -> "KeyRing":
        """Return a ring that signs with a fresh key and verifies this one's tickets until they expire."""
        kept = tuple(key for key in self.retired if key.verifies_until > now)
        last = RetiredKey(kid=self.kid, public_pem=self.public_pem, verifies_until=now + LIFETIME)
        return KeyRing.new(now, (*kept, last))


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The keys a gate verifies with, by `kid`."""

    by_kid: Mapping[str, object]


def _read_retired(kept: list[dict[str, str]]) -> tuple[RetiredKey, ...]:
    return tuple(
        RetiredKey(key["kid"], key["public_pem"], datetime.fromisoformat(key["verifies_until"])) for key in kept
    )


_READ: Mapping[str, Callable[[Any], Any]] = {
    "kid": str,
    "public_pem": str,
    "private_pem": str,
    "made_at": datetime.fromisoformat,
    "retired": _read_retired,
}
"""How each field of a ring is read."""


def load_ring(secrets: Secrets, now: datetime) -> KeyRing:
    """Return the platform's ring, made at the first call."""
    return KeyRing.from_json(secrets.get_or_create(KEYS_SECRET, lambda: KeyRing.new(now).to_json()))


def keep_ring(secrets: Secrets, ring: KeyRing, *, in_place_of: KeyRing) -> None:
    """Put a ring in the place of the one it was made from; raises SecretChangedError when another one is there."""
    kept = secrets.get(KEYS_SECRET)
    if kept is None or KeyRing.from_json(kept) != in_place_of:
        raise SecretChangedError(KEYS_SECRET)
    secrets.replace(KEYS_SECRET, ring.to_json(), expected=kept)


def signing_key(ring: KeyRing) -> Ed25519PrivateKey:
    """Return the key that signs."""
    key = load_pem_private_key(ring.private_pem.encode(), password=None)
    assert isinstance(key, Ed25519PrivateKey)  # noqa: S101 - we made the ring; this tells the type checker
    return key


def verifying_keys(ring: PublicRing, now: datetime) -> PublicKeys:
    """Return every key that may have signed a ticket which is still good."""
    keys: dict[str, object] = {ring.kid: load_pem_public_key(ring.public_pem.encode())}
    for retired in ring.retired:
        if retired.verifies_until > now:
            keys[retired.kid] = load_pem_public_key(retired.public_pem.encode())
    return PublicKeys(keys)
