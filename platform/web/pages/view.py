"""Answers of the pages, with what was done or refused at their top."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.web.pages.notices import notice_for
from battleshiper.platform.web.renderer import HEADERS, Renderer


class View:
    """Makes them."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def render(
        self, template: str, request: Request, viewer: Viewer, status: int = 200, *, refusal: str = "", **values: object
    ) -> Response:
        """Return a page. It says `refusal` at its top, or what the action that led here has done."""
        notice = "" if refusal else notice_for(request.query_params.get("done", ""))
        return self._renderer.render(template, viewer, status, refusal=refusal, notice=notice, **values)

    def lead_to(self, path: str, done: str, place: str = "") -> Response:
        """Return what leads to the page at `path`, and the place in it, which then says what was done (one of the
        notices)."""
        return RedirectResponse(f"{path}?done={done}{place}", 303, HEADERS)
