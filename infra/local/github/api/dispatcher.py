"""The dispatcher: from an HTTP request to an endpoint and back, with everything that all endpoints share."""

import json
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import urlencode
from uuid import uuid4

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router

from battleshiper.infra.local.github.access import NOBODY, Access, Caller, CredentialsRefusedError, Kind
from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ApiError, ForbiddenError, MovedError, NotFoundError
from battleshiper.infra.local.github.api.limits import RateLimits
from battleshiper.infra.local.github.git.process import GitError
from battleshiper.infra.local.github.records.accounts import Accounts
from battleshiper.infra.local.github.records.repositories import Repositories, Repository
from battleshiper.infra.local.github.settings import GitHubSettings

_BODY_BYTES = 10 * 1024**2
_REPOSITORY = "/repos/{repo}"


class Dispatcher:
    """Serves endpoints."""

    def __init__(
        self,
        settings: GitHubSettings,
        access: Access,
        accounts: Accounts,
        repositories: Repositories,
        limits: RateLimits,
    ) -> None:
        self._settings = settings
        self._access = access
        self._accounts = accounts
        self._repositories = repositories
        self._limits = limits

    def router(self, endpoints: Sequence[Endpoint]) -> Router:
        """Return a router with `endpoints`; longer paths go first, as a ref in a path may have slashes."""
        by_path: dict[str, list[Endpoint]] = {}
        for endpoint in endpoints:
            by_path.setdefault(endpoint.path, []).append(endpoint)
        routes = [
            Route(path, self._serve(by_path[name]), methods=["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"])
            for name in sorted(by_path, key=lambda path: (":path}" in path, -len(path)))
            for path in _paths(name)
        ]
        return Router(routes, default=self._serve([]), redirect_slashes=False)

    def _serve(self, endpoints: list[Endpoint]) -> "_Endpoint":
        return _Endpoint(self, {endpoint.method: endpoint for endpoint in endpoints})

    async def answer(self, request: Request, endpoints: dict[str, Endpoint]) -> Response:
        """Answer one request."""
        try:
            body: dict[str, object] | ApiError = await _read_body(request)
        except ApiError as error:
            body = error
        return await run_in_threadpool(self._answer, request, endpoints, body)

    def _answer(self, request: Request, endpoints: dict[str, Endpoint], body: dict[str, object] | ApiError) -> Response:
        caller = NOBODY
        try:
            caller = self._access.identify(request.headers.get("authorization"))
            self._limits.count(caller, spent=not request.url.path.endswith("/rate_limit"))
            endpoint = endpoints.get("GET" if request.method == "HEAD" else request.method)
            if endpoint is None:
                raise NotFoundError
            if isinstance(body, ApiError):
                raise body
            answer = self._call(endpoint, caller, request, body)
        except CredentialsRefusedError as error:
            return self._respond(caller, ApiError(error.status, str(error)))
        except GitError as error:
            return self._respond(caller, ApiError(422, f"Git refused: {error.message}"))
        except ApiError as error:
            return self._respond(caller, error)
        response = self._respond(caller, answer, self._links(request, answer))
        return _unless_known(request, response) if request.method == "GET" else response

    def _call(self, endpoint: Endpoint, caller: Caller, request: Request, body: dict[str, object]) -> Answer:
        found = None
        if endpoint.path.startswith(_REPOSITORY):
            found = self._find(request, caller, endpoint)
        elif not endpoint.public:
            _expect(caller, Kind.APP if endpoint.app else Kind.CLIENT if endpoint.client else None)
        call = Call(caller, request.path_params, dict(request.query_params), body, found)
        return endpoint.handle(call)

    def _find(self, request: Request, caller: Caller, endpoint: Endpoint) -> Repository:
        if endpoint.app:
            _expect(caller, Kind.APP)
        parameters = request.path_params
        if "repository_id" in parameters:
            found = self._repositories.get(min(parameters["repository_id"], 2**63 - 1))
        else:
            owner = self._accounts.find(parameters["owner"])
            found = self._repositories.find(owner, parameters["repo"]) if owner else None
            if owner and found is None:
                self._redirect(request, caller, self._repositories.find_former(owner, parameters["repo"]), endpoint)
        if found is None or not (endpoint.app or caller.sees(found)):
            raise NotFoundError
        if endpoint.app:
            return found
        if not caller.may(found, endpoint.permission, endpoint.level):
            raise ForbiddenError
        if found.archived and endpoint.method != "GET" and endpoint.permission != "administration":
            raise ApiError(403, "Repository was archived so is read-only.")
        return found

    def _redirect(self, request: Request, caller: Caller, moved: Repository | None, endpoint: Endpoint) -> None:
        """Lead whoever uses a former name on.

        https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
        """
        if moved and (endpoint.app or caller.sees(moved)):
            rest = request.url.path.split("/repos/", 1)[1].split("/", 2)[2:]
            url = "/".join([f"{self._settings.api_url}/repositories/{moved.id}", *rest])
            query = f"?{request.url.query}" if request.url.query else ""
            raise MovedError(f"{url}{query}", 301 if request.method in ("GET", "HEAD") else 307)

    def _links(self, request: Request, answer: Answer) -> str:
        pages = dict(answer.links)
        if answer.total is not None:
            call = Call(NOBODY, {}, dict(request.query_params), {})
            last = max(1, -(-answer.total // call.per_page))
            numbers = {"prev": call.page - 1, "next": call.page + 1, "last": last, "first": 1}
            wanted = {name for name, here in (("prev", call.page > 1), ("first", call.page > 1)) if here}
            wanted |= {"next", "last"} if call.page < last else set()
            pages = {name: {"page": str(number)} for name, number in numbers.items() if name in wanted}
        url = f"{self._settings.base_url}{request.url.path}"
        query = dict(request.query_params)
        return ", ".join(f'<{url}?{urlencode({**query, **page})}>; rel="{name}"' for name, page in pages.items())

    def _respond(self, caller: Caller, answer: Answer | ApiError, links: str = "") -> Response:
        headers = self._limits.headers(caller) | {
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Request-Id": uuid4().hex[:20].upper(),
            "Cache-Control": "private, max-age=60, s-maxage=60" if caller is not NOBODY else "public, max-age=60",
        }
        if isinstance(answer, ApiError):
            headers |= answer.headers
            body: object = answer.body()
        else:
            body = answer.body
        if links:
            headers["Link"] = links
        if body is None:
            return Response(status_code=answer.status, headers=headers)
        text = json.dumps(body, ensure_ascii=False)
        return Response(text, answer.status, headers, "application/json; charset=utf-8")


def _unless_known(request: Request, response: Response) -> Response:
    """Return the answer with its tag, or 304 to who has it
    (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api)."""
    response.headers["ETag"] = tag = f'W/"{sha256(response.body).hexdigest()}"'
    if request.headers.get("if-none-match") != tag:
        return response
    kept = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
    return Response(status_code=304, headers=kept)


class _Endpoint:
    """An ASGI app, as Starlette would otherwise choose the methods itself."""

    def __init__(self, dispatcher: Dispatcher, endpoints: dict[str, Endpoint]) -> None:
        self._dispatcher = dispatcher
        self._endpoints = endpoints

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        request = Request(scope, receive, send)  # type: ignore[arg-type]
        response = await self._dispatcher.answer(request, self._endpoints)
        await response(scope, receive, send)  # type: ignore[arg-type]


def _paths(path: str) -> tuple[str, ...]:
    if not path.startswith(_REPOSITORY):
        return (path,)
    rest = path.removeprefix(_REPOSITORY)
    return f"/repos/{{owner}}/{{repo}}{rest}", f"/repositories/{{repository_id:int}}{rest}"


def _expect(caller: Caller, kind: Kind | None) -> None:
    if caller.kind is Kind.NOBODY:
        raise ApiError(401, "Requires authentication")
    if kind is not None and caller.kind is not kind:
        app = kind is Kind.APP
        raise ApiError(401, "A JSON web token could not be decoded" if app else "Requires authentication")
    if kind is None and caller.kind in (Kind.APP, Kind.CLIENT):
        raise ForbiddenError


async def _read_body(request: Request) -> dict[str, object]:
    raw = b""
    try:
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > _BODY_BYTES:
                raise ApiError(413, "Payload too large")
    except ClientDisconnect as error:
        raise ApiError(400, "Problems parsing JSON") from error
    if not raw:
        return {}
    try:
        body = json.loads(raw)
        json.dumps(body, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "Problems parsing JSON") from error
    if not isinstance(body, dict):
        raise ApiError(400, "Body should be a JSON object")
    return body
