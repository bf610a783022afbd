"""Where programs ask for tokens: `/login/oauth/access_token` and `/login/device/code`."""

import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from battleshiper.infra.local.github.oauth.grants import Given, Grants
from battleshiper.infra.local.github.oauth.refusals import GrantRefusedError
from battleshiper.infra.local.github.records import devices, user_tokens
from battleshiper.infra.local.github.settings import GitHubSettings

_BODY_BYTES = 64 * 1024
_FIELDS = 100  # in a form

Body = dict[str, str | int]


class OAuthEndpoints:
    """Serves them. A refusal is a 200 with an `error` in it, as at GitHub, whatever RFC 6749 says."""

    def __init__(self, settings: GitHubSettings, grants: Grants) -> None:
        self._settings = settings
        self._grants = grants

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/login/oauth/access_token", _serve(self._exchange), methods=["POST"]),
            Route("/login/device/code", _serve(self._begin_device), methods=["POST"]),
        ]

    def _exchange(self, given: Given) -> Body:
        pair = self._grants.exchange(given)
        return {
            "access_token": pair.token,
            "expires_in": int(user_tokens.LIFETIME.total_seconds()),
            "refresh_token": pair.refresh_token,
            "refresh_token_expires_in": int(user_tokens.REFRESH_LIFETIME.total_seconds()),
            "scope": "",
            "token_type": "bearer",
        }

    def _begin_device(self, given: Given) -> Body:
        code, user_code = self._grants.begin_device(given)
        return {
            "device_code": code,
            "user_code": user_code,
            "verification_uri": f"{self._settings.base_url}/login/device",
            "expires_in": int(devices.LIFETIME.total_seconds()),
            "interval": devices.PACE,
        }


def _serve(act: Callable[[Given], Body]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            given = await _read(request)
        except (ValueError, RecursionError, ClientDisconnect):
            return PlainTextResponse("Problems parsing the request\n", 400)
        try:
            body = await run_in_threadpool(act, given)
        except GrantRefusedError as error:
            body = error.body()
        headers = {"Cache-Control": "no-store"}
        if "json" in request.headers.get("accept", ""):
            return JSONResponse(body, headers=headers)
        return Response(urlencode(body), headers=headers, media_type="application/x-www-form-urlencoded; charset=utf-8")

    return endpoint


async def _read(request: Request) -> Mapping[str, str]:
    """Return the fields of the query and of the body, a form or JSON; raises ValueError."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > _BODY_BYTES:
            raise ValueError("the body is too large")
    query = dict(request.query_params)
    if "json" not in request.headers.get("content-type", ""):
        return query | dict(parse_qsl(raw.decode("utf-8", "replace"), max_num_fields=_FIELDS))
    body = json.loads(raw or b"{}")
    if not isinstance(body, dict):
        raise ValueError("the body is no object")
    return query | {name: str(value) for name, value in body.items() if isinstance(value, str | int)}
