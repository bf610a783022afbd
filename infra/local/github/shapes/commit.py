"""Commits and the files they change."""

from urllib.parse import quote

from battleshiper.infra.local.github.git.changes import FileChange
from battleshiper.infra.local.github.git.history import Commit, Signature
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.repository import api_url, page_url
from battleshiper.infra.local.github.shapes.shape import Shape, node_id

_UNSIGNED: Shape = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}


def commit_shape(settings: GitHubSettings, repository: Repository, commit: Commit) -> Shape:
    """Return a commit. Its people are known by name and address only, not by account."""
    url, page = api_url(settings, repository), page_url(settings, repository)
    return {
        "sha": commit.sha,
        "node_id": node_id("Commit", commit.sha),
        "commit": {
            "author": _signature(commit.author),
            "committer": _signature(commit.committer),
            "message": commit.message,
            "tree": {"sha": commit.tree, "url": f"{url}/git/trees/{commit.tree}"},
            "url": f"{url}/git/commits/{commit.sha}",
            "comment_count": 0,
            "verification": _UNSIGNED,
        },
        "url": f"{url}/commits/{commit.sha}",
        "html_url": f"{page}/commit/{commit.sha}",
        "comments_url": f"{url}/commits/{commit.sha}/comments",
        "author": None,
        "committer": None,
        "parents": [
            {"sha": sha, "url": f"{url}/commits/{sha}", "html_url": f"{page}/commit/{sha}"} for sha in commit.parents
        ],
    }


def change_shape(settings: GitHubSettings, repository: Repository, sha: str, change: FileChange) -> Shape:
    """Return a file that commit `sha` changed, without the patch itself."""
    url, page, path = api_url(settings, repository), page_url(settings, repository), quote(change.path)
    shape: Shape = {
        "sha": change.sha or None,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{page}/blob/{sha}/{path}",
        "raw_url": f"{page}/raw/{sha}/{path}",
        "contents_url": f"{url}/contents/{path}?ref={sha}",
    }
    if change.previous:
        shape["previous_filename"] = change.previous
    return shape


def _signature(signature: Signature) -> Shape:
    return {"name": signature.name, "email": signature.email, "date": signature.date}
