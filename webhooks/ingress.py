"""The ingress: where GitHub's deliveries enter the platform."""

from collections.abc import Callable
from datetime import datetime

from starlette.routing import Route

from battleshiper.platform.pipeline.requests import MintTicket
from battleshiper.platform.store.port import Deliveries
from battleshiper.webhooks.endpoint import Endpoint
from battleshiper.webhooks.router import Router
from battleshiper.webhooks.signature import Signatures

PATH = "/webhooks/github"
"""Where the App's webhook must point to, below the platform's base URL."""


class Webhooks:
    """Takes GitHub's webhooks.

    `secrets` are the webhook secret and, while it is being changed, the other one too; raises SecretMissingError
    when one is empty. `app_id` is the App's, None to take deliveries for any.
    """

    def __init__(
        self,
        secrets: tuple[str | bytes, ...],
        app_id: int | None,
        store: Deliveries,
        mint: MintTicket,
        clock: Callable[[], datetime],
    ) -> None:
        self._endpoint = Endpoint(Signatures(secrets), Router(app_id, mint), store, clock)

    def routes(self) -> list[Route]:
        """Return the route to mount at the top of the application."""
        return [Route(PATH, self._endpoint, methods=["POST"])]
