"""Who may ask the router: CloudFront, which sends a secret with every request for this origin."""

import hmac
from collections.abc import Callable, Iterable, Mapping

ORIGIN_HEADER = "x-battleshiper-secret"
"""A custom header of the origin. CloudFront replaces what a client sends under this name, which the edge function has
removed already."""
REFUSAL = "This address is not for visitors."
"""How an answer begins to what came another way."""


class Gate:
    """Lets through what came through CloudFront.

    A signature would be better than a secret, but CloudFront signs no request whose body the client has not hashed
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html).
    """

    def __init__(self, secrets: Callable[[], Iterable[str]]) -> None:
        """`secrets` tells the valid ones: one, or two while it is being changed."""
        self._secrets = secrets

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Tell whether a request with these headers may pass; takes the same time whatever is wrong with it."""
        given = headers.get(ORIGIN_HEADER, "").encode(errors="replace")
        matches = [bool(secret) and hmac.compare_digest(given, secret.encode()) for secret in self._secrets()]
        return any(matches)
