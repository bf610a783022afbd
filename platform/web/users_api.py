"""The part of the API for those who run the platform: users, their roles, and the audit log."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.accounts.caller import Caller
from battleshiper.platform.model.role import Role
from battleshiper.platform.store.port import MissingError
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.parameters import read_limit
from battleshiper.platform.web.presentation import present_account, present_audit_entry

_LONGEST_ID = 18


class UsersApi:
    """The endpoints."""

    def __init__(self, administration: Administration, guard: Guard) -> None:
        self._administration = administration
        self._guard = guard

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [
            self._guard.open("GET", "/users", self.find),
            self._guard.open("GET", "/users/{id}", self.show),
            self._guard.open("PUT", "/users/{id}/roles", self.set_roles),
            self._guard.open("DELETE", "/users/{id}/sessions", self.end_sessions),
            self._guard.open("DELETE", "/users/{id}", self.delete),
            self._guard.open("GET", "/audit", self.audit),
        ]

    def find(self, request: Request, caller: Caller) -> Response:
        """Everybody, or those who have `q` in their login or name."""
        found = self._administration.find(caller, request.query_params.get("q", ""))
        return JSONResponse([present_account(account) for account in found])

    def show(self, request: Request, caller: Caller) -> Response:
        """One of them."""
        return JSONResponse(present_account(self._administration.account(caller, _id(request))))

    def set_roles(self, request: Request, caller: Caller) -> Response:
        """Give one the roles that `roles` lists, with commas between, and no others."""
        roles = frozenset(map(_role, filter(None, request.query_params.get("roles", "").split(","))))
        return JSONResponse(present_account(self._administration.set_roles(caller, _id(request), roles)))

    def end_sessions(self, request: Request, caller: Caller) -> Response:
        """Sign one out everywhere."""
        self._administration.end_sessions(caller, _id(request))
        return JSONResponse({"ended": _id(request)})

    def delete(self, request: Request, caller: Caller) -> Response:
        """Forget one."""
        self._administration.delete(caller, _id(request))
        return JSONResponse({"deleted": _id(request)})

    def audit(self, request: Request, caller: Caller) -> Response:
        """What was done by those who run the platform, newest first."""
        entries = self._administration.audit(caller, read_limit(request))
        return JSONResponse([present_audit_entry(entry) for entry in entries])


def _id(request: Request) -> int:
    text = request.path_params["id"]
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID):
        raise MissingError("account", text)
    return int(text)


def _role(name: str) -> Role:
    try:
        return Role(name.strip())
    except ValueError:
        raise ValueError(f"There is no role {name!r}: choose of {', '.join(Role)}.") from None
