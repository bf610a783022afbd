"""The pages on which those who run the platform find people, give roles, end sessions and accounts, and read what was
done."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battleshiper.platform.accounts.administration import Administration, AdministrationRefusedError
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.role import RIGHTS, Right, Role
from battleshiper.platform.web.door import Door, Form
from battleshiper.platform.web.pages.view import View
from battleshiper.platform.web.parameters import read_account

USERS_PATH = "/users"
_SHOWN = 200
"""Of people found, and of entries of the audit log."""


class UserPages:
    """Serves them to those whose roles have the rights; to everybody else there is nothing."""

    def __init__(self, administration: Administration, door: Door, view: View) -> None:
        self._administration = administration
        self._door = door
        self._view = view

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        one = f"{USERS_PATH}/{{account}}"
        return [
            self._door.page(USERS_PATH, self.find),
            self._door.page(one, self.show),
            self._door.action(f"{one}/roles", self.set_roles),
            self._door.action(f"{one}/sessions/end", self.end_sessions),
            self._door.action(f"{one}/delete", self.delete),
            self._door.page("/audit", self.audit),
        ]

    def find(self, request: Request, viewer: Viewer) -> Response:
        """Everybody, or those who are looked for."""
        text = request.query_params.get("q", "")[:100]
        found = self._administration.find(viewer, text)
        return self._view.render(
            "users.html", request, viewer, users=found[:_SHOWN], text=text, number=len(found), section="users"
        )

    def show(self, request: Request, viewer: Viewer) -> Response:
        """One account."""
        return self._show(request, viewer)

    def set_roles(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Give the account the roles that are ticked."""
        roles = [role for role in Role if form.get(f"role-{role.value}")]
        try:
            self._administration.set_roles(viewer, read_account(request), roles)
        except AdministrationRefusedError as error:
            return self._show(request, viewer, 409, str(error))
        return self._view.lead_to(f"{USERS_PATH}/{read_account(request)}", "roles")

    def end_sessions(self, request: Request, viewer: Viewer, _form: Form) -> Response:
        """Sign the account out everywhere."""
        self._administration.end_sessions(viewer, read_account(request))
        return self._view.lead_to(f"{USERS_PATH}/{read_account(request)}", "sessions-ended")

    def delete(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """Forget the account, once its login was typed."""
        account = self._administration.account(viewer, read_account(request))
        if form.get("login", "").strip() != account.login:
            return self._show(request, viewer, 400, f"Type {account.login} to forget this account.")
        try:
            self._administration.delete(viewer, account.id)
        except AdministrationRefusedError as error:
            return self._show(request, viewer, 409, str(error))
        return self._view.lead_to(USERS_PATH, "user-deleted")

    def audit(self, request: Request, viewer: Viewer) -> Response:
        """What was done by those who run the platform."""
        entries = self._administration.audit(viewer, _SHOWN)
        return self._view.render("audit.html", request, viewer, entries=entries, section="audit")

    def _show(self, request: Request, viewer: Viewer, status: int = 200, refusal: str = "") -> Response:
        return self._view.render(
            "user.html",
            request,
            viewer,
            status,
            refusal=refusal,
            user=self._administration.account(viewer, read_account(request)),
            roles=[(role, sorted(RIGHTS[role])) for role in Role],
            may_give_roles=viewer.has(Right.WRITE_ROLES),
            may_end=viewer.has(Right.WRITE_USERS),
            section="users",
        )
