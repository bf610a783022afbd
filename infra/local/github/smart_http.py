"""Git over smart HTTP: `git http-backend` as a CGI program (RFC 3875), with GitHub's rules of who may do what."""

import asyncio
import re
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from battleshiper.infra.local.github.access import NOBODY, Access, Caller, CredentialsRefusedError, Kind
from battleshiper.infra.local.github.events.pushes import Pushes
from battleshiper.infra.local.github.git.process import environment
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.registration import Registration
from battleshiper.infra.local.github.records.repositories import NameRefusedError, Repositories, Repository

_FETCH, _PUSH = "git-upload-pack", "git-receive-pack"
_PROTOCOL = re.compile(r"[a-z0-9=:.,-]{1,64}")
_CHUNK = 64 * 1024


class SmartHttp:
    """Serves fetches and pushes.

    Whoever reaches this machine's loopback may push without a password, as the stand-in plays the GitHub of the one
    person who sits here: a push without one is the repository's owner's. To fetch from a private repository takes a
    token: an installation's (any user name, `x-access-token` by custom) or a person's own. A token that is sent is
    always checked, for pushes too.
    """

    def __init__(
        self,
        access: Access,
        accounts: Accounts,
        repositories: Repositories,
        registration: Registration,
        pushes: Pushes,
        folder: Path,
    ) -> None:
        self._access = access
        self._accounts = accounts
        self._repositories = repositories
        self._registration = registration
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
        return found if isinstance(found, Response) else await self._run(request, found.folder, "info/refs", None)

    async def _fetch(self, request: Request) -> Response:
        found = await run_in_threadpool(self._open, request, _FETCH)
        if isinstance(found, Response):
            return found
        body = await _spool(request)
        return await self._run(request, found.folder, _FETCH, body)

    async def _push(self, request: Request) -> Response:
        found = await run_in_threadpool(self._open, request, _PUSH)
        if isinstance(found, Response):
            return found
        body = await _spool(request)  # read before its turn comes, so that a slow client holds up nobody
        repository = await run_in_threadpool(self._prepare, found)
        async with self._turns[repository.id]:
            response = await self._run(request, f"{repository.id}.git", _PUSH, body)
            if not isinstance(response, StreamingResponse):
                return response
            told = b"".join([bytes(chunk) async for chunk in response.body_iterator])  # type: ignore[arg-type]
            await run_in_threadpool(self._pushes.settle, repository, found.by)
        return Response(told, response.status_code, dict(response.headers))

    def _open(self, request: Request, service: str) -> "_Opened | Response":
        """Return what to serve, or the answer when there is none. To push to a repository that is not there yet begins
        with an empty one."""
        login, name = request.path_params["owner"], request.path_params["name"]
        try:
            caller = self._access.identify(request.headers.get("authorization"))
        except CredentialsRefusedError as error:
            return _forbid(str(error)) if error.status == 403 else _ask("Invalid username or token.")
        owner = self._accounts.find(login)
        repository = self._find(owner, name) if owner else None
        refusal = (_refuse_fetch if service == _FETCH else _refuse_push)(caller, repository)
        if refusal:
            return refusal
        by = caller.account or owner
        if owner is None or by is None:
            return _missing()
        if repository:
            return _Opened(f"{repository.id}.git", owner, name, by, repository)
        try:
            self._repositories.check_name(name)
        except NameRefusedError as error:
            return PlainTextResponse(f"{error}\n", 404)
        return _Opened(self._repositories.prepare_empty().name, owner, name, by)

    def _find(self, owner: Account, name: str) -> Repository | None:
        """Git follows a repository that has another name now."""
        return self._repositories.find(owner, name) or self._repositories.find_former(owner, name)

    def _prepare(self, opened: "_Opened") -> Repository:
        if opened.repository:
            return opened.repository
        installed = opened.owner == self._accounts.owner and not self._registration.installation.selected
        return self._repositories.prepare(opened.owner, opened.name, installed=installed)

    async def _run(self, request: Request, folder: str, service: str, body: IO[bytes] | None) -> Response:
        protocol = request.headers.get("git-protocol", "")
        variables = {
            "GIT_PROJECT_ROOT": str(self._folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": protocol if _PROTOCOL.fullmatch(protocol) else "",
            "PATH_INFO": f"/{folder}/{service}",
            "QUERY_STRING": f"service={request.query_params['service']}" if body is None else "",
            "REQUEST_METHOD": request.method,
            "REMOTE_USER": "git",
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


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a request is for: the folder to serve, whose it is, and who asks."""

    folder: str
    owner: Account
    name: str
    by: Account
    repository: Repository | None = None


def _refuse_fetch(caller: Caller, repository: Repository | None) -> Response | None:
    if repository and not repository.private:
        return None
    if caller is NOBODY:
        return _ask("Authentication required: use a token as the password.")
    if repository is None or not caller.sees(repository):
        return _missing()
    return None if caller.may(repository, "contents", "read") else _forbid("Read access to repository not granted.")


def _refuse_push(caller: Caller, repository: Repository | None) -> Response | None:
    if repository and repository.archived:
        return _forbid("This repository was archived so it is read-only.")
    if caller is NOBODY or (repository is None and caller.kind is Kind.PERSON):
        return None
    if repository is None or not caller.sees(repository):
        return _missing()
    return None if caller.may(repository, "contents", "write") else _forbid("Write access to repository not granted.")


def _missing() -> Response:
    return PlainTextResponse("Repository not found.\n", 404)


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
