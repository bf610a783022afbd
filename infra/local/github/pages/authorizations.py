"""Where people see for whom the App acts, and take it back."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.routing import Route

from battleshiper.infra.local.github.events.revoking import Revoking
from battleshiper.infra.local.github.pages.frame import Frame, PageMissingError, read_field
from battleshiper.infra.local.github.records.archive import Archive

_PATH = "/settings/apps/authorizations"


class AuthorizationPages:
    """Serves the page, on which anybody can speak for everybody."""

    def __init__(self, frame: Frame, archive: Archive, revoking: Revoking) -> None:
        self._frame = frame
        self._archive = archive
        self._revoking = revoking

    def routes(self) -> list[Route]:
        """Return the routes, which come before those of repositories."""
        return [
            Route(_PATH, self._frame.page(self._show)),
            Route(_PATH, self._frame.form(self._revoke), methods=["POST"]),
        ]

    def _show(self, _request: Request) -> str:
        return self._frame.render("authorizations.html", people=self._archive.user_tokens.accounts())

    def _revoke(self, _request: Request, form: FormData) -> str:
        account = self._archive.accounts.find(read_field(form, "login"))
        if account is None:
            raise PageMissingError
        self._revoking.revoke(account)
        return _PATH
