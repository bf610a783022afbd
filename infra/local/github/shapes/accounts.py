"""Accounts."""

from battleshiper.infra.local.github.records.accounts import Account
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.shape import Shape, node_id

_LISTS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


def account_shape(settings: GitHubSettings, account: Account) -> Shape:
    """Return an account as it is shown wherever somebody did something."""
    url = f"{settings.api_url}/users/{account.login}"
    page = f"apps/{settings.app_slug}" if account.kind == "Bot" else account.login
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id("User", account.id),
        "avatar_url": f"{settings.base_url}/_standin/avatar.svg",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{settings.base_url}/{page}",
        **{name: url + path for name, path in _LISTS.items()},
        "type": account.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def full_account_shape(settings: GitHubSettings, account: Account, created_at: str) -> Shape:
    """Return an account as its own answer shows it."""
    unknown = ("name", "company", "location", "email", "hireable", "bio")
    counts = ("public_repos", "public_gists", "followers", "following")
    return {
        **account_shape(settings, account),
        **dict.fromkeys(unknown),
        "blog": "",
        **dict.fromkeys(counts, 0),
        "created_at": created_at,
        "updated_at": created_at,
    }


def role_shape(settings: GitHubSettings, account: Account, role: str) -> Shape:
    """Return what an account may do in a repository. The permission knows fewer levels than the roles."""
    legacy = {"triage": "read", "maintain": "write"}
    user = {**account_shape(settings, account), "permissions": permissions_shape(role), "role_name": role}
    return {"permission": legacy.get(role, role), "role_name": role, "user": user}


def permissions_shape(role: str) -> Shape:
    """Return what a role comes to, each level by itself."""
    levels = ("pull", "triage", "push", "maintain", "admin")
    reach = ("read", "triage", "write", "maintain", "admin").index(role) if role != "none" else -1
    return {name: index <= reach for index, name in enumerate(levels)}
