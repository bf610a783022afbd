"""The ingress: where GitHub's deliveries enter the platform."""

from collections.abc import Callable
from datetime import datetime

from starlette.types import ASGIApp, Receive, Scope, Send

from battleshiper.platform.pipeline.requests import MintTicket
from battleshiper.platform.store.port import Deliveries
from battleshiper.webhooks.endpoint import Endpoint
from battleshiper.webhooks.notice import Notice
from battleshiper.webhooks.router import Router
from battleshiper.webhooks.signature import Signatures

PATH = "/webhooks/github"
"""Where the App's webhook must point to, below the platform's base URL."""

_METHOD_NOT_ALLOWED = Notice(405, "GitHub posts its webhooks here.", allow="POST")


missing: ASGIApp = Notice(404, "There is nothing at this address.")
"""For `Webhooks.before`, where there is nothing but webhooks."""


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

    def before(self, rest: ASGIApp) -> ASGIApp:
        """Return an application that takes deliveries and leaves every other path to `rest`.

        So a delivery does not pass through a framework's layers: those of one organisation come in bursts.
        """

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"] != PATH:
                await rest(scope, receive, send)
            elif scope["method"] == "POST":
                await self._endpoint(scope, receive, send)
            else:
                await _METHOD_NOT_ALLOWED(scope, receive, send)

        return app
