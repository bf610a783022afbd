"""The pages on which the operator makes the App. The form goes to GitHub, with the manifest in it."""

from collections.abc import Callable
from dataclasses import replace

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from battleshiper.bot.manifest import AppPlan
from battleshiper.infra.local.connect.desk import ConnectError, Desk
from battleshiper.infra.local.kept_app import KeptAppError
from battleshiper.platform.web.assets import Assets

CONNECT_PATH = "/connect"
CREATED_PATH = "/connect/created"
_COOKIE = "battleshiper-operator"
_HEADERS = {
    # A form's policy holds for what its target redirects to as well: GitHub may lead to a login anywhere.
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action http: https:; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin",  # addresses here hold keys and codes
    "cache-control": "no-store",
}
_STRANGER = (
    "This page is for the operator. Open it by the link that `battleshiper up` printed; it is good once per start."
)


class ConnectPages:
    """Shown to who has the desk's key, or came with it before; to everybody else there is nothing."""

    def __init__(self, desk: Desk, own_url: str, *, after: str, warn: Callable[[], str] = lambda: "") -> None:
        """`own_url` is where these pages are reached; `after` says what happens when the App is there, and `warn`
        what speaks against making one now."""
        self._desk = desk
        self._own_url = own_url
        self._after = after
        self._warn = warn
        self._assets = Assets()
        self._templates = templates(self._assets)

    @property
    def link(self) -> str:
        """The address that lets the operator in, once."""
        return f"{self._own_url}{CONNECT_PATH}?key={self._desk.key}"

    def routes(self) -> list[BaseRoute]:
        """Return the routes to mount."""
        return [Route(CONNECT_PATH, self.show), Route(CREATED_PATH, self.finish)]

    def assets(self) -> list[BaseRoute]:
        """Return the routes of what the pages are drawn with, where nothing else serves them."""
        return self._assets.routes()

    def is_offered(self, request: Request) -> bool:
        """Tell whether the one who asks is the operator, and there is something to connect."""
        return self._desk.app is None and self._desk.knows(request.cookies.get(_COOKIE, ""))

    def show(self, request: Request) -> Response:
        """The form, or what it came to."""
        key = request.query_params.get("key")
        # Who only looks whether a link is good has not used it.
        if key is not None and request.method == "GET":
            return self._admit(key, request)
        if not self._desk.knows(request.cookies.get(_COOKIE, "")):
            return self._refuse(_STRANGER, 403)
        if self._desk.app is not None:
            return self._show_connected()
        organization = request.query_params.get("organization")
        plan = self._desk.plan
        plan = plan if organization is None else replace(plan, organization=organization.strip())
        values = form_values(plan, self._desk.begin(), self._own_url + CREATED_PATH)
        return self._render("connect.html", warning=self._warn(), **values)

    def finish(self, request: Request) -> Response:
        """What GitHub leads to with a code. Only the browser that began is listened to."""
        if not self._desk.knows(request.cookies.get(_COOKIE, "")):
            return self._refuse(_STRANGER, 403)
        given = request.query_params
        try:
            self._desk.finish(given.get("state", ""), given.get("code", ""))
        except (ConnectError, KeptAppError, OSError) as error:
            return self._refuse(str(error), 400)
        # No redirect: the platform may be starting again with the App by then.
        return self._show_connected()

    def _admit(self, key: str, request: Request) -> Response:
        session = self._desk.admit(key)
        if session is None:
            if self._desk.knows(request.cookies.get(_COOKIE, "")):
                return self._lead_to(CONNECT_PATH)
            return self._refuse(_STRANGER, 403)
        answer = self._lead_to(CONNECT_PATH)
        # Lax, not strict: it must come along when GitHub leads back.
        is_https = self._own_url.startswith("https:")
        answer.set_cookie(_COOKIE, session, httponly=True, samesite="lax", secure=is_https)
        return answer

    def _show_connected(self) -> Response:
        return self._render("connected.html", app=self._desk.app, after=self._after)

    def _lead_to(self, path: str) -> Response:
        return RedirectResponse(path, 303, _HEADERS)

    def _refuse(self, why: str, status: int) -> Response:
        answer = self._render("refused.html", why=why, path=CONNECT_PATH)
        answer.status_code = status
        return answer

    def _render(self, template: str, **values: object) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(**values), headers=_HEADERS)


def templates(assets: Assets | None = None) -> Environment:
    """Return the templates. Without `assets` they link no files."""
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader("battleshiper.infra.local.connect"), PackageLoader("battleshiper.platform.web")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
    )
    asset: Callable[[str], str] = assets.url if assets else lambda _: "data:,"
    environment.globals["asset"] = asset
    return environment


def form_values(plan: AppPlan, state: str, redirect_url: str) -> dict[str, object]:
    """Return what the form shows and sends."""
    return {
        "plan": plan,
        "action": plan.form_url(state),
        "manifest": plan.manifest(redirect_url),
        "path": CONNECT_PATH,
    }
