"""The door: lets those in who have signed in, and forms that a page of ours has shown them."""

import hmac
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.caller import ForbiddenError
from battleshiper.platform.accounts.reaches import Reaches
from battleshiper.platform.accounts.sessions import LIFETIME, Entered, SessionDesk
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.identity.port import IdentityError, IdentityRefusedError
from battleshiper.platform.secrets.port import SecretsError
from battleshiper.platform.store.port import MissingError, Store
from battleshiper.platform.web.cookies import Cookie
from battleshiper.platform.web.forms import FormRefusedError, read_form
from battleshiper.platform.web.origin import is_from_us, origin_of
from battleshiper.platform.web.rate import Rate
from battleshiper.platform.web.renderer import HEADERS, Renderer

Page = Callable[[Request, Viewer], Response]
Form = Mapping[str, str]
Action = Callable[[Request, Viewer, Form], Response]
FORM_TOKEN = "form_token"  # noqa: S105 - the name of a field
SIGN_IN_PATH = "/sign-in"

_TOO_MANY = "You have sent many forms within a minute. Wait a little, and send this one again."
_FORGED = "This form did not come from a page of this platform, or from one of a session that has ended."
_MISSING = "There is nothing at this address that you may see."


class Door:
    """Makes routes to pages that only those reach who have signed in. What they may not see is answered as what is
    not there."""

    def __init__(
        self, store: Store, desk: SessionDesk, reaches: Reaches, renderer: Renderer, rate: Rate, base_url: str
    ) -> None:
        """`rate` is of the forms that an account sends."""
        self._store = store
        self._desk = desk
        self._reaches = reaches
        self._renderer = renderer
        self._rate = rate
        self._origin = origin_of(base_url)
        self._cookie = Cookie("session", int(LIFETIME.total_seconds()), secure=base_url.startswith("https:"))

    def page(self, path: str, show: Page) -> Route:
        """Return the route to a page; `show` is run on a thread."""

        def answer(request: Request) -> Response:
            entered = self.enter(request)
            if entered is None:
                return self._lead_to_sign_in(request)
            return self._follow(entered, lambda viewer: show(request, viewer), request)

        return Route(path, answer, methods=["GET"])

    def stream(self, path: str, show: Page) -> Route:
        """Return the route to something that a page asks for by itself; who has not signed in gets 401."""

        def answer(request: Request) -> Response:
            entered = self.enter(request)
            if entered is None:
                return PlainTextResponse("Sign in again.\n", 401)
            return self._follow(entered, lambda viewer: show(request, viewer), request)

        return Route(path, answer, methods=["GET"])

    def action(self, path: str, act: Action) -> Route:
        """Return the route that a form is sent to; `act` is run on a thread."""

        async def answer(request: Request) -> Response:
            entered = await run_in_threadpool(self.enter, request)
            if entered is None:
                return self._lead_to_sign_in(request)
            if self._rate.take(str(entered.account.id)):
                return self._refuse(entered, _TOO_MANY, 429)
            try:
                form = await read_form(request)
            except FormRefusedError as error:
                return self._refuse(entered, str(error), 400)
            given = form.get(FORM_TOKEN, "")
            is_ours = is_from_us(request.headers, self._origin)
            if not is_ours or not hmac.compare_digest(given.encode(), entered.session.form_token.encode()):
                return self._refuse(entered, _FORGED, 403)
            return await run_in_threadpool(self._follow, entered, lambda viewer: act(request, viewer, form), request)

        return Route(path, answer, methods=["POST"])

    def enter(self, request: Request) -> Entered | None:
        """Return the session of the browser that asks, None when it has none."""
        cookie = self._cookie.read(request)
        return self._desk.enter(cookie) if cookie else None

    def keep(self, answer: Response, entered: Entered) -> Response:
        """Let the browser keep what it must send from now on, and return the answer. Whoever enters must call this:
        what the browser was not told ends its session."""
        if entered.new_cookie is not None:
            self._cookie.write(answer, entered.new_cookie)
        return answer

    def close(self, answer: Response) -> None:
        """Let the browser forget its session."""
        self._cookie.clear(answer)

    def viewer(self, entered: Entered) -> Viewer:
        """Return who a session is of."""
        return Viewer(entered.account, entered.session.form_token, self._store, self._reaches)

    def _follow(self, entered: Entered, show: Callable[[Viewer], Response], request: Request) -> Response:
        viewer = self.viewer(entered)
        try:
            answer = show(viewer)
        except MissingError:
            answer = self._renderer.render("missing.html", viewer, 404, why=_MISSING)
        except ForbiddenError as error:
            answer = self._renderer.render("refused.html", viewer, 403, title="Not yours to do", why=str(error))
        except IdentityRefusedError:
            answer = self._lead_to_sign_in(request)
        except (IdentityError, SecretsError) as error:
            answer = self._renderer.render("refused.html", viewer, 503, title="GitHub cannot be asked", why=str(error))
        return self.keep(answer, entered)

    def _refuse(self, entered: Entered, why: str, status: int) -> Response:
        answer = self._renderer.render("refused.html", self.viewer(entered), status, title="Not taken", why=why)
        return self.keep(answer, entered)

    def _lead_to_sign_in(self, request: Request) -> Response:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        to = path if request.method == "GET" else "/"
        return RedirectResponse(f"{SIGN_IN_PATH}?{urlencode({'to': to})}", 303, HEADERS)
