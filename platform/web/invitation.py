"""The page on which somebody takes an invitation to run the platform."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.accounts.caller import Caller
from battleshiper.platform.accounts.invitations import InvitationRefusedError, Invitations
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.web import shapes
from battleshiper.platform.web.door import Door, Form
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.operation import Operation
from battleshiper.platform.web.renderer import HEADERS, Renderer

_PATH = "/invitations/{invitation}"


class InvitationPages:
    """Who opens the link signs in first, and then says that they want it."""

    def __init__(
        self,
        invitations: Invitations,
        administration: Administration,
        door: Door,
        guard: Guard,
        renderer: Renderer,
        base_url: str,
    ) -> None:
        self._invitations = invitations
        self._administration = administration
        self._door = door
        self._guard = guard
        self._renderer = renderer
        self._base_url = base_url

    def routes(self) -> list[Route]:
        """Return the routes to mount: of the page, and the operator's."""
        return [
            self._door.page(_PATH, self.show),
            self._door.action(_PATH, self.accept),
            self._guard.route("POST", "/invitations", self.issue, Operation(shapes.Invitation, status=201)),
        ]

    def show(self, request: Request, viewer: Viewer) -> Response:
        """What is offered."""
        return self._renderer.render("invitation.html", viewer, path=invitation_path(request.path_params["invitation"]))

    def accept(self, request: Request, viewer: Viewer, _form: Form) -> Response:
        """Take it."""
        try:
            account = self._invitations.accept(request.path_params["invitation"], viewer.account)
        except InvitationRefusedError as error:
            return self._renderer.render("refused.html", viewer, 403, title="Not any more", why=str(error))
        self._administration.record_roles(viewer, "invitation.accept", viewer.account, account)
        return RedirectResponse("/", 303, HEADERS)

    def issue(self, _: Request, caller: Caller) -> Response:
        """A link that makes whoever opens it first an administrator."""
        self._administration.record(caller, "invitation.issue", "whoever opens it first")
        return JSONResponse({"url": self._base_url + invitation_path(self._invitations.issue())}, 201)


def invitation_path(invitation: str) -> str:
    """Return where an invitation is taken, below the platform's address."""
    return f"/invitations/{quote(invitation, safe='')}"
