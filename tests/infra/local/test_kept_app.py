"""The App that was made for a platform: how it is kept, and what the settings make of it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from battleshiper.infra.local.kept_app import (
    AppThereError,
    KeptApp,
    KeptAppError,
    keep_app,
    kept_app_path,
    read_kept_app,
)
from battleshiper.infra.local.settings import GitHubApp, SettingsError, read_settings
from battleshiper.platform.tickets.keys import KeyRing

APP = KeptApp(7, "ship", "Ship", "me", "https://git.example/apps/ship", "Iv1", "https://git.example",
              "https://git.example/api/v3", "client's", "webhook's", "key")  # fmt: skip


def settings_of(data_dir: Path, **given: str) -> GitHubApp | None:
    """Return the App that the settings name."""
    environment: Mapping[str, str] = {f"BATTLESHIPER_{name}": value for name, value in given.items()}
    return read_settings({"BATTLESHIPER_DATA_DIR": str(data_dir), **environment}).github


def test_nothing_there(tmp_path: Path) -> None:
    """Looking makes nothing."""
    assert read_kept_app(tmp_path / "data") is None
    assert settings_of(tmp_path / "data") is None
    assert not (tmp_path / "data").exists()


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """The file and its folders are nobody else's, and keys that others may read are refused."""
    keep_app(tmp_path / "data", APP)
    path = kept_app_path(tmp_path / "data")
    assert [each.stat().st_mode & 0o777 for each in (path, path.parent, path.parent.parent)] == [0o600, 0o700, 0o700]
    assert read_kept_app(tmp_path / "data") == APP
    path.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        settings_of(tmp_path / "data")


def test_a_second_app(tmp_path: Path) -> None:
    """It takes the first one's place only when that is wanted; the same one again is no second."""
    second = replace(APP, app_id=8)
    keep_app(tmp_path, APP)
    keep_app(tmp_path, APP)
    with pytest.raises(AppThereError, match="--replace"):
        keep_app(tmp_path, second)
    assert read_kept_app(tmp_path) == APP
    keep_app(tmp_path, second, replace=True)
    assert read_kept_app(tmp_path) == second


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"app_id": 7}', "7"])
def test_a_file_that_was_written_to(tmp_path: Path, text: str) -> None:
    """What cannot be read is a mistake in the settings and no crash; a new App can take its place."""
    keep_app(tmp_path, APP)
    kept_app_path(tmp_path).write_text(text)
    with pytest.raises(KeptAppError, match="not as it was written"):
        read_kept_app(tmp_path)
    with pytest.raises(SettingsError, match="make the App again"):
        settings_of(tmp_path)
    keep_app(tmp_path, APP, replace=True)
    assert read_kept_app(tmp_path) == APP


@pytest.mark.parametrize(("text", "mode"), [("", 0o600), ("{}", 0o644)])
def test_a_file_that_may_not_be_read(tmp_path: Path, text: str, mode: int) -> None:
    """An empty one, and one that others may read, is no reason to lose the App that GitHub has just made."""
    keep_app(tmp_path, APP)
    kept_app_path(tmp_path).write_text(text)
    kept_app_path(tmp_path).chmod(mode)
    second = replace(APP, app_id=8)
    with pytest.raises(KeptAppError):
        keep_app(tmp_path, second)
    keep_app(tmp_path, second, replace=True)
    assert read_kept_app(tmp_path) == second


def test_secrets_are_not_printed() -> None:
    """What may end up in a log has none in it."""
    assert not [secret for secret in ("client's", "webhook's", "'key'") if secret in repr(APP)]


def test_the_settings_take_it(tmp_path: Path) -> None:
    """Without a word in the environment it is the platform's App, at the GitHub where it was made."""
    keep_app(tmp_path, APP)
    github = settings_of(tmp_path)
    assert github == GitHubApp(
        7,
        "key",
        "webhook's",
        url=APP.url,
        api_url=APP.api_url,
        client_id=APP.client_id,
        client_secret=APP.client_secret,
        is_kept=True,
    )
    assert settings_of(tmp_path, GITHUB_URL=APP.url) == github
    without = read_settings({"BATTLESHIPER_DATA_DIR": str(tmp_path)}, with_kept_app=False)
    assert without.github is None


def test_a_secret_that_is_being_changed(tmp_path: Path) -> None:
    """The environment's secrets go before the kept one, so that nothing is lost while GitHub's is changed."""
    keep_app(tmp_path, APP)
    github = settings_of(tmp_path, GITHUB_WEBHOOK_SECRET="new", GITHUB_WEBHOOK_SECRET_OLD="webhook's")
    assert github is not None
    assert github.webhook_secrets == ("new", "webhook's")
    assert github.private_key == "key"


def test_an_app_in_the_environment(tmp_path: Path) -> None:
    """It goes before the kept one, and gets nothing of it."""
    keep_app(tmp_path, APP)
    with pytest.raises(SettingsError) as refused:
        settings_of(tmp_path, GITHUB_APP_ID="9")
    assert len(refused.value.mistakes) == 2
    key = tmp_path / "app.pem"
    key.write_text(KeyRing.new().private_pem)
    github = settings_of(tmp_path, GITHUB_APP_ID="9", GITHUB_PRIVATE_KEY_FILE=str(key), GITHUB_WEBHOOK_SECRET="s")
    assert github is not None
    assert (github.app_id, github.webhook_secret, github.url) == (9, "s", "https://github.com")
    assert not github.is_kept


def test_an_app_of_another_github(tmp_path: Path) -> None:
    """Settings that name another GitHub than the App's are a mistake, and what to do is said."""
    keep_app(tmp_path, APP)
    with pytest.raises(SettingsError, match=r"made at https://git\.example.*--replace"):
        settings_of(tmp_path, GITHUB_URL="https://github.com")
