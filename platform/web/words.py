"""How times, sizes and names are written for people."""

from datetime import UTC, datetime, timedelta

from battleshiper.platform.model.deployment import Commit, Deployment, Origin
from battleshiper.platform.model.pull_request import outside_pull

_UNITS = (("year", 365 * 86400), ("month", 30 * 86400), ("day", 86400), ("hour", 3600), ("minute", 60))
_MOMENT = timedelta(seconds=10)
_ORIGINS = {
    Origin.PUSH: "Pushed",
    Origin.INITIAL: "First deployment of the project",
    Origin.PULL_REQUEST: "Pull request",
    Origin.MISSED: "Pushed while the platform could not hear of it",
    Origin.REDEPLOY: "Redeployed",
    Origin.HOOK: "A build hook was called",
}
_LONGEST_TITLE = 120
_LONGEST_LINE = 2000


def write_age(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in the largest unit that fits."""
    if now - moment < _MOMENT:
        return "just now"
    seconds = int((now - moment).total_seconds())
    for unit, length in _UNITS:
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return f"{seconds} seconds ago"


def write_moment(moment: datetime) -> str:
    """Return a moment to the second, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def write_machine_moment(moment: datetime) -> str:
    """Return a moment as the `datetime` of a `<time>`, and as logs are stamped."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_duration(start: datetime | None, end: datetime | None) -> str:
    """Return how long something took; empty where it is not over."""
    if start is None or end is None:
        return ""
    seconds = max(0.0, (end - start).total_seconds())
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def write_size(count: int) -> str:
    """Return a number of bytes in the unit that suits it."""
    if count < 1000:
        return f"{count} B"
    size = count / 1000
    for unit in ("kB", "MB"):
        if size < 999.95:
            return f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def write_title(commit: Commit) -> str:
    """Return the first line of a commit's message, shortened."""
    lines = commit.message.strip().splitlines()
    title = lines[0].strip() if lines else "(no message)"
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"


def write_branch(branch: str) -> str:
    """Return how a branch is called: one of a fork by its pull request."""
    number = outside_pull(branch)
    return branch if number is None else f"fork, pull request #{number}"


def write_origin(deployment: Deployment) -> str:
    """Return what asked for a deployment."""
    return _ORIGINS[deployment.origin]


def shorten(text: str) -> str:
    """Return a line's text as pages show it: what some tools print in one line would fill them."""
    more = len(text) - _LONGEST_LINE
    return text if more <= 0 else f"{text[:_LONGEST_LINE]}… ({more:,} more characters are in the downloaded log)"
