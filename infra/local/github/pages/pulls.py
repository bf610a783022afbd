"""The pages of pull requests, and what their buttons do."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.routing import Route

from battleshiper.infra.local.github.events.conversation import Conversation
from battleshiper.infra.local.github.events.merges import Merges
from battleshiper.infra.local.github.events.pulls import PullRefusedError, PullRequests
from battleshiper.infra.local.github.git.changes import read_changes
from battleshiper.infra.local.github.git.history import find_merge_base, read_commit, read_log
from battleshiper.infra.local.github.git.merging import MergeConflictError, merge_trees
from battleshiper.infra.local.github.pages.frame import Frame, PageMissingError
from battleshiper.infra.local.github.pages.views import (
    CommitView,
    newest_by_environment,
    view_checks,
    view_deployments,
)
from battleshiper.infra.local.github.records.archive import Archive
from battleshiper.infra.local.github.records.pulls import Pull
from battleshiper.infra.local.github.records.repositories import Repository

_COMMITS = 30  # shown of a pull request
_FILES = 300
_TITLE = 256
_BODY = 65536


class PullPages:
    """Serves pull requests. Whoever uses the pages acts as the owner."""

    def __init__(
        self, frame: Frame, archive: Archive, requests: PullRequests, conversation: Conversation, merges: Merges
    ) -> None:
        self._frame = frame
        self._archive = archive
        self._requests = requests
        self._conversation = conversation
        self._merges = merges

    def routes(self) -> list[Route]:
        """Return the routes."""
        one, page, form = "/{owner}/{name}", self._frame.page, self._frame.form
        return [
            Route(f"{one}/pulls", page(self._show_all)),
            Route(f"{one}/pulls", form(self._open), methods=["POST"]),
            Route(f"{one}/compare/{{branch:path}}", page(self._show_new)),
            Route(f"{one}/pull/{{number:int}}", page(self._show)),
            Route(f"{one}/pull/{{number:int}}", form(self._change), methods=["POST"]),
        ]

    def _show_all(self, request: Request) -> str:
        repository = self._frame.find(request)
        pulls = self._archive.pulls.of(repository.id)
        views = [(pull, view_checks(self._archive, repository, pull.head_sha)) for pull in pulls]
        branches = [
            name for name in self._archive.repositories.branches(repository) if name != repository.default_branch
        ]
        return self._frame.render("pulls.html", repository=repository, views=views, branches=branches)

    def _show_new(self, request: Request) -> str:
        repository, branch = self._frame.find(request), request.path_params["branch"]
        branches = self._archive.repositories.branches(repository)
        if branch not in branches:
            raise PageMissingError
        title = read_commit(repository.folder, branches[branch]).title
        bases = [repository.default_branch, *(name for name in branches if name != repository.default_branch)]
        bases = [name for name in bases if name != branch and name in branches]
        return self._frame.render("new_pull.html", repository=repository, branch=branch, bases=bases, title=title)

    def _open(self, request: Request, form: FormData) -> str:
        repository, head = self._frame.find(request), _field(form, "head")
        title = _field(form, "title").strip() or head
        base, body = _field(form, "base"), _field(form, "body") or None
        by = self._archive.accounts.owner
        pull = self._requests.open(repository, head, base, title=title[:_TITLE], body=body, by=by)
        return _path(repository, pull)

    def _show(self, request: Request) -> str:
        repository = self._frame.find(request)
        pull = self._find(request, repository)
        folder = repository.folder
        base = find_merge_base(folder, pull.base_sha, pull.head_sha)
        try:
            mergeable = bool(merge_trees(folder, pull.base_sha, pull.head_sha))
        except MergeConflictError:
            mergeable = False
        log = read_log(folder, pull.head_sha, *([f"^{base}"] if base else []), limit=_COMMITS)[::-1]
        return self._frame.render(
            "pull.html",
            repository=repository,
            pull=pull,
            mergeable=mergeable,
            checks=view_checks(self._archive, repository, pull.head_sha),
            commits=[CommitView(commit, view_checks(self._archive, repository, commit.sha)) for commit in log],
            comments=self._archive.comments.of(repository.id, pull.number),
            deployments=newest_by_environment(view_deployments(self._archive, repository, pull.head_sha)),
            changes=read_changes(folder, base, pull.head_sha)[:_FILES],
        )

    def _change(self, request: Request, form: FormData) -> str:
        repository = self._frame.find(request)
        pull = self._find(request, repository)
        if repository.archived:
            raise PullRefusedError("This repository was archived, so it is read-only.")
        body, by = _field(form, "body"), self._archive.accounts.owner
        match _field(form, "action"):
            case "comment" if body.strip():
                self._conversation.add(repository, pull, body[:_BODY], by)
            case "close":
                self._requests.close(repository, pull, by)
            case "reopen":
                self._requests.reopen(repository, pull, by)
            case "ready" | "draft" as wanted:
                self._requests.set_draft(repository, pull, by, draft=wanted == "draft")
            case "merge" if pull.state == "open":
                self._merges.merge(repository, pull, by)
        return _path(repository, pull)

    def _find(self, request: Request, repository: Repository) -> Pull:
        pull = self._archive.pulls.get(repository.id, min(request.path_params["number"], 2**63 - 1))
        if pull is None:
            raise PageMissingError
        return pull


def _path(repository: Repository, pull: Pull) -> str:
    return f"/{repository.full_name}/pull/{pull.number}"


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""
