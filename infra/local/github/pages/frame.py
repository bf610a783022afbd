"""The frame: what all pages share."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from battleshiper.infra.local.github.events.pulls import PullRefusedError
from battleshiper.infra.local.github.git.merging import MergeConflictError
from battleshiper.infra.local.github.git.process import GitError
from battleshiper.infra.local.github.manifest import ManifestError
from battleshiper.infra.local.github.moment import Clock
from battleshiper.infra.local.github.pages.markdown import render_markdown
from battleshiper.infra.local.github.pages.views import tell_age, view_reactions
from battleshiper.infra.local.github.records.archive import Archive
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.settings import GitHubSettings

_FORM_BYTES = 1024**2

Endpoint = Callable[[Request], Awaitable[Response]]


class PageMissingError(LookupError):
    """There is no such page."""


class PageRefusedError(ValueError):
    """What was asked for makes no sense; the message says why."""


class Frame:
    """Renders templates, and turns functions into pages and forms."""

    def __init__(self, settings: GitHubSettings, archive: Archive, clock: Clock) -> None:
        self._archive = archive
        self._templates = Environment(
            loader=PackageLoader("battleshiper.infra.local.github.pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"settings": settings, "owner": settings.owner_login}
        self._templates.filters |= {
            "age": lambda moment: tell_age(moment, clock()),
            "markdown": render_markdown,
            "reactions": view_reactions,
            "path": lambda text: quote(text, safe="/"),
        }

    def render(self, template: str, **values: object) -> str:
        """Return a page's HTML; every value is escaped."""
        return self._templates.get_template(template).render(**values)

    def page(self, show: Callable[[Request], str]) -> Endpoint:
        """Return an endpoint that answers what `show` returns, or that there is no such page."""

        async def endpoint(request: Request) -> Response:
            try:
                return HTMLResponse(await run_in_threadpool(show, request), headers={"Cache-Control": "no-store"})
            except PageMissingError:
                return self._refuse("There is nothing at this address.", 404)
            except PageRefusedError as error:
                return self._refuse(str(error), 422)

        return endpoint

    def answer(self, act: Callable[[Request, FormData], tuple[str, int]]) -> Endpoint:
        """Return an endpoint that lets `act` do something, and answers the page and the status that it returns."""

        async def endpoint(request: Request) -> Response:
            async with request.form(max_files=0, max_part_size=_FORM_BYTES) as form:
                try:
                    page, status = await run_in_threadpool(act, request, form)
                except PageMissingError:
                    return self._refuse("There is nothing at this address.", 404)
                except PageRefusedError as error:
                    return self._refuse(str(error), 422)
                except ManifestError as error:
                    return self._refuse(f"Invalid GitHub App configuration: {error}.", 422)
            return HTMLResponse(page, status, {"Cache-Control": "no-store"})

        return endpoint

    def lead_to(self, url: str, given: Mapping[str, str]) -> str:
        """Return a page that leads there by itself: a redirect after our form, which leads to ourselves only, is not
        taken. What is `given` is added to the query; without a URL it leads home."""
        if not url:
            return self.render("leaving.html", url="/")
        parts = urlsplit(url)
        query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *given.items()])
        return self.render("leaving.html", url=parts._replace(query=query).geturl())

    def form(self, act: Callable[[Request, FormData], str]) -> Endpoint:
        """Return an endpoint that lets `act` do something, and leads to the page that it returns."""

        async def endpoint(request: Request) -> Response:
            async with request.form(max_files=0, max_part_size=_FORM_BYTES) as form:
                try:
                    return RedirectResponse(await run_in_threadpool(act, request, form), 303)
                except PageMissingError:
                    return self._refuse("There is nothing at this address.", 404)
                except (PullRefusedError, MergeConflictError, ManifestError, GitError) as error:
                    return self._refuse(str(error), 422)

        return endpoint

    def find(self, request: Request) -> Repository:
        """Return the repository that the address names; raises PageMissingError."""
        owner = self._archive.accounts.find(request.path_params["owner"])
        found = self._archive.repositories.find(owner, request.path_params["name"]) if owner else None
        if found is None:
            raise PageMissingError
        return found

    def _refuse(self, message: str, status: int) -> Response:
        return HTMLResponse(self.render("missing.html", message=message), status, {"Cache-Control": "no-store"})


def read_field(form: FormData, name: str) -> str:
    """Return a field of a form; empty where it is missing, or a file."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
