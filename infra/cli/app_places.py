"""Where a new App's keys go: to the platform on this machine, or into files for `aws deploy`."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.startup import environment, settings_from_environment
from battleshiper.infra.local.connect.office import leftover
from battleshiper.infra.local.kept_app import KeptApp, KeptAppError, keep_app, kept_app_path, read_kept_app
from battleshiper.infra.local.reader import PREFIX, Reader
from battleshiper.infra.local.settings import GITHUB_API_URL, GITHUB_URL

_NAMED = ("GITHUB_APP_ID", "GITHUB_PRIVATE_KEY_FILE", "GITHUB_WEBHOOK_SECRET", "GITHUB_WEBHOOK_SECRET_OLD")
_KEY_FILE, _SETTINGS_FILE = Path("github-app.pem"), Path("github-app.env")


@dataclass(frozen=True, slots=True)
class Place:
    """A platform that gets an App."""

    base_url: str
    github_url: str
    api_url: str
    keep: Callable[[KeptApp], None]
    """Raises KeptAppError, OSError or CommandError."""
    kept_in: str
    after: str
    """What happens next, or is to be done."""
    warning: str = ""
    """What speaks against it."""


def local_place(*, replace: bool) -> Place:
    """Return the platform on this machine; raises CommandError when it has an App already."""
    given = [PREFIX + name for name in _NAMED if environment().get(PREFIX + name, "").strip()]
    if given:
        raise CommandError(
            f"{', '.join(given)}: the settings name an App already, and they win.",
            "Unset these variables, then make the App.",
        )
    # The App that is there may be at another GitHub, or not be readable at all: that is what --replace mends.
    settings = settings_from_environment(with_kept_app=False)
    there = None if replace else _there(settings.data_dir)
    if there is not None:
        raise CommandError(
            f"There is an App already: {there.name}, {there.html_url}",
            "To put another in its place: --replace. The one so far stays on GitHub until you delete it there.",
        )
    return Place(
        base_url=settings.base_url,
        github_url=settings.github_url,
        api_url=settings.github_api_url,
        keep=lambda app: keep_app(settings.data_dir, app, replace=replace),
        kept_in=str(kept_app_path(settings.data_dir)),
        after="A platform that is up takes it within seconds. Otherwise start it: battleshiper up",
        warning=leftover(settings.data_dir),
    )


def _there(data_dir: Path) -> KeptApp | None:
    try:
        return read_kept_app(data_dir)
    except KeptAppError as error:
        raise CommandError(str(error)) from error


def aws_place(*, replace: bool) -> Place:
    """Return the platform on AWS that the options describe; raises CommandError."""
    reader = Reader(environment())
    domain = reader.domain("PLATFORM_DOMAIN", "")
    url, api_url = reader.url("GITHUB_URL", GITHUB_URL), reader.url("GITHUB_API_URL", GITHUB_API_URL)
    if reader.mistakes:
        raise CommandError("\n  ".join(reader.mistakes), "See docs/aws.md.")
    there = [path for path in (_KEY_FILE, _SETTINGS_FILE) if path.exists()]
    if there and not replace:
        raise CommandError(f"{there[0]} is there already, from an App before.", "To write another over it: --replace")
    return Place(
        base_url=f"https://{domain}",
        github_url=url,
        api_url=api_url,
        keep=_write_files,
        kept_in=f"{_KEY_FILE} and {_SETTINGS_FILE}",
        after=f"Put the lines of {_SETTINGS_FILE} into .env, then: battleshiper aws deploy",
    )


def _write_files(app: KeptApp) -> None:
    lines = {
        "GITHUB_APP_ID": str(app.app_id),
        "GITHUB_PRIVATE_KEY_FILE": str(_KEY_FILE.absolute()),
        "GITHUB_WEBHOOK_SECRET": app.webhook_secret,
        "GITHUB_CLIENT_ID": app.client_id,
        "GITHUB_CLIENT_SECRET": app.client_secret,
    }
    write_private(_KEY_FILE, app.private_key)
    write_private(_SETTINGS_FILE, "".join(f"{PREFIX}{name}={value}\n" for name, value in lines.items()))


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, in place of what was there."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
