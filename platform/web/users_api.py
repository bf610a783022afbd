"""The part of the API for those who run the platform: users, their roles, and the audit log."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.accounts.caller import Caller
from battleshiper.platform.model.role import Role
from battleshiper.platform.web import shapes
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.operation import Operation, Query
from battleshiper.platform.web.parameters import LIMIT, read_account, read_limit
from battleshiper.platform.web.presentation import present_account, present_audit_entry

_WORDS = Query("q", "Those who have this in their login or name")
_ROLES = Query("roles", f"Some of {', '.join(Role)}, with commas between; none takes all")


class UsersApi:
    """The endpoints."""

    def __init__(self, administration: Administration, guard: Guard) -> None:
        self._administration = administration
        self._guard = guard

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [
            self._guard.open("GET", "/users", self.find, Operation(list[shapes.Account], (_WORDS,))),
            self._guard.open("GET", "/users/{account}", self.show, Operation(shapes.Account)),
            self._guard.open("PUT", "/users/{account}/roles", self.set_roles, Operation(shapes.Account, (_ROLES,))),
            self._guard.open("DELETE", "/users/{account}/sessions", self.end_sessions, Operation(shapes.Ended)),
            self._guard.open("DELETE", "/users/{account}", self.delete, Operation(shapes.Deleted)),
            self._guard.open("GET", "/audit", self.audit, Operation(list[shapes.AuditEntry], (LIMIT,))),
        ]

    def find(self, request: Request, caller: Caller) -> Response:
        """Everybody, or those who have `q` in their login or name."""
        found = self._administration.find(caller, request.query_params.get("q", ""))
        return JSONResponse([present_account(account) for account in found])

    def show(self, request: Request, caller: Caller) -> Response:
        """One of them."""
        return JSONResponse(present_account(self._administration.account(caller, read_account(request))))

    def set_roles(self, request: Request, caller: Caller) -> Response:
        """Give one the roles that `roles` lists, with commas between, and no others."""
        roles = frozenset(map(_role, filter(None, request.query_params.get("roles", "").split(","))))
        return JSONResponse(present_account(self._administration.set_roles(caller, read_account(request), roles)))

    def end_sessions(self, request: Request, caller: Caller) -> Response:
        """Sign one out everywhere."""
        self._administration.end_sessions(caller, read_account(request))
        return JSONResponse({"ended": read_account(request)})

    def delete(self, request: Request, caller: Caller) -> Response:
        """Forget one."""
        self._administration.delete(caller, read_account(request))
        return JSONResponse({"deleted": read_account(request)})

    def audit(self, request: Request, caller: Caller) -> Response:
        """What was done by those who run the platform, newest first."""
        entries = self._administration.audit(caller, read_limit(request))
        return JSONResponse([present_audit_entry(entry) for entry in entries])


def _role(name: str) -> Role:
    try:
        return Role(name.strip())
    except ValueError:
        raise ValueError(f"There is no role {name!r}: choose of {', '.join(Role)}.") from None
