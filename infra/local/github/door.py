"""The door: how a program on this machine becomes a person here, as nobody signs up with a password."""

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.infra.local.github.faults import is_local
from battleshiper.infra.local.github.records.accounts import Accounts, LoginRefusedError


class Door:
    """Gives tokens of people other than the owner, at `/_standin/accounts`, to this machine only."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/_standin/accounts", self._let_in, methods=["POST"])]

    async def _let_in(self, request: Request) -> Response:
        if not is_local(request):
            return JSONResponse({"message": "People come in on the machine itself."}, 403)
        try:
            body = json.loads(await request.body())
            login = body["login"]
            kind = body.get("type", "User")
            if not isinstance(login, str) or kind not in ("User", "Organization"):
                raise TypeError
            account, token = await run_in_threadpool(self._accounts.register, login, kind)
        except LoginRefusedError as error:
            return JSONResponse({"message": str(error)}, 422)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return JSONResponse({"message": 'send {"login": "ada", "type": "User" or "Organization"}'}, 422)
        return JSONResponse({"id": account.id, "login": account.login, "type": account.kind, "token": token}, 201)
