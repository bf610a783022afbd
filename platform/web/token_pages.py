"""The page on which people make tokens for the API, and end them."""

from collections.abc import Mapping
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from battleshiper.platform.accounts.tokens import TokenDesk
from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.model.access_token import AccessToken, AccessTokenRefusedError, Scope
from battleshiper.platform.store.port import AccessTokens
from battleshiper.platform.web.door import Door, Form
from battleshiper.platform.web.renderer import HEADERS, Renderer

TOKENS_PATH = "/tokens"
_DAYS = (7, 30, 90, 365)
_USUAL: Mapping[str, str] = {"days": "30", "scope-read": "on"}


class TokenPages:
    """Serves them."""

    def __init__(self, tokens: TokenDesk, store: AccessTokens, door: Door, renderer: Renderer) -> None:
        self._tokens = tokens
        self._store = store
        self._door = door
        self._renderer = renderer

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [
            self._door.page(TOKENS_PATH, self.show),
            self._door.action(TOKENS_PATH, self.make),
            self._door.action(f"{TOKENS_PATH}/{{id}}/end", self.end),
        ]

    def show(self, _: Request, viewer: Viewer) -> Response:
        """The tokens that there are, and a form for another."""
        return self._show(viewer, _USUAL)

    def make(self, _: Request, viewer: Viewer, form: Form) -> Response:
        """Make a token and show it, once; with a mistake, show what was typed and what is wrong with it."""
        scopes = [scope for scope in Scope if form.get(f"scope-{scope.value}")]
        days = form.get("days", "")
        lifetime = timedelta(days=int(days)) if days in map(str, _DAYS) else timedelta(0)
        try:
            token, text = self._tokens.issue(viewer.account.id, form.get("name", ""), scopes, lifetime)
        except AccessTokenRefusedError as error:
            return self._show(viewer, form, 400, error=str(error))
        return self._show(viewer, _USUAL, 201, made=token, text=text)

    def end(self, request: Request, viewer: Viewer, _form: Form) -> Response:
        """End a token."""
        self._store.end_access_token(viewer.account.id, request.path_params["id"])
        return RedirectResponse(TOKENS_PATH, 303, HEADERS)

    def _show(
        self,
        viewer: Viewer,
        given: Mapping[str, str],
        status: int = 200,
        *,
        error: str = "",
        made: AccessToken | None = None,
        text: str = "",
    ) -> Response:
        return self._renderer.render(
            "tokens.html",
            viewer,
            status,
            tokens=self._store.access_tokens(viewer.account.id),
            scopes=list(Scope),
            days=_DAYS,
            given=given,
            error=error,
            made=made,
            text=text,
        )
