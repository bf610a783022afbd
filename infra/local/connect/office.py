"""The office: puts desk and pages together for one platform."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from battleshiper.bot.manifest import WEBHOOK_PATH, AppPlan, default_name
from battleshiper.bot.visitor import Visitor
from battleshiper.infra.local.connect.desk import Desk
from battleshiper.infra.local.connect.pages import ConnectPages
from battleshiper.infra.local.kept_app import KeptApp, keep_app
from battleshiper.infra.local.settings import Settings

RESTARTS = "The platform starts again with it by itself, within seconds."


def plan_app(base_url: str, github_url: str, *, name: str = "", organization: str = "") -> AppPlan:
    """Return the App that a platform at `base_url` needs."""
    return AppPlan(name or default_name(base_url), base_url, base_url + WEBHOOK_PATH, github_url, organization)


def leftover(data_dir: Path) -> str:
    """Return what to know about a platform that the stand-in was used with, nothing for another one."""
    try:
        pushed = any((data_dir / "github" / "repositories").iterdir())
    except OSError:
        return ""
    if not pushed:
        return ""
    return (
        "Repositories were pushed to the stand-in here. Their projects mean nothing to GitHub, keep their names, and "
        "may be mistaken for repositories of an Enterprise Server with the same ids: delete them first (battleshiper "
        "projects delete), or set BATTLESHIPER_DATA_DIR to another folder."
    )


@contextmanager
def open_desk(plan: AppPlan, api_url: str, keep: Callable[[KeptApp], None]) -> Iterator[Desk]:
    """Open a desk where an App is made at GitHub, and handed to `keep`."""
    visitor = Visitor(api_url)
    try:
        yield Desk(plan, api_url, visitor, keep, lambda: datetime.now(UTC))
    finally:
        visitor.close()


@contextmanager
def connect_pages(settings: Settings) -> Iterator[ConnectPages]:
    """Open the pages that a running platform without an App has."""
    plan, folder = plan_app(settings.base_url, settings.github_url), settings.data_dir
    with open_desk(plan, settings.github_api_url, lambda app: keep_app(folder, app)) as desk:
        yield ConnectPages(desk, settings.base_url, after=RESTARTS, warn=lambda: leftover(folder))
