"""The platform's secrets in Secrets Manager."""

from enum import StrEnum

from battleshiper.platform.sealing.seal import SEAL_KEY
from battleshiper.platform.secrets.port import OPERATOR_TOKEN as _OPERATOR_TOKEN
from battleshiper.platform.tickets.names import KEYS_SECRET, PUBLIC_KEYS_SECRET


class SecretName(StrEnum):
    """What each is called, after the prefix."""

    TICKET_KEYS = KEYS_SECRET
    """Signs tickets: for those alone who mint them."""
    TICKET_PUBLIC_KEYS = PUBLIC_KEYS_SECRET
    """Verifies tickets: the public halves of the ticket keys."""
    OPERATOR_TOKEN = _OPERATOR_TOKEN
    GITHUB_PRIVATE_KEY = "github-private-key"
    GITHUB_WEBHOOK_SECRET = "github-webhook-secret"  # noqa: S105 - a name
    GITHUB_CLIENT = "github-client"
    """Lets people sign in: the App's client id and client secret, a line each."""
    VARIABLES_KEY = SEAL_KEY
    """Seals the projects' environment variables: for those who set them and tell them to builds."""
    ORIGIN_SECRET = "origin-secret"  # noqa: S105 - a name
    """What CloudFront sends to the platform's own origins."""
