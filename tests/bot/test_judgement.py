"""What is found wrong with an App, and that every fault says how to mend it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from battleshiper.bot.app_answers import (
    AccountAnswer,
    AppAnswer,
    HookAnswer,
    HookDeliveryAnswer,
    InstallationAnswer,
)
from battleshiper.bot.judgement import (
    Observation,
    judge_app,
    judge_clock,
    judge_deliveries,
    judge_hook,
    judge_installations,
)
from battleshiper.bot.manifest import EVENTS, PERMISSIONS

GITHUB = "https://github.com"
HOOK = "https://ship.example.org/webhooks/github"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
APP = AppAnswer(
    id=7,
    slug="ship",
    name="Ship",
    html_url=f"{GITHUB}/apps/ship",
    owner=AccountAnswer(login="octo", type="Organization"),
    permissions=dict(PERMISSIONS),
    events=EVENTS,
)
INSTALLATION = InstallationAnswer(
    id=1, html_url=f"{GITHUB}/i/1", account=AccountAnswer(login="me"), permissions=dict(PERMISSIONS)
)
GOOD_HOOK = HookAnswer(url=HOOK, secret="********", insecure_ssl="0")


def without(*names: str) -> dict[str, str]:
    """Return the permissions but some."""
    return {name: level for name, level in PERMISSIONS.items() if name not in names}


def faults(observations: Sequence[Observation]) -> list[Observation]:
    """Return what is to be mended."""
    return [each for each in observations if each.remedy]


@pytest.mark.parametrize(
    ("seconds", "is_fault", "is_grave"),
    [
        (0, False, False),
        (29, False, False),
        (-29, False, False),
        (45, True, False),
        (90, True, True),
        (-3600, True, True),
    ],
)
def test_clock(seconds: int, is_fault: bool, is_grave: bool) -> None:
    """Half a minute is nothing; from a minute on GitHub takes no App's token."""
    seen = judge_clock(NOW + timedelta(seconds=seconds), NOW)
    assert (bool(seen.remedy), seen.is_grave) == (is_fault, is_grave)
    if is_fault:
        assert ("ahead of" in seen.found) == (seconds > 0)


def test_a_good_app() -> None:
    """Nothing is to be mended, and what was looked at is said."""
    seen = [
        *judge_app(APP, GITHUB),
        *judge_installations(APP, [INSTALLATION]),
        judge_hook(GOOD_HOOK, HOOK, APP, GITHUB),
    ]
    assert faults(seen) == []
    assert [each.name for each in seen] == ["App", "permissions", "events", "installed", "webhook"]


@pytest.mark.parametrize(("name", "is_grave"), [("contents", True), ("statuses", False), ("issues", False)])
def test_a_permission_that_is_missing(name: str, is_grave: bool) -> None:
    """It is named with the page where it is given; only without contents nothing can be built."""
    (fault,) = faults(list(judge_app(APP.model_copy(update={"permissions": without(name)}), GITHUB)))
    assert name in fault.found
    assert f"{GITHUB}/organizations/octo/settings/apps/ship/permissions" in fault.remedy
    assert fault.is_grave is is_grave


def test_a_permission_that_is_too_weak() -> None:
    """To read is not to write, and to write is to read."""
    given = {**PERMISSIONS, "statuses": "read", "contents": "write"}
    (fault,) = faults(list(judge_app(APP.model_copy(update={"permissions": given}), GITHUB)))
    assert fault.found.endswith("lacks statuses: write")


@pytest.mark.parametrize(("event", "is_grave"), [("push", True), ("pull_request", False)])
def test_an_event_that_is_missing(event: str, is_grave: bool) -> None:
    """Without pushes there is nothing to deploy."""
    events = [each for each in EVENTS if each != event]
    (fault,) = faults(list(judge_app(APP.model_copy(update={"events": events}), GITHUB)))
    assert event in fault.found
    assert fault.is_grave is is_grave


def test_installations() -> None:
    """None, a suspended one, and one where nobody accepted a new permission, each with where to mend it."""
    (none,) = faults(list(judge_installations(APP, [])))
    assert none.remedy.endswith("/apps/ship/installations/new")
    suspended = INSTALLATION.model_copy(update={"suspended_at": NOW})
    old = INSTALLATION.model_copy(update={"permissions": without("pull_requests", "contents")})
    first, second = faults(list(judge_installations(APP, [suspended, old])))
    assert "suspended" in first.found
    assert "pull_requests: write" in second.found
    assert second.is_grave


def test_what_the_app_lacks_is_said_once() -> None:
    """An installation is not blamed for what its App does not ask for."""
    app = APP.model_copy(update={"permissions": without("issues")})
    installation = INSTALLATION.model_copy(update={"permissions": without("issues")})
    assert faults(list(judge_installations(app, [installation]))) == []


@pytest.mark.parametrize(
    ("hook", "said", "is_grave"),
    [
        ({"url": "https://other.example/webhooks/github"}, "other.example", True),
        ({"url": ""}, "no address", True),
        ({"secret": None}, "no secret", True),
        ({"insecure_ssl": "1"}, "certificate", False),
        ({"insecure_ssl": 1.0}, "certificate", False),
    ],
)
def test_webhooks(hook: dict[str, object], said: str, is_grave: bool) -> None:
    """Another address, no secret, and no check of certificates are named."""
    seen = judge_hook(GOOD_HOOK.model_copy(update=hook), HOOK, APP, GITHUB)
    assert said in seen.found
    assert seen.remedy
    assert seen.is_grave is is_grave


def test_a_webhook_to_this_machine() -> None:
    """github.com cannot reach it, which is told as such; a GitHub on this machine can."""
    local = "http://localhost:8787/webhooks/github"
    assert "BATTLESHIPER_BASE_URL" in judge_hook(GOOD_HOOK, local, APP, GITHUB).remedy
    here = judge_hook(GOOD_HOOK.model_copy(update={"url": local}), local, APP, "http://localhost:8788")
    assert here.remedy == ""


@pytest.mark.parametrize(
    ("status", "said"),
    [(0, "get through"), (401, "secret"), (404, "proxy"), (421, "proxy"), (503, "down"), (400, "docs")],
)
def test_deliveries_that_fail(status: int, said: str) -> None:
    """The latest decides, and its status says what is wrong."""
    arrived = HookDeliveryAnswer(event="push", delivered_at=NOW, status_code=202)
    failed = HookDeliveryAnswer(event="push", delivered_at=NOW, status_code=status)
    assert judge_deliveries([arrived, failed], APP, GITHUB).remedy == ""
    seen = judge_deliveries([failed, arrived], APP, GITHUB)
    assert "1 of the latest 2" in seen.found
    assert said in seen.remedy
    assert judge_deliveries([], APP, GITHUB).remedy
