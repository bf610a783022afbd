"""The endpoint: takes a delivery, and answers when it is recorded durably and not before."""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.types import Receive, Scope, Send

from battleshiper.platform.model.delivery import Decision
from battleshiper.platform.store.port import Acceptance, Deliveries, Known
from battleshiper.webhooks.body import Body
from battleshiper.webhooks.event import VerifiedEvent, verify
from battleshiper.webhooks.headers import Headers
from battleshiper.webhooks.refusal import RefusedError
from battleshiper.webhooks.router import Decide, Router
from battleshiper.webhooks.signature import Signatures

_log = logging.getLogger(__name__)


class Endpoint:
    """An ASGI application for one path. It makes no call to GitHub and does none of a build's work."""

    def __init__(
        self, signatures: Signatures, router: Router, deliveries: Deliveries, clock: Callable[[], datetime]
    ) -> None:
        self._signatures = signatures
        self._router = router
        self._deliveries = deliveries
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 202 for a delivery that is recorded now, 200 for one that was before, 4xx for what is refused and
        503 when nothing was recorded."""
        body = Body(receive)
        try:
            event = await self._verify(scope, body)
            record = self._record(event, self._router.read(event))
        except RefusedError as error:
            _log.warning("a webhook request was refused with %d: %s", error.status, error)
            await _refuse(send, body, error)
            return
        try:
            acceptance = await self._deliveries.decide_soon(event.delivery_id, record)
        except Exception:
            _log.exception("delivery %s could not be recorded", event.delivery_id)
            await _answer(send, 503, {"error": "The delivery could not be recorded. Redeliver it later."})
            return
        if acceptance is None:
            await _answer(send, 200, {"delivery": event.delivery_id, "message": "This delivery is already recorded."})
        else:
            decisions = [_describe(decision) for decision in acceptance.delivery.decisions]
            await _answer(send, 202, {"delivery": event.delivery_id, "decisions": decisions})

    async def _verify(self, scope: Scope, body: Body) -> VerifiedEvent:
        headers = Headers(scope["headers"])
        # Who has no signature is not listened to for 25 MB.
        headers.signature()
        headers.check_length()
        return verify(headers, await body.read(), self._signatures)

    def _record(self, event: VerifiedEvent, decide: Decide) -> Callable[[Known], Acceptance]:
        received_at = self._clock()

        def record(known: Known) -> Acceptance:
            return decide(known).acceptance(event.delivery_id, event.name, received_at)

        return record


def _describe(decision: Decision) -> dict[str, str | None]:
    return {
        "verdict": decision.verdict.value,
        "reason": decision.reason,
        "project": decision.project_id,
        "deployment": decision.deployment_id,
    }


async def _answer(send: Send, status: int, content: dict[str, Any]) -> None:
    text = json.dumps(content).encode()
    await send({"type": "http.response.start", "status": status, "headers": _headers(text)})
    await send({"type": "http.response.body", "body": text})


async def _refuse(send: Send, body: Body, error: RefusedError) -> None:
    text = json.dumps({"error": str(error)}).encode()
    headers = [*_headers(text), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": True})
    await body.discard()
    await send({"type": "http.response.body", "body": b""})


def _headers(text: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
