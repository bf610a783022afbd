"""The App that the benchmarks' webhooks are for."""

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

APP_ID = 4242
WEBHOOK_SECRET = "it is signed with this on both sides"  # noqa: S105 - nothing real
REPOSITORY_ID = 1296269
REPOSITORY = "octo-org/hello-world"


def new_private_key() -> str:
    """Return a fresh RSA key as GitHub gives an App one."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
