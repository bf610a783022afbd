"""The ticket keys: one Ed25519 pair signs, earlier ones still verify until their last ticket has run out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from pydantic import BaseModel, ConfigDict, Field

from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.secrets.port import SecretChangedError, Secrets

KEYS_SECRET = "ticket-keys"  # noqa: S105 - the name under which the keys are kept, not a key
LIFETIME = timedelta(hours=24)
"""How long a ticket is good: more than the longest queue and the longest build together."""


class RetiredKey(BaseModel):
    """A key that signs no more but still verifies."""

    model_config = ConfigDict(frozen=True)

    kid: str
    public_pem: str
    verifies_until: datetime


class PublicRing(BaseModel):
    """What those need who verify and may not sign."""

    model_config = ConfigDict(frozen=True)

    kid: str
    public_pem: str
    made_at: datetime | None = None
    """When the signing key was made; None where nobody wrote it down."""
    retired: tuple[RetiredKey, ...] = ()

    def with_keys_of(self, other: "PublicRing", now: datetime) -> "PublicRing":
        """Return this ring with whatever else the other one verifies, for as long as a ticket lasts."""
        last = RetiredKey(kid=other.kid, public_pem=other.public_pem, verifies_until=now + LIFETIME)
        known = {self.kid, *(key.kid for key in self.retired)}
        more = (key for key in (*other.retired, last) if key.kid not in known and key.verifies_until > now)
        return self.model_copy(update={"retired": (*self.retired, *more)})


class KeyRing(PublicRing):
    """All ticket keys, as they are kept among the secrets."""

    private_pem: str = Field(repr=False)

    def public(self) -> PublicRing:
        """Return the ring without what signs."""
        return PublicRing(**self.model_dump(exclude={"private_pem"}))

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


def load_ring(secrets: Secrets, now: datetime) -> KeyRing:
    """Return the platform's ring, made at the first call."""
    return KeyRing.model_validate_json(secrets.get_or_create(KEYS_SECRET, lambda: KeyRing.new(now).model_dump_json()))


def keep_ring(secrets: Secrets, ring: KeyRing, *, in_place_of: KeyRing) -> None:
    """Put a ring in the place of the one it was made from; raises SecretChangedError when another one is there."""
    kept = secrets.get(KEYS_SECRET)
    if kept is None or KeyRing.model_validate_json(kept) != in_place_of:
        raise SecretChangedError(KEYS_SECRET)
    secrets.replace(KEYS_SECRET, ring.model_dump_json(), expected=kept)


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
