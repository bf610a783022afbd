"""Judges what GitHub says about the App: what is as it must be, what is not, and how to mend it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from battleshiper.bot.app_answers import AppAnswer, HookAnswer, HookDeliveryAnswer, InstallationAnswer
from battleshiper.bot.manifest import ESSENTIAL, EVENTS, PERMISSIONS
from battleshiper.platform.model.address import is_loopback

_DRIFT = timedelta(seconds=30)
"""GitHub takes an App's tokens up to a minute from its own time
(https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app)."""
_TOO_MUCH_DRIFT = timedelta(minutes=1)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that was looked at. Without a `remedy` it is as it should be; a grave one keeps everything from
    being deployed."""

    name: str
    found: str
    remedy: str = ""
    is_grave: bool = False


def judge_clock(ours: datetime, githubs: datetime) -> Observation:
    """Compare this machine's time with GitHub's."""
    drift = ours - githubs
    seconds = abs(round(drift.total_seconds()))
    if abs(drift) <= _DRIFT:
        return Observation("clock", f"within {_DRIFT.seconds} s of GitHub's")
    where = "ahead of" if drift > timedelta(0) else "behind"
    remedy = "Set it by the network: timedatectl set-ntp true. GitHub refuses Apps whose time is off by a minute."
    return Observation("clock", f"{seconds} s {where} GitHub's", remedy, is_grave=abs(drift) > _TOO_MUCH_DRIFT)


def judge_app(app: AppAnswer, github_url: str) -> Iterator[Observation]:
    """Look at what the App may ask for, and is told of."""
    yield Observation("App", f"{app.name} ({app.id}) of {app.owner_login}: GitHub takes its key")
    missing = missing_permissions(app.permissions)
    page = settings_page(app, github_url)
    if missing:
        remedy = f"Allow it at {page}/permissions, then accept it where the App is installed."
        yield Observation("permissions", f"the App lacks {_list(missing)}", remedy, is_grave=_is_grave(missing))
    else:
        yield Observation("permissions", _list(f"{name}: {level}" for name, level in PERMISSIONS.items()))
    unheard = [event for event in EVENTS if event not in app.events]
    if unheard:
        remedy = f"Subscribe to it at {page}/permissions."
        yield Observation("events", f"the App is not told of {_list(unheard)}", remedy, is_grave=_is_grave(unheard))
    else:
        yield Observation("events", _list(EVENTS))


def judge_installations(app: AppAnswer, installations: Sequence[InstallationAnswer]) -> Iterator[Observation]:
    """Look at where the App is installed, and with which rights."""
    if not installations:
        remedy = f"Install it: {app.html_url}/installations/new"
        yield Observation("installed", "on no account yet", remedy)
        return
    good = []
    for installation in installations:
        # What the App itself lacks was said before; here it is what nobody accepted.
        missing = [each for each in missing_permissions(installation.permissions) if _has(app.permissions, each)]
        where = f"on {installation.login}"
        if installation.suspended_at is not None:
            yield Observation("installed", f"{where}, suspended", f"Unsuspend it: {installation.html_url}")
        elif missing:
            remedy = f"Somebody who may has to accept the new permissions: {installation.html_url}"
            grave = _is_grave(missing)
            yield Observation("installed", f"{where}, without {_list(missing)}", remedy, is_grave=grave)
        else:
            good.append(installation.login)
    if good:
        more = f" and {len(good) - _SHOWN} more" if len(good) > _SHOWN else ""
        yield Observation("installed", f"on {_list(good[:_SHOWN])}{more}")


def judge_hook(hook: HookAnswer, wanted_url: str, app: AppAnswer, github_url: str) -> Observation:
    """Look at where GitHub sends webhooks to. That they are switched on it does not say."""
    page = settings_page(app, github_url)
    if is_loopback(wanted_url) and not is_loopback(github_url):
        remedy = "Set BATTLESHIPER_BASE_URL to an address that GitHub reaches, and the App's webhook to it."
        return Observation("webhook", f"GitHub cannot reach {wanted_url}, which is this machine only", remedy)
    if hook.url.rstrip("/") != wanted_url:
        remedy = f"At {page} set the webhook URL to {wanted_url}, or mend BATTLESHIPER_BASE_URL."
        return Observation("webhook", f"goes to {hook.url or 'no address'}", remedy, is_grave=True)
    if not hook.secret:
        remedy = f"Enter BATTLESHIPER_GITHUB_WEBHOOK_SECRET at {page}: what is not signed is refused."
        return Observation("webhook", "has no secret", remedy, is_grave=True)
    if str(hook.insecure_ssl) not in ("0", "0.0"):
        return Observation("webhook", f"{hook.url}, without checking its certificate", f"Check it again: {page}")
    return Observation("webhook", hook.url)


def judge_deliveries(deliveries: Sequence[HookDeliveryAnswer], app: AppAnswer, github_url: str) -> Observation:
    """Look at whether the latest webhooks arrived; newest first."""
    if not deliveries:
        remedy = f"See that it is active: {settings_page(app, github_url)}"
        return Observation("deliveries", "GitHub has sent no webhook in the last days", remedy)
    latest = deliveries[0]
    failed = sum(not 200 <= delivery.status_code < 300 for delivery in deliveries)
    count = f"{len(deliveries) - failed} of the latest {len(deliveries)} webhooks arrived"
    if 200 <= latest.status_code < 300:
        return Observation("deliveries", f"{count}, the last one too")
    what = f"{count}; the last one ({latest.event}) ended with {latest.status_code or latest.status or 'no answer'}"
    return Observation("deliveries", what, _mend(latest.status_code))


def missing_permissions(given: Mapping[str, str]) -> list[str]:
    """Return what is needed and not given, as `name: level`."""
    return [f"{name}: {level}" for name, level in PERMISSIONS.items() if not _covers(given.get(name), level)]


def settings_page(app: AppAnswer, github_url: str) -> str:
    """Return where the App's owner changes it."""
    owner = f"/organizations/{app.owner_login}" if app.is_of_organization else ""
    return f"{github_url}{owner}/settings/apps/{app.slug}"


def _mend(status: int) -> str:
    match status:
        case 0:
            return "GitHub did not get through: look at DNS, firewall, certificate, and that the platform is up."
        case 401:
            return "The secret is another: enter the platform's on the App's page, or the App's at the platform."
        case 404 | 405 | 421:
            return "Something else answers there: look at the webhook URL, and that the proxy passes Host on."
        case 502 | 503 | 504:
            return "The platform was down or could not write; it asks for these again by itself."
    return "docs/troubleshooting.md says what the status means."


def _covers(given: str | None, level: str) -> bool:
    return given in ("write", "admin") or (given is not None and given == level)


def _has(given: Mapping[str, str], text: str) -> bool:
    name, _, level = text.partition(": ")
    return _covers(given.get(name), level)


def _is_grave(missing: Iterable[str]) -> bool:
    return any(each.partition(":")[0] in ESSENTIAL for each in missing)


def _list(texts: Iterable[str]) -> str:
    return ", ".join(texts)
