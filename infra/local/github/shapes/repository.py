"""Repositories."""

from battleshiper.infra.local.github.moment import read_moment
from battleshiper.infra.local.github.records.accounts import Account
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import account_shape
from battleshiper.infra.local.github.shapes.shape import Shape, node_id

_TEMPLATES = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
_COUNTS = (
    "forks",
    "forks_count",
    "open_issues",
    "open_issues_count",
    "size",
    "stargazers_count",
    "watchers",
    "watchers_count",
)


def api_url(settings: GitHubSettings, repository: Repository) -> str:
    """Return where the REST API has the repository."""
    return f"{settings.api_url}/repos/{repository.full_name}"


def page_url(settings: GitHubSettings, repository: Repository) -> str:
    """Return where people see the repository."""
    return f"{settings.base_url}/{repository.full_name}"


def association(repository: Repository, account: Account) -> str:
    """Return what the account has to do with the repository. Nothing to trust: a role can be granted for reading."""
    if account.id == repository.owner.id:
        return "OWNER"
    return "COLLABORATOR" if account.id in repository.roles else "NONE"


def brief_repository_shape(repository: Repository) -> Shape:
    """Return a repository as the events of an installation name it."""
    return {
        "id": repository.id,
        "node_id": node_id("Repository", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
    }


def repository_shape(settings: GitHubSettings, repository: Repository) -> Shape:
    """Return a repository as answers and most events show it."""
    url, page = api_url(settings, repository), page_url(settings, repository)
    return {
        **brief_repository_shape(repository),
        "owner": account_shape(settings, repository.owner),
        "html_url": page,
        "description": None,
        "fork": repository.parent_id is not None,
        "url": url,
        **{name: url + path for name, path in _TEMPLATES.items()},
        "git_url": f"{page}.git",
        "ssh_url": f"{page}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        "topics": [],
        "visibility": "private" if repository.private else "public",
        "default_branch": repository.default_branch,
        "is_template": False,
        "archived": repository.archived,
        "disabled": False,
        "has_issues": True,
        "has_projects": False,
        "has_wiki": False,
        "has_pages": False,
        "has_downloads": False,
        "has_discussions": False,
        "allow_forking": True,
        "web_commit_signoff_required": False,
        "created_at": repository.created_at,
        "updated_at": repository.pushed_at,
        "pushed_at": repository.pushed_at,
        **dict.fromkeys(_COUNTS, 0),
    }


def full_repository_shape(settings: GitHubSettings, repository: Repository, parent: Repository | None = None) -> Shape:
    """Return a repository as its own answer shows it; `parent` is what it was forked from."""
    shape = {**repository_shape(settings, repository), "network_count": 0, "subscribers_count": 0}
    if parent:
        shape["parent"] = shape["source"] = repository_shape(settings, parent)
    return shape


def pushed_repository_shape(settings: GitHubSettings, repository: Repository) -> Shape:
    """Return a repository as push events show it: two of its moments are seconds since 1970."""
    pushed_at = read_moment(repository.pushed_at) if repository.pushed_at else None
    return {
        **repository_shape(settings, repository),
        "created_at": int(read_moment(repository.created_at).timestamp()),
        "pushed_at": int(pushed_at.timestamp()) if pushed_at else None,
        "stargazers": 0,
        "master_branch": repository.default_branch,
    }
