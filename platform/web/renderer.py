"""Draws pages from templates, with the headers that keep what tenants wrote inert."""

from collections.abc import Callable, Mapping
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from battleshiper.platform.accounts.viewer import Viewer
from battleshiper.platform.web.assets import Assets
from battleshiper.platform.web.filters import add_filters

HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
_LEADING_ON = HEADERS["content-security-policy"].replace("form-action 'self'", "form-action 'self' http: https:")


class Renderer:
    """Every page is a template, and gets `viewer`: who looks at it, None before they have signed in."""

    def __init__(self, assets: Assets, clock: Callable[[], datetime]) -> None:
        self._templates = Environment(
            loader=PackageLoader("battleshiper.platform.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        add_filters(self._templates, clock)
        self._templates.globals["asset"] = assets.url

    def render(self, template: str, viewer: Viewer | None, status: int = 200, **values: object) -> Response:
        """Return a page."""
        text = self._templates.get_template(template).render(viewer=viewer, **values)
        return HTMLResponse(text, status, HEADERS)

    def render_leading_on(self, template: str, status: int = 200, **values: object) -> Response:
        """Return a page for nobody in particular, whose form may be answered with a way to anywhere: a form's policy
        holds for redirects as well, and GitHub may lead to a login of an organisation."""
        answer = self.render(template, None, status, **values)
        answer.headers["content-security-policy"] = _LEADING_ON
        return answer
