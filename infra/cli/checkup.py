"""What the doctor looks at: this machine, and the platform that runs on it."""

from collections.abc import Iterator
from datetime import UTC, datetime

from battleshiper.bot.checkup import AppCheckup
from battleshiper.bot.connection import Connection
from battleshiper.bot.manifest import WEBHOOK_PATH
from battleshiper.bot.visitor import Visitor
from battleshiper.infra.cli.client import Client
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.startup import environment_file
from battleshiper.infra.local.diagnosis import Finding, Verdict, check_private, diagnose
from battleshiper.infra.local.settings import GitHubApp, Settings


def examine(settings: Settings, *, repair: bool) -> Iterator[Finding]:
    """Yield what is found; `repair` makes the running platform's routes again first. Raises CommandError when they
    are to be repaired and no platform is running."""
    if repair:
        rebuilt = Client.for_settings(settings).post("/routes/rebuild")
        yield Finding("routes", Verdict.GOOD, f"made again for {rebuilt['hostnames']} hostnames")
    yield from diagnose(settings)
    if environment_file().exists():
        yield check_private(".env", environment_file())
    if settings.github is not None:
        yield from _ask_github(settings, settings.github)
    yield from _dead_letters(settings)


def _ask_github(settings: Settings, github: GitHubApp) -> Iterator[Finding]:
    connection, visitor = Connection(github.app_id, github.private_key, github.api_url), Visitor(github.api_url)
    webhook_url = settings.base_url + WEBHOOK_PATH
    try:
        checkup = AppCheckup(connection, visitor, github.url, webhook_url, lambda: datetime.now(UTC))
        for seen in checkup.examine():
            verdict = Verdict.BAD if seen.is_grave else Verdict.WEAK if seen.remedy else Verdict.GOOD
            yield Finding(seen.name, verdict, seen.found, seen.remedy)
    finally:
        connection.close()
        visitor.close()


def _dead_letters(settings: Settings) -> Iterator[Finding]:
    try:
        letters = Client.for_settings(settings).get("/dead-letters", limit=500)
    except CommandError:
        return  # no platform is running, which is no fault
    if not letters:
        yield Finding("dead letters", Verdict.GOOD, "none: all events were handled")
        return
    count = f"{len(letters)} {'event' if len(letters) == 1 else 'events'} could not be handled"
    remedy = "`battleshiper dead-letters` shows why, `battleshiper dead-letters retry` tries again."
    yield Finding("dead letters", Verdict.WEAK, count, remedy)
