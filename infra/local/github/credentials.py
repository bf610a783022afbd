"""The credentials of an App, made when it is registered."""

import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_KEY_BITS = 2048  # what GitHub gives its Apps


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """A key pair in PEM and two secrets. The private key and the secrets are for the App to keep."""

    private_key: str
    public_key: str
    webhook_secret: str
    client_secret: str


def generate_app_credentials() -> AppCredentials:
    """Make fresh credentials, as registering an App at GitHub does."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM,
        serialization.PublicFormat.SubjectPublicKeyInfo,
    )
    return AppCredentials(private.decode(), public.decode(), secrets.token_hex(32), secrets.token_hex(20))
