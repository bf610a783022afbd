"""The site: which page is where."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from battleshiper.infra.local.github.git.changes import read_changes
from battleshiper.infra.local.github.git.history import count_commits, read_commit, read_log
from battleshiper.infra.local.github.git.refs import find_commit
from battleshiper.infra.local.github.pages.frame import Frame, PageMissingError
from battleshiper.infra.local.github.pages.views import (
    CommitView,
    newest_by_environment,
    view_checks,
    view_deployments,
)
from battleshiper.infra.local.github.records.archive import Archive
from battleshiper.infra.local.github.records.repositories import Repository

_COMMITS = 30  # on a page
_FILES = 300  # named of a commit


class Site:
    """Serves repositories, commits and deployments."""

    def __init__(self, frame: Frame, archive: Archive) -> None:
        self._frame = frame
        self._archive = archive

    def routes(self) -> list[Route]:
        """Return the routes, the assets' among them."""
        one, page = "/{owner}/{name}", self._frame.page
        return [
            Route("/", page(self._show_home)),
            Route("/_standin/{name}", _serve_asset),
            Route("/{owner}", lambda _request: RedirectResponse("/")),
            Route(one, page(self._show_repository)),
            Route(f"{one}/tree/{{branch:path}}", page(self._show_repository)),
            Route(f"{one}/commit/{{sha}}", page(self._show_commit)),
            Route(f"{one}/deployments", page(self._show_deployments)),
        ]

    def _show_home(self, _request: Request) -> str:
        repositories = self._archive.repositories.all()
        views = []
        for repository in sorted(repositories, key=lambda one: one.pushed_at or "", reverse=True):
            sha = self._archive.repositories.branches(repository).get(repository.default_branch)
            newest = newest_by_environment(view_deployments(self._archive, repository))
            views.append((repository, self._view(repository, sha) if sha else None, newest[:1]))
        return self._frame.render("home.html", views=views)

    def _show_repository(self, request: Request) -> str:
        repository = self._frame.find(request)
        branches = self._archive.repositories.branches(repository)
        branch = request.path_params.get("branch") or repository.default_branch
        if branch not in branches and "branch" in request.path_params:
            raise PageMissingError
        sha, page = branches.get(branch), _read_page(request)
        skip = (page - 1) * _COMMITS
        log = read_log(repository.folder, sha, limit=_COMMITS, skip=skip) if sha else []
        deployments = view_deployments(self._archive, repository)
        views = [CommitView(commit, view_checks(self._archive, repository, commit.sha)) for commit in log]
        return self._frame.render(
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
        repository = self._frame.find(request)
        name = request.path_params["sha"]
        sha = find_commit(repository.folder, {}, name)
        if sha is None:
            raise PageMissingError
        commit = read_commit(repository.folder, sha)
        view, deployments = self._view(repository, sha), view_deployments(self._archive, repository, sha)
        return self._frame.render(
            "commit.html",
            repository=repository,
            view=view,
            changes=read_changes(repository.folder, next(iter(commit.parents), None), sha)[:_FILES],
            deployments=deployments,
            waiting=view.checks.state == "pending" or any(one.running for one in deployments),
        )

    def _show_deployments(self, request: Request) -> str:
        repository = self._frame.find(request)
        views = view_deployments(self._archive, repository)[:100]
        waiting = any(view.running for view in views)
        return self._frame.render("deployments.html", repository=repository, deployments=views, waiting=waiting)

    def _view(self, repository: Repository, sha: str) -> CommitView:
        return CommitView(read_commit(repository.folder, sha), view_checks(self._archive, repository, sha))


async def _serve_asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ("style.css", "live.js", "avatar.svg"):
        return HTMLResponse("", 404)
    return FileResponse(Path(__file__).parent / name, headers={"Cache-Control": "max-age=60"})


def _read_page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return max(1, int(text[:6])) if text.isascii() and text.isdigit() else 1
