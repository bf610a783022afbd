"""The pages on which people sign in with GitHub, and out again."""

import hmac
import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.entrance import Entrance
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.identity.port import (
    CALLBACK_PATH,
    IdentityError,
    IdentityMisconfiguredError,
    IdentityRefusedError,
    IdentityUnavailableError,
)
from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.web.cookies import Cookie
from battleshiper.platform.web.door import SIGN_IN_PATH, Door, Form
from battleshiper.platform.web.forms import FormRefusedError, read_form
from battleshiper.platform.web.origin import is_from_us, origin_of
from battleshiper.platform.web.renderer import HEADERS, Renderer

SIGN_OUT_PATH = "/sign-out"

_ATTEMPT_SECONDS = 10 * 60
"""GitHub's codes are good for ten minutes."""
_LONGEST_WAY = 500
_FAULTS: Mapping[type[Exception], tuple[int, str, str]] = {
    IdentityRefusedError: (400, "Sign in again", "GitHub does not know this code: it is good once, for ten minutes."),
    IdentityUnavailableError: (503, "GitHub cannot be asked", "Try again in a minute."),
    IdentityMisconfiguredError: (500, "Signing in is not set up", "This is for the operator:"),
    SecretsError: (500, "Signing in is not set up", "This is for the operator:"),
}
_ANSWERS: Mapping[str, tuple[int, str, str]] = {
    "access_denied": (403, "You did not sign in", "GitHub was told not to let you in here. Nothing was kept."),
    "application_suspended": (403, "The App is suspended", "GitHub has suspended the App. Its owner can say why."),
    "redirect_uri_mismatch": (
        500,
        "Signing in is not set up",
        "The App's settings on GitHub do not name this callback URL. The operator must add it there.",
    ),
}
_FOREIGN = (
    400,
    "This is not the sign-in you began",
    "It was finished before, took longer than ten minutes, or began in another browser. Nobody was signed in.",
)


class SignInPages:
    """The web flow: each attempt belongs to the browser that began it, and ends with the first answer."""

    def __init__(self, entrance: Entrance, door: Door, renderer: Renderer, base_url: str) -> None:
        self._entrance = entrance
        self._door = door
        self._renderer = renderer
        self._base_url = base_url
        self._origin = origin_of(base_url)
        self._cookie = Cookie("sign-in", _ATTEMPT_SECONDS, secure=base_url.startswith("https:"))

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [
            Route(SIGN_IN_PATH, self.show, methods=["GET"]),
            Route(SIGN_IN_PATH, self.begin, methods=["POST"]),
            Route(CALLBACK_PATH, self.finish, methods=["GET"]),
            self._door.action(SIGN_OUT_PATH, self.leave),
        ]

    def show(self, request: Request) -> Response:
        """What signing in means, and the button."""
        if request.headers.get("host") != urlsplit(self._base_url).netloc and not request.query_params.get("here"):
            # Whoever came by another name of ours would come back from GitHub by this one, without their cookie.
            return self._lead_to(f"{self._base_url}{SIGN_IN_PATH}?{request.url.query}&here=1")
        to = _way(request.query_params.get("to", "/"))
        entered = self._door.enter(request)
        if entered is not None:
            return self._door.keep(self._lead_to(to), entered)
        return self._renderer.render_leading_on("sign_in.html", to=to, path=SIGN_IN_PATH)

    async def begin(self, request: Request) -> Response:
        """Send the browser to GitHub."""
        try:
            form = await read_form(request)
        except FormRefusedError as error:
            return self._refuse(400, "Not taken", str(error))
        if not is_from_us(request.headers, self._origin):
            return self._refuse(403, "Not taken", "Another site sent you here. Begin on this page.")
        try:
            attempt = self._entrance.begin()
        except IdentityError as error:
            return self._explain(error)
        answer = self._lead_to(attempt.url)
        to = _way(form.get("to", "/"))
        self._cookie.write(answer, json.dumps([attempt.state, attempt.verifier, to]).encode().hex())
        return answer

    async def finish(self, request: Request) -> Response:
        """What GitHub leads back to."""
        answer = await run_in_threadpool(self._finish, request)
        self._cookie.clear(answer)
        return answer

    def leave(self, request: Request, viewer: Viewer, form: Form) -> Response:
        """End the session, or with `everywhere` all of the account's."""
        entered = self._door.enter(request)
        if entered is not None:
            self._entrance.leave(entered.session)
        if form.get("everywhere"):
            self._entrance.leave_everywhere(viewer.account)
        answer = self._lead_to(SIGN_IN_PATH)
        self._door.close(answer)
        return answer

    def _finish(self, request: Request) -> Response:
        given = request.query_params
        state, verifier, to = _read(self._cookie.read(request))
        if not state or not hmac.compare_digest(state.encode(), given.get("state", "").encode()):
            return self._refuse(*_FOREIGN)
        if refusal := given.get("error"):
            status, title, why = _ANSWERS.get(refusal, (400, "GitHub did not let you in", f"It says: {refusal[:200]}"))
            return self._refuse(status, title, why)
        try:
            entered = self._entrance.finish(given.get("code", ""), verifier)
        except (IdentityError, SecretsError) as error:
            return self._explain(error)
        before = self._door.enter(request)
        if before is not None:
            self._entrance.leave(before.session)
        return self._door.keep(self._lead_to(to), entered)

    def _explain(self, error: IdentityError | SecretsError) -> Response:
        status, title, why = next(answer for kind, answer in _FAULTS.items() if isinstance(error, kind))
        return self._refuse(status, title, f"{why} {error}".strip())

    def _refuse(self, status: int, title: str, why: str) -> Response:
        return self._renderer.render("sign_in_refused.html", None, status, title=title, why=why, path=SIGN_IN_PATH)

    def _lead_to(self, url: str) -> Response:
        return RedirectResponse(url, 303, HEADERS)


def _way(path: str) -> str:
    """Return a path of ours, the first page's where it is none: a link here must not lead elsewhere."""
    parts = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and path.isprintable()
    return path if is_ours and len(path) <= _LONGEST_WAY and "\\" not in path else "/"


def _read(cookie: str) -> tuple[str, str, str]:
    try:
        state, verifier, to = json.loads(bytes.fromhex(cookie))
        return str(state), str(verifier), _way(str(to))
    except (ValueError, TypeError):
        return "", "", "/"
