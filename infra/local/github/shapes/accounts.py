"""Accounts: the owner and the App's own."""

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


def account_shape(settings: GitHubSettings, login: str) -> Shape:
    """Return the account of this login: the owner, else the App's bot."""
    if login == settings.owner_login:
        return _shape(settings, login, settings.owner_id, settings.owner_type, f"{settings.base_url}/{login}")
    page = f"{settings.base_url}/apps/{settings.app_slug}"
    return _shape(settings, settings.bot_login, settings.owner_id + 1_000_000, "Bot", page)


def _shape(settings: GitHubSettings, login: str, number: int, kind: str, page: str) -> Shape:
    url = f"{settings.api_url}/users/{login}"
    return {
        "login": login,
        "id": number,
        "node_id": node_id("User", number),
        "avatar_url": f"{settings.base_url}/_standin/avatar.svg",
        "gravatar_id": "",
        "url": url,
        "html_url": page,
        **{name: url + path for name, path in _LISTS.items()},
        "type": kind,
        "user_view_type": "public",
        "site_admin": False,
    }
