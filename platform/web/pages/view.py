"""The view: turns templates into answers that nothing from outside can take over."""

import re
from collections.abc import Callable
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from battleshiper.platform.web.assets import Assets
from battleshiper.platform.web.pages import words
from battleshiper.platform.web.pages.log_window import shorten
from battleshiper.platform.web.pages.notices import notice_for
from battleshiper.platform.web.pages.tile import draw_tile
from battleshiper.platform.web.viewer import Viewer

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}

_CODE = re.compile("`([^`]+)`")


class View:
    """Renders the templates of the web, which escape whatever they are given."""

    def __init__(self, assets: Assets, clock: Callable[[], datetime]) -> None:
        self._templates = templates = Environment(
            loader=PackageLoader("battleshiper.platform.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        templates.globals["asset"] = assets.url
        templates.globals["took"] = words.write_duration
        templates.filters["age"] = lambda moment: words.write_age(moment, clock())
        templates.filters["moment"] = words.write_moment
        templates.filters["machine"] = words.write_machine_moment
        templates.filters["size"] = words.write_size
        templates.filters["title_of"] = words.write_title
        templates.filters["branch"] = words.write_branch
        templates.filters["origin"] = words.write_origin
        templates.filters["shorten"] = shorten
        templates.filters["coded"] = mark_code
        templates.filters["tile"] = lambda name: Markup(draw_tile(name))  # noqa: S704 - drawn of numbers alone

    def render(
        self, template: str, request: Request, viewer: Viewer, status: int = 200, *, refusal: str = "", **values: object
    ) -> Response:
        """Return a page. It says `refusal` at its top, or what the action that led here has done."""
        notice = "" if refusal else notice_for(request.query_params.get("done", ""))
        content = self._templates.get_template(template).render(
            viewer=viewer, refusal=refusal, notice=notice, path=request.url.path, **values
        )
        return HTMLResponse(content, status, HEADERS)

    def lead_to(self, path: str, done: str, place: str = "") -> Response:
        """Return what leads to the page at `path`, and the place in it, which then says what was done (one of the
        notices)."""
        return RedirectResponse(f"{path}?done={done}{place}", 303, HEADERS)


def mark_code(text: str) -> Markup:
    """Return a sentence with what stands between backticks as code, and nothing else of it as markup."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before
