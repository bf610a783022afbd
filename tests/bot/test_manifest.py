"""The manifest that an App is made from."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from battleshiper.bot.manifest import AppPlan, default_name
from battleshiper.infra.local.github.manifest import read_manifest

PUBLIC = "https://ship.example.org"
LOCAL = "http://localhost:8787"


def plan(base_url: str = PUBLIC, github_url: str = "https://github.com", organization: str = "") -> AppPlan:
    """Return the plan of a platform."""
    return AppPlan("Ship", base_url, f"{base_url}/webhooks/github", github_url, organization)


def test_what_the_app_asks_for() -> None:
    """The permissions and events that the platform needs, and nothing else; the App is nobody else's."""
    manifest = json.loads(plan().manifest("https://x.example/created"))
    assert manifest["default_permissions"] == {
        "contents": "read",
        "deployments": "write",
        "issues": "write",
        "metadata": "read",
        "pull_requests": "write",
        "statuses": "write",
    }
    assert set(manifest["default_events"]) == {"push", "pull_request", "issue_comment", "repository"}
    assert manifest["hook_attributes"] == {"url": f"{PUBLIC}/webhooks/github", "active": True}
    assert manifest["redirect_url"] == "https://x.example/created"
    assert manifest["public"] is False


def test_the_standin_takes_it() -> None:
    """It is a manifest as the stand-in, which is as strict as GitHub, wants one."""
    assert read_manifest(plan().manifest("http://127.0.0.1:1/connect/created")).name == "Ship"


@pytest.mark.parametrize(
    ("organization", "path"),
    [("", "/settings/apps/new"), ("octo", "/organizations/octo/settings/apps/new"), ("a/b", "/organizations/a%2Fb/")],
)
def test_where_it_is_posted_to(organization: str, path: str) -> None:
    """To the person's own settings or to the organisation's, with the state; a name is never a path."""
    url = urlsplit(plan(organization=organization, github_url="https://git.example.org").form_url("s t"))
    assert url.netloc == "git.example.org"
    assert url.path.startswith(path)
    assert parse_qs(url.query) == {"state": ["s t"]}


def test_a_platform_that_github_cannot_reach() -> None:
    """GitHub refuses an address of the machine itself as a webhook's, so the webhook is off, and named elsewhere."""
    hook = json.loads(plan(LOCAL).manifest("http://x.example"))["hook_attributes"]
    assert hook["active"] is False
    assert "localhost" not in hook["url"]
    assert not plan(LOCAL).is_reachable
    assert plan(LOCAL, "http://localhost:8788").is_reachable


def test_names() -> None:
    """A name tells where the platform is, is no longer than GitHub takes, and is never a mere `localhost`."""
    assert default_name(PUBLIC) == "Battleshiper ship.example.org"
    assert len(default_name(f"https://{'a' * 60}.example")) == 34
    assert default_name(LOCAL) != default_name(LOCAL)
