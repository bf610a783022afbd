"""The site: which page is where, and what its buttons do."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from battleshiper.infra.local.github.events.pulls import PullRefusedError, PullRequests
from battleshiper.infra.local.github.events.pushes import Pushes
from battleshiper.infra.local.github.git.changes import read_changes
from battleshiper.infra.local.github.git.history import count_commits, find_merge_base, read_commit, read_log
from battleshiper.infra.local.github.git.merging import MergeConflictError, merge, merge_trees
from battleshiper.infra.local.github.git.process import GitError
from battleshiper.infra.local.github.git.refs import find_commit
from battleshiper.infra.local.github.moment import Clock
from battleshiper.infra.local.github.pages.markdown import render_markdown
from battleshiper.infra.local.github.pages.views import (
    CommitView,
    newest_by_environment,
    tell_age,
    view_checks,
    view_deployments,
)
from battleshiper.infra.local.github.records.archive import Archive
from battleshiper.infra.local.github.records.pulls import NewPull, Pull
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.settings import GitHubSettings

_COMMITS = 30  # on a page
_FORM_BYTES = 1024**2


class PageMissingError(LookupError):
    """There is no such page."""


class Site:
    """Serves the pages."""

    def __init__(
        self, settings: GitHubSettings, archive: Archive, requests: PullRequests, pushes: Pushes, clock: Clock
    ) -> None:
        self._settings = settings
        self._archive = archive
        self._requests = requests
        self._pushes = pushes
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
            "path": lambda text: quote(text, safe="/"),
        }

    def routes(self) -> list[Route]:
        """Return the routes, the assets' among them."""
        one = "/{owner}/{name}"
        return [
            Route("/", self._page(self._show_home)),
            Route("/_standin/{name}", _serve_asset),
            Route("/{owner}", lambda _request: RedirectResponse("/")),
            Route(one, self._page(self._show_repository)),
            Route(f"{one}/tree/{{branch:path}}", self._page(self._show_repository)),
            Route(f"{one}/commit/{{sha}}", self._page(self._show_commit)),
            Route(f"{one}/deployments", self._page(self._show_deployments)),
            Route(f"{one}/pulls", self._page(self._show_pulls)),
            Route(f"{one}/pulls", self._form(self._open_pull), methods=["POST"]),
            Route(f"{one}/compare/{{branch:path}}", self._page(self._show_new_pull)),
            Route(f"{one}/pull/{{number:int}}", self._page(self._show_pull)),
            Route(f"{one}/pull/{{number:int}}", self._form(self._change_pull), methods=["POST"]),
        ]

    def _page(self, show: Callable[[Request], str]) -> Callable[[Request], object]:
        async def endpoint(request: Request) -> Response:
            try:
                return HTMLResponse(await run_in_threadpool(show, request), headers={"Cache-Control": "no-store"})
            except PageMissingError:
                return HTMLResponse(self._render("missing.html", message="There is nothing at this address."), 404)

        return endpoint

    def _form(self, act: Callable[[Request, FormData], str]) -> Callable[[Request], object]:
        async def endpoint(request: Request) -> Response:
            async with request.form(max_files=0, max_part_size=_FORM_BYTES) as form:
                try:
                    return RedirectResponse(await run_in_threadpool(act, request, form), 303)
                except PageMissingError:
                    return HTMLResponse(self._render("missing.html", message="There is nothing at this address."), 404)
                except (PullRefusedError, MergeConflictError, GitError) as error:
                    return HTMLResponse(self._render("missing.html", message=str(error)), 422)

        return endpoint

    def _show_home(self, _request: Request) -> str:
        repositories = self._archive.repositories.all()
        views = []
        for repository in sorted(repositories, key=lambda one: one.pushed_at or "", reverse=True):
            sha = self._archive.repositories.branches(repository).get(repository.default_branch)
            newest = newest_by_environment(view_deployments(self._archive, repository))
            views.append((repository, self._view(repository, sha) if sha else None, newest[:1]))
        return self._render("home.html", views=views)

    def _show_repository(self, request: Request) -> str:
        repository = self._find(request)
        branches = self._archive.repositories.branches(repository)
        branch = request.path_params.get("branch") or repository.default_branch
        if branch not in branches and "branch" in request.path_params:
            raise PageMissingError
        sha, page = branches.get(branch), _read_page(request)
        skip = (page - 1) * _COMMITS
        log = read_log(repository.folder, sha, limit=_COMMITS, skip=skip) if sha else []
        deployments = view_deployments(self._archive, repository)
        views = [CommitView(commit, view_checks(self._archive, repository, commit.sha)) for commit in log]
        return self._render(
            "repository.html",
            repository=repository,
            branch=branch,
            branches=branches,
            tab="commits",
            views=views,
            deployments=newest_by_environment(deployments),
            pulls=self._archive.pulls.of(repository.id, state="open"),
            page=page,
            more=sha is not None and count_commits(repository.folder, sha) > skip + _COMMITS,
            waiting=any(view.running for view in deployments) or any(view.checks.state == "pending" for view in views),
        )

    def _show_commit(self, request: Request) -> str:
        repository = self._find(request)
        name = request.path_params["sha"]
        sha = find_commit(repository.folder, {}, name)
        if sha is None:
            raise PageMissingError
        commit = read_commit(repository.folder, sha)
        view, deployments = self._view(repository, sha), view_deployments(self._archive, repository, sha)
        return self._render(
            "commit.html",
            repository=repository,
            view=view,
            changes=read_changes(repository.folder, next(iter(commit.parents), None), sha)[:300],
            deployments=deployments,
            waiting=view.checks.state == "pending" or any(one.running for one in deployments),
        )

    def _show_deployments(self, request: Request) -> str:
        repository = self._find(request)
        views = view_deployments(self._archive, repository)[:100]
        waiting = any(view.running for view in views)
        return self._render("deployments.html", repository=repository, deployments=views, waiting=waiting)

    def _show_pulls(self, request: Request) -> str:
        repository = self._find(request)
        pulls = self._archive.pulls.of(repository.id)
        views = [(pull, view_checks(self._archive, repository, pull.head_sha)) for pull in pulls]
        branches = [
            name for name in self._archive.repositories.branches(repository) if name != repository.default_branch
        ]
        return self._render("pulls.html", repository=repository, views=views, branches=branches)

    def _show_new_pull(self, request: Request) -> str:
        repository, branch = self._find(request), request.path_params["branch"]
        branches = self._archive.repositories.branches(repository)
        if branch not in branches:
            raise PageMissingError
        title = read_commit(repository.folder, branches[branch]).title
        bases = [repository.default_branch, *(name for name in branches if name != repository.default_branch)]
        bases = [name for name in bases if name != branch and name in branches]
        return self._render("new_pull.html", repository=repository, branch=branch, bases=bases, title=title)

    def _open_pull(self, request: Request, form: FormData) -> str:
        repository, head = self._find(request), _field(form, "head")
        title = _field(form, "title").strip() or head
        new = NewPull(title[:256], _field(form, "body") or None, head, "", _field(form, "base"), "")
        pull = self._requests.open(repository, new, self._settings.owner_login)
        return self._path(repository, pull)

    def _show_pull(self, request: Request) -> str:
        repository = self._find(request)
        pull = self._find_pull(request, repository)
        folder = repository.folder
        base = find_merge_base(folder, pull.base_sha, pull.head_sha)
        try:
            mergeable = bool(merge_trees(folder, pull.base_sha, pull.head_sha))
        except MergeConflictError:
            mergeable = False
        log = read_log(folder, pull.head_sha, *([f"^{base}"] if base else []), limit=_COMMITS)[::-1]
        return self._render(
            "pull.html",
            repository=repository,
            pull=pull,
            mergeable=mergeable,
            checks=view_checks(self._archive, repository, pull.head_sha),
            commits=[CommitView(commit, view_checks(self._archive, repository, commit.sha)) for commit in log],
            comments=self._archive.comments.of(repository.id, pull.number),
            deployments=newest_by_environment(view_deployments(self._archive, repository, pull.head_sha)),
            changes=read_changes(folder, base, pull.head_sha)[:300],
        )

    def _change_pull(self, request: Request, form: FormData) -> str:
        repository = self._find(request)
        pull = self._find_pull(request, repository)
        body = _field(form, "body")
        match _field(form, "action"):
            case "comment" if body.strip():
                self._requests.comment(repository, pull, body[:65536], self._settings.owner_login)
            case "close":
                self._requests.close(repository, pull)
            case "reopen":
                self._requests.reopen(repository, pull)
            case "merge" if pull.state == "open":
                self._merge(repository, pull)
        return self._path(repository, pull)

    def _merge(self, repository: Repository, pull: Pull) -> None:
        owner = self._settings.owner_login
        base = self._archive.repositories.branches(repository)[pull.base]
        message = f"Merge pull request #{pull.number} from {owner}/{pull.head}\n\n{pull.title}"
        author = (owner, f"{owner}@users.noreply.github.invalid")
        merge(repository.folder, pull.base, base, pull.head_sha, message, author)
        self._pushes.settle(repository)

    def _view(self, repository: Repository, sha: str) -> CommitView:
        return CommitView(read_commit(repository.folder, sha), view_checks(self._archive, repository, sha))

    def _find(self, request: Request) -> Repository:
        known = request.path_params["owner"].lower() == self._settings.owner_login.lower()
        found = self._archive.repositories.find(request.path_params["name"]) if known else None
        if found is None:
            raise PageMissingError
        return found

    def _find_pull(self, request: Request, repository: Repository) -> Pull:
        pull = self._archive.pulls.get(repository.id, min(request.path_params["number"], 2**63 - 1))
        if pull is None:
            raise PageMissingError
        return pull

    def _path(self, repository: Repository, pull: Pull) -> str:
        return f"/{self._settings.owner_login}/{repository.name}/pull/{pull.number}"

    def _render(self, template: str, **values: object) -> str:
        return self._templates.get_template(template).render(**values)


async def _serve_asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ("style.css", "avatar.svg"):
        return HTMLResponse("", 404)
    return FileResponse(Path(__file__).parent / name, headers={"Cache-Control": "max-age=60"})


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def _read_page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return max(1, int(text[:6])) if text.isascii() and text.isdigit() else 1
