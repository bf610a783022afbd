"""The courier: takes deliveries from the outbox to the webhook."""

import asyncio
import hashlib
import hmac
import time
from contextlib import suppress
from urllib.parse import urlsplit

import httpx

from battleshiper.infra.local.github.records.deliveries import Deliveries, Delivery, Outcome
from battleshiper.infra.local.github.settings import GitHubSettings

TIMEOUT = 10.0
"""Seconds. https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks"""

_ANSWER_BYTES = 64 * 1024  # of an answer are kept
_PAUSE = 0.1  # between two looks whether anybody listens yet


class Courier:
    """Sends one delivery after the other, each once: as at GitHub, nothing is repeated unless somebody asks for it.

    What was not tried when the process ended is tried after the next start. GitHub promises no order; that ours
    keep theirs is not to be relied on.
    """

    def __init__(self, settings: GitHubSettings, deliveries: Deliveries) -> None:
        self._settings = settings
        self._deliveries = deliveries

    async def run(self) -> None:
        """Send what there is and what comes, until cancelled."""
        loop, wake = asyncio.get_running_loop(), asyncio.Event()
        self._deliveries.on_added = lambda: _call(loop, wake)
        await self._wait_for_listener()
        async with httpx.AsyncClient(trust_env=False, timeout=None) as client:  # noqa: S113 - _send has one for all of it
            while True:
                wake.clear()
                pending = await asyncio.to_thread(self._deliveries.pending)
                for delivery in pending:
                    outcome = await self._send(client, delivery)
                    await asyncio.to_thread(self._deliveries.settle, delivery, outcome)
                if not pending:
                    await wake.wait()

    async def _wait_for_listener(self) -> None:
        if not self._settings.webhook_url:
            return  # no App was made yet
        url = urlsplit(self._settings.webhook_url)
        port = url.port or (443 if url.scheme == "https" else 80)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.webhook_patience):
                while True:
                    with suppress(OSError):
                        _, writer = await asyncio.open_connection(url.hostname, port)
                        writer.close()
                        return
                    await asyncio.sleep(_PAUSE)

    async def _send(self, client: httpx.AsyncClient, delivery: Delivery) -> Outcome:
        body = delivery.payload.encode()
        headers = write_headers(self._settings, delivery, body)
        start = time.monotonic()
        status, code, response_headers, text = "", 0, {}, ""
        try:
            async with asyncio.timeout(TIMEOUT):
                async with client.stream("POST", self._settings.webhook_url, content=body, headers=headers) as response:
                    code, response_headers = response.status_code, dict(response.headers)
                    text = await _read(response)
            status = "OK" if response.is_success else f"Invalid HTTP Response: {code}"
        except TimeoutError:
            status, code = "timed out", 0
        except (httpx.HTTPError, OSError):
            status, code = "failed to connect to host", 0
        return Outcome(status, code, time.monotonic() - start, headers, response_headers, text)


def write_headers(settings: GitHubSettings, delivery: Delivery, body: bytes) -> dict[str, str]:
    """Return the headers of a delivery.

    https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers
    """
    secret = settings.webhook_secret.encode()
    return {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/5ca1ab1",
        "X-GitHub-Delivery": delivery.guid,
        "X-GitHub-Event": delivery.event,
        "X-GitHub-Hook-ID": str(settings.app_id),
        "X-GitHub-Hook-Installation-Target-ID": str(settings.app_id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature": f"sha1={hmac.new(secret, body, hashlib.sha1).hexdigest()}",
        "X-Hub-Signature-256": f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}",
    }


async def _read(response: httpx.Response) -> str:
    kept = b""
    async for chunk in response.aiter_bytes():
        kept += chunk
        if len(kept) >= _ANSWER_BYTES:
            break
    return kept[:_ANSWER_BYTES].decode("utf-8", "replace")


def _call(loop: asyncio.AbstractEventLoop, wake: asyncio.Event) -> None:
    with suppress(RuntimeError):  # the loop has ended; the next start will look into the outbox
        loop.call_soon_threadsafe(wake.set)
