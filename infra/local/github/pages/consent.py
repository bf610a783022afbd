"""Where somebody lets the App act for them, and says who they are: nobody signs in here."""

from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.routing import Route

from battleshiper.infra.local.github.oauth.refusals import GrantRefusedError
from battleshiper.infra.local.github.oauth.request import (
    FIELDS,
    AuthorizationRequest,
    RequestRefusedError,
    read_request,
)
from battleshiper.infra.local.github.pages.frame import Frame, PageRefusedError, read_field
from battleshiper.infra.local.github.records.accounts import Account
from battleshiper.infra.local.github.records.archive import Archive
from battleshiper.infra.local.github.records.codes import Consent
from battleshiper.infra.local.github.settings import GitHubSettings

_WEB, _DEVICE = "/login/oauth/authorize", "/login/device"


class ConsentPages:
    """Serves them. Whoever reaches them may be any of the people there are, so they are asked each time."""

    def __init__(self, settings: GitHubSettings, frame: Frame, archive: Archive) -> None:
        self._settings = settings
        self._frame = frame
        self._archive = archive

    def routes(self) -> list[Route]:
        """Return the routes, which come before those of repositories."""
        return [
            Route(_WEB, self._frame.page(self._show)),
            Route(_WEB, self._frame.answer(self._decide), methods=["POST"]),
            Route(_DEVICE, self._frame.page(self._show_device)),
            Route(_DEVICE, self._frame.answer(self._decide_device), methods=["POST"]),
        ]

    def _show(self, request: Request) -> str:
        wanted = _read(self._settings, request.query_params)
        kept = {name: value for name, value in request.query_params.items() if name in FIELDS}
        return self._ask(_WEB, kept, origin=wanted.origin, login=wanted.login)

    def _decide(self, _request: Request, form: FormData) -> tuple[str, int]:
        wanted = _read(self._settings, {name: read_field(form, name) for name in FIELDS})
        state = {"state": wanted.state} if wanted.state else {}
        if read_field(form, "action") != "authorize":
            denied = GrantRefusedError("access_denied")
            return self._frame.lead_to(wanted.redirect_uri, {**_texts(denied), **state}), 200
        consent = Consent(self._choose(form), wanted.redirect_uri, wanted.challenge)
        return self._frame.lead_to(wanted.redirect_uri, {"code": self._archive.codes.issue(consent), **state}), 200

    def _show_device(self, request: Request) -> str:
        return self._frame.render("device.html", user_code=request.query_params.get("user_code", ""), message="")

    def _decide_device(self, _request: Request, form: FormData) -> tuple[str, int]:
        entered, action = read_field(form, "user_code"), read_field(form, "action")
        user_code = self._archive.devices.waiting(entered)
        if user_code is None:
            message = "No device waits for this code. It may have been too long."
            return self._frame.render("device.html", user_code=entered, message=message), 422
        match action:
            case "":
                return self._ask(_DEVICE, {"user_code": user_code}), 200
            case "authorize":
                self._archive.devices.accept(user_code, self._choose(form))
            case _:
                self._archive.devices.deny(user_code)
        return self._frame.render("device_done.html", accepted=action == "authorize"), 200

    def _ask(self, action: str, kept: Mapping[str, str], *, origin: str = "", login: str = "") -> str:
        people = self._archive.accounts.people()
        chosen = next((one for one in people if one.login.lower() == login.lower()), next(iter(people), None))
        return self._frame.render("consent.html", action=action, kept=kept, origin=origin, people=people, chosen=chosen)

    def _choose(self, form: FormData) -> Account:
        account = self._archive.accounts.find(read_field(form, "login"))
        if account is None or account.kind != "User":
            raise PageRefusedError("Nobody of this name could sign in.")
        return account


def _read(settings: GitHubSettings, given: Mapping[str, str]) -> AuthorizationRequest:
    try:
        return read_request(settings, given)
    except RequestRefusedError as error:
        raise PageRefusedError(str(error)) from error


def _texts(refusal: GrantRefusedError) -> dict[str, str]:
    return {name: str(value) for name, value in refusal.body().items()}
