"""Repositories, their branches and commits."""

from base64 import b64encode
from urllib.parse import quote

from battleshiper.infra.local.github.api.call import Answer, Call, Endpoint
from battleshiper.infra.local.github.api.errors import ApiError, NotFoundError
from battleshiper.infra.local.github.git.changes import read_changes
from battleshiper.infra.local.github.git.files import list_files, read_file
from battleshiper.infra.local.github.git.history import count_commits, find_merge_base, read_commit, read_log
from battleshiper.infra.local.github.git.refs import find_commit
from battleshiper.infra.local.github.records.repositories import Repositories, Repository
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.commit import change_shape, commit_shape
from battleshiper.infra.local.github.shapes.repository import api_url, full_repository_shape, page_url
from battleshiper.infra.local.github.shapes.shape import Shape

_COMPARED_COMMITS = 250
_COMPARED_FILES = 300
"""https://docs.github.com/en/rest/commits/commits#compare-two-commits"""


class RepositoriesApi:
    """Serves repositories and what git knows of them."""

    def __init__(self, settings: GitHubSettings, repositories: Repositories) -> None:
        self._settings = settings
        self._repositories = repositories

    def endpoints(self) -> list[Endpoint]:
        """Return what is served."""
        return [
            Endpoint("GET", "/repos/{repo}", self._show),
            Endpoint("GET", "/repos/{repo}/branches", self._list_branches, "contents"),
            Endpoint("GET", "/repos/{repo}/branches/{branch:path}", self._show_branch, "contents"),
            Endpoint("GET", "/repos/{repo}/commits", self._list_commits, "contents"),
            Endpoint("GET", "/repos/{repo}/commits/{ref:path}", self._show_commit, "contents"),
            Endpoint("GET", "/repos/{repo}/git/trees/{ref:path}", self._show_tree, "contents"),
            Endpoint("GET", "/repos/{repo}/contents/{path:path}", self._show_content, "contents"),
            Endpoint("GET", "/repos/{repo}/compare/{basehead:path}", self._compare, "contents"),
        ]

    def find_commit(self, repository: Repository, name: str) -> str | None:
        """Return the commit that a branch, a tag or a hash stands for."""
        return find_commit(repository.folder, self._repositories.refs(repository), name)

    def _show(self, call: Call) -> Answer:
        repository = call.repository
        parent = self._repositories.get(repository.parent_id) if repository.parent_id else None
        return Answer(full_repository_shape(self._settings, repository, parent))

    def _list_branches(self, call: Call) -> Answer:
        branches = self._repositories.branches(call.repository)
        if call.query.get("protected") == "true":
            branches = {}
        url = api_url(self._settings, call.repository)
        shapes = [
            {"name": name, "commit": {"sha": sha, "url": f"{url}/commits/{sha}"}, "protected": False}
            for name, sha in call.cut(list(branches.items()))
        ]
        return Answer(shapes, total=len(branches))

    def _show_branch(self, call: Call) -> Answer:
        repository, name = call.repository, call.text("branch")
        sha = self._repositories.branches(repository).get(name)
        if sha is None:
            raise ApiError(404, "Branch not found")
        url = f"{api_url(self._settings, repository)}/branches/{quote(name)}"
        page = f"{page_url(self._settings, repository)}/tree/{quote(name)}"
        shape: Shape = {
            "name": name,
            "commit": commit_shape(self._settings, repository, read_commit(repository.folder, sha)),
            "_links": {"self": url, "html": page},
            "protected": False,
            "protection": {
                "enabled": False,
                "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []},
            },
            "protection_url": f"{url}/protection",
        }
        return Answer(shape)

    def _list_commits(self, call: Call) -> Answer:
        repository, path = call.repository, call.query.get("path", "")
        name = call.query.get("sha") or repository.default_branch
        sha = self.find_commit(repository, name)
        if sha is None:
            raise NotFoundError
        total = count_commits(repository.folder, sha, path=path)
        commits = read_log(repository.folder, sha, limit=call.per_page, skip=min(call.skip, total), path=path)
        return Answer([commit_shape(self._settings, repository, commit) for commit in commits], total=total)

    def _show_commit(self, call: Call) -> Answer:
        repository, name = call.repository, call.text("ref")
        sha = self.find_commit(repository, name)
        if sha is None:
            raise ApiError(422, f"No commit found for SHA: {name}")
        commit = read_commit(repository.folder, sha)
        changes = read_changes(repository.folder, next(iter(commit.parents), None), sha)
        additions, deletions = sum(file.additions for file in changes), sum(file.deletions for file in changes)
        shape = {
            **commit_shape(self._settings, repository, commit),
            "stats": {"additions": additions, "deletions": deletions, "total": additions + deletions},
            "files": [change_shape(self._settings, repository, sha, change) for change in call.cut(changes)],
        }
        return Answer(shape, total=len(changes))

    def _show_tree(self, call: Call) -> Answer:
        sha = self.find_commit(call.repository, call.text("ref"))
        if sha is None:
            raise NotFoundError
        files = list_files(call.repository.folder, sha, is_deep=bool(call.query.get("recursive")))
        tree = [{"path": file.path, "mode": file.mode, "type": file.type, "sha": file.sha} for file in files]
        return Answer({"sha": sha, "tree": tree, "truncated": False})

    def _show_content(self, call: Call) -> Answer:
        repository, path = call.repository, call.text("path")
        sha = self.find_commit(repository, call.query.get("ref") or repository.default_branch)
        files = list_files(repository.folder, sha, path) if sha else []
        if not files or files[0].type != "blob":
            raise NotFoundError
        content = b64encode(read_file(repository.folder, files[0].sha)).decode()
        return Answer({"type": "file", "encoding": "base64", "path": path, "sha": files[0].sha, "content": content})

    def _compare(self, call: Call) -> Answer:
        repository = call.repository
        base_name, dots, head_name = call.text("basehead").partition("...")
        base, head = (self.find_commit(repository, name) for name in (base_name, head_name))
        if not dots or base is None or head is None:
            raise NotFoundError
        folder = repository.folder
        common = find_merge_base(folder, base, head)
        if common is None:
            raise ApiError(404, f"No common ancestor between {base_name} and {head_name}.")
        ahead, behind = count_commits(folder, head, f"^{base}"), count_commits(folder, base, f"^{head}")
        status = {(True, True): "diverged", (True, False): "ahead", (False, True): "behind"}
        commits = read_log(folder, head, f"^{base}", limit=_COMPARED_COMMITS)[::-1]
        changes = read_changes(folder, common, head)[:_COMPARED_FILES]
        url = f"{api_url(self._settings, repository)}/compare/{quote(base_name)}...{quote(head_name)}"
        page = f"{page_url(self._settings, repository)}/compare/{quote(base_name)}...{quote(head_name)}"
        shape: Shape = {
            "url": url,
            "html_url": page,
            "permalink_url": f"{page_url(self._settings, repository)}/compare/{base[:7]}...{head[:7]}",
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "base_commit": commit_shape(self._settings, repository, read_commit(folder, base)),
            "merge_base_commit": commit_shape(self._settings, repository, read_commit(folder, common)),
            "status": status.get((ahead > 0, behind > 0), "identical"),
            "ahead_by": ahead,
            "behind_by": behind,
            "total_commits": ahead,
            "commits": [commit_shape(self._settings, repository, commit) for commit in call.cut(commits)],
            "files": [change_shape(self._settings, repository, head, change) for change in changes],
        }
        return Answer(shape, total=len(commits))
