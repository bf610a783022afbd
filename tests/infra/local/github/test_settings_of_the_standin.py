"""Settings and credentials."""

from pathlib import Path
from typing import Any

import jwt
import pytest

from battleshiper.infra.local.github.credentials import generate_app_credentials
from battleshiper.infra.local.github.settings import GitHubSettings, SettingsError


def settings(**changes: Any) -> GitHubSettings:
    """Return good settings with some changes."""
    good = {
        "data_dir": Path("/nowhere"),
        "base_url": "http://127.0.0.1:8788",
        "app_id": 1,
        "app_public_key": "",
        "webhook_secret": "secret",
        "webhook_url": "http://127.0.0.1:8787/webhooks/github",
    }
    return GitHubSettings(**{**good, **changes})


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"webhook_secret": ""}, "webhook_secret"),
        ({"base_url": "127.0.0.1:1"}, "base_url"),
        ({"base_url": "http://127.0.0.1:1/"}, "base_url"),
        ({"webhook_url": "ftp://x/"}, "webhook_url"),
        ({"owner_login": "../etc"}, "owner_login"),
        ({"permissions": {"contents": "all"}}, "permission"),
    ],
)
def test_bad_settings_are_named(changes: dict[str, Any], name: str) -> None:
    """The message says which setting is at fault."""
    with pytest.raises(SettingsError, match=name):
        settings(**changes)


def test_the_api_is_where_enterprise_server_has_it() -> None:
    """So that one pair of addresses configures both."""
    assert settings().api_url == "http://127.0.0.1:8788/api/v3"


def test_credentials_fit_together() -> None:
    """What the private key signs, the public key verifies, and no two are the same."""
    one, other = generate_app_credentials(), generate_app_credentials()
    token = jwt.encode({"iss": "1"}, one.private_key, algorithm="RS256")
    assert jwt.decode(token, one.public_key, algorithms=["RS256"]) == {"iss": "1"}
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, other.public_key, algorithms=["RS256"])
    assert one.webhook_secret != other.webhook_secret
    assert len(one.webhook_secret) == 64
