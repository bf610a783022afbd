"""Git over smart HTTP: `git http-backend` as a CGI program (RFC 3875), with GitHub's rules of who may do what."""

import asyncio
import re
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from battleshiper.infra.local.github.access import NOBODY, Access, Caller, CredentialsRefusedError, Kind
from battleshiper.infra.local.github.events.pushes import Pushes
from battleshiper.infra.local.github.git.process import environment
from battleshiper.infra.local.github.records.repositories import NameRefusedError, Repositories, Repository
from battleshiper.infra.local.github.settings import GitHubSettings

_FETCH, _PUSH = "git-upload-pack", "git-receive-pack"
_PROTOCOL = re.compile(r"[a-z0-9=:.,-]{1,64}")
_CHUNK = 64 * 1024


class SmartHttp:
    """Serves fetches and pushes.

    Whoever reaches this machine's loopback may push without a password, as the stand-in plays the GitHub of the one
    person who sits here. To fetch takes a token, as every repository is private: an installation's (any user name,
    `x-access-token` by custom) or the person's own. A token that is sent is always checked, for pushes too.
    """

    def __init__(
        self, settings: GitHubSettings, access: Access, repositories: Repositories, pushes: Pushes, folder: Path
    ) -> None:
        self._settings = settings
        self._access = access
        self._repositories = repositories
        self._pushes = pushes
        self._folder = folder
        self._turns: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def routes(self) -> list[Route]:
        """Return the routes of git's protocol, with and without `.git`."""
        found = []
        for suffix in (".git", ""):
            path = f"/{{owner}}/{{name}}{suffix}"
            found.append(Route(f"{path}/info/refs", self._advertise, methods=["GET"]))
            found.append(Route(f"{path}/{_FETCH}", self._fetch, methods=["POST"]))
            found.append(Route(f"{path}/{_PUSH}", self._push, methods=["POST"]))
        return found

    async def _advertise(self, request: Request) -> Response:
        service = request.query_params.get("service")
        if service not in (_FETCH, _PUSH):
            return PlainTextResponse("Please upgrade your git client.\n", 403)
        found = await run_in_threadpool(self._open, request, service)
        return found if isinstance(found, Response) else await self._run(request, found, "info/refs", None)

    async def _fetch(self, request: Request) -> Response:
        found = await run_in_threadpool(self._open, request, _FETCH)
        if isinstance(found, Response):
            return found
        body = await _spool(request)
        return await self._run(request, found, _FETCH, body)

    async def _push(self, request: Request) -> Response:
        found = await run_in_threadpool(self._open, request, _PUSH)
        if isinstance(found, Response):
            return found
        body = await _spool(request)  # read before its turn comes, so that a slow client holds up nobody
        repository = await run_in_threadpool(self._repositories.prepare, found)
        async with self._turns[repository.id]:
            response = await self._run(request, f"{repository.id}.git", _PUSH, body)
            if not isinstance(response, StreamingResponse):
                return response
            told = b"".join([bytes(chunk) async for chunk in response.body_iterator])  # type: ignore[arg-type]
            await run_in_threadpool(self._pushes.settle, repository)
        return Response(told, response.status_code, dict(response.headers))

    def _open(self, request: Request, service: str) -> str | Response:
        """Return the folder to serve, or the answer when there is none. To push to a repository that is not there
        yet begins with an empty one; its name comes back for the push itself."""
        owner, name = request.path_params["owner"], request.path_params["name"]
        known = owner.lower() == self._settings.owner_login.lower()
        try:
            caller = self._access.identify(request.headers.get("authorization"))
        except CredentialsRefusedError:
            return _ask("Invalid username or token.")
        repository = self._repositories.find(name) if known else None
        if service == _FETCH:
            return _refuse_fetch(caller, repository) or f"{repository.id}.git"  # type: ignore[union-attr]
        if not known:
            return PlainTextResponse("Repository not found.\n", 404)
        refusal = _refuse_push(caller, repository)
        if refusal:
            return refusal
        if request.method == "POST":
            return _check_name(name)
        if repository:
            return f"{repository.id}.git"
        checked = _check_name(name)
        return checked if isinstance(checked, Response) else self._repositories.prepare_empty().name

    async def _run(self, request: Request, folder: str, service: str, body: IO[bytes] | None) -> Response:
        protocol = request.headers.get("git-protocol", "")
        variables = {
            "GIT_PROJECT_ROOT": str(self._folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": protocol if _PROTOCOL.fullmatch(protocol) else "",
            "PATH_INFO": f"/{folder}/{service}",
            "QUERY_STRING": f"service={request.query_params['service']}" if body is None else "",
            "REQUEST_METHOD": request.method,
            "REMOTE_USER": self._settings.owner_login,
            "REMOTE_ADDR": request.client.host if request.client else "",
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
        }
        if body is not None:
            variables["CONTENT_LENGTH"] = str(_length(body))
        process = await asyncio.create_subprocess_exec(
            "git",
            "http-backend",
            env=environment(variables),
            stdin=body if body is not None else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        status, headers = await _read_head(process)
        return StreamingResponse(_stream(process, body), status, headers)


def _refuse_fetch(caller: Caller, repository: Repository | None) -> Response | None:
    if caller is NOBODY:
        return _ask("Authentication required: use a token as the password.")
    if repository is None or not caller.sees(repository):
        return PlainTextResponse("Repository not found.\n", 404)
    return None if caller.may("contents", "read") else _forbid("Read access to repository not granted.")


def _refuse_push(caller: Caller, repository: Repository | None) -> Response | None:
    if caller.kind in (Kind.NOBODY, Kind.PERSON):
        return None
    if repository is None or not caller.sees(repository):
        return PlainTextResponse("Repository not found.\n", 404)
    return None if caller.may("contents", "write") else _forbid("Write access to repository not granted.")


def _check_name(name: str) -> str | Response:
    try:
        Repositories.check_name(name)
    except NameRefusedError as error:
        return PlainTextResponse(f"{error}\n", 404)
    return name


def _ask(message: str) -> Response:
    return PlainTextResponse(f"{message}\n", 401, {"WWW-Authenticate": 'Basic realm="GitHub"'})


def _forbid(message: str) -> Response:
    return PlainTextResponse(f"{message}\n", 403)


async def _spool(request: Request) -> IO[bytes]:
    body = tempfile.TemporaryFile()  # noqa: SIM115 - whoever streams the answer closes it
    try:
        async for chunk in request.stream():
            await run_in_threadpool(body.write, chunk)
        body.flush()
        body.seek(0)
    except BaseException:
        body.close()
        raise
    return body


def _length(body: IO[bytes]) -> int:
    length = body.seek(0, 2)
    body.seek(0)
    return length


async def _read_head(process: asyncio.subprocess.Process) -> tuple[int, dict[str, str]]:
    status, headers = 200, {}
    assert process.stdout is not None  # noqa: S101 - it was asked for
    while line := (await process.stdout.readline()).decode("latin-1").strip():
        name, _, value = line.partition(":")
        if name.lower() == "status":
            status = int(value.split()[0])
        else:
            headers[name.lower()] = value.strip()
    return status, headers


async def _stream(process: asyncio.subprocess.Process, body: IO[bytes] | None) -> AsyncIterator[bytes]:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    try:
        while chunk := await process.stdout.read(_CHUNK):
            yield chunk
    finally:
        if body:
            body.close()
        if process.returncode is None:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(1):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
