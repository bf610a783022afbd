"""The comment on a pull request: pure, from what is to be shown.

Everything that tenants wrote is hostile until it is in a code span or a block of code, where GitHub renders no markup
and notifies nobody.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from battleshiper.bot.log_excerpt import fence
from battleshiper.bot.wording import WORDS, duration
from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.model.site_change import SiteChange, Weight

MARKER = "<!-- battleshiper: what this pull request deploys -->"
"""Tells our comment from all others; GitHub does not show it."""
_SIGNS = {
    State.QUEUED: "⏳",
    State.BUILDING: "🔨",
    State.DEPLOYING: "🚀",
    State.READY: "✅",
    State.FAILED: "❌",
}
_MOST_ROUTES = 10
_MOST_MOVERS = 5
_WIDEST = 200
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Row:
    """What is shown of one project."""

    project: str
    deployment: Deployment
    """The newest one that was built, or is going to be."""
    branch_url: str | None
    """Where the branch is shown, None where it is not."""
    log_url: str
    change: SiteChange | None = None
    """What it changes against production, where that is known."""
    log: Sequence[str] = ()
    """The end of its build's log, where it failed."""
    note: str = ""
    """What became of a newer commit that was not built, as one sentence."""
    retired: str = ""
    """Why it is shown no more, as one sentence; empty while it is."""


def write_comment(rows: Sequence[Row]) -> str:
    """Return the comment's text."""
    parts = [MARKER, _table(rows)]
    for row in rows:
        name = f" of {row.project}" if len(rows) > 1 else ""
        parts += _notes(row, name)
        if row.deployment.state is State.FAILED and row.log:
            parts.append(_fold(f"The end of the log{name}", fence(row.log), is_open=True))
        if row.change is not None and not row.retired:
            parts.append(_fold(f"{_headline(row.change)}{name}", _describe(row.change)))
    return "\n\n".join(parts) + "\n"


def _table(rows: Sequence[Row]) -> str:
    lines = ["| Project | Preview | Commit | |", "|:--|:--|:--|:--|"]
    return "\n".join([*lines, *map(_line, rows)])


def _line(row: Row) -> str:
    deployment = row.deployment
    return f"| **{row.project}** | {_state(row)} | {code(deployment.commit.sha[:7])} | {' · '.join(_links(row))} |"


def _state(row: Row) -> str:
    deployment = row.deployment
    if row.retired:
        return "🗄️ Retired"
    if deployment.expired_at is not None:
        return "🗄️ Expired"
    words = "Failed" if deployment.state is State.FAILED else WORDS[deployment.state]
    said = f"{_SIGNS.get(deployment.state, '⚪')} {words}"
    if deployment.state is State.READY and deployment.finished_at is not None:
        said += f" in {duration((deployment.finished_at - deployment.created_at).total_seconds())}"
    return said


def _links(row: Row) -> Iterable[str]:
    if row.deployment.site is not None and not row.retired:
        yield f"[**Visit the preview**]({row.deployment.site})"
        if row.branch_url is not None:
            yield f"[Branch]({row.branch_url})"
    yield f"[Log]({row.log_url})"


def _notes(row: Row, name: str) -> Iterable[str]:
    if row.retired:
        yield f"{code(row.retired)} The preview{name} is gone from its branch's address."
    elif row.deployment.state is State.FAILED or (row.deployment.state is State.READY and row.deployment.reason):
        yield code(row.deployment.reason)
    elif row.note:
        yield code(row.note)


def _headline(change: SiteChange) -> str:
    routes = [f"{len(found):,} {word}" for found, word in _kinds(change) if found]
    if routes:
        count, _, word = routes[0].partition(" ")
        routes[0] = f"{count} {'route' if count == '1' else 'routes'} {word}"
    told = [", ".join(routes)] if routes else []
    told.append(f"JavaScript {_signed(change.script.delta)}" if change.script.delta else "JavaScript as before")
    return "Against production: " + " · ".join(told)


def _kinds(change: SiteChange) -> Iterable[tuple[Sequence[str], str]]:
    return (change.added, "added"), (change.removed, "removed"), (change.changed, "changed")


def _describe(change: SiteChange) -> str:
    lines = ["| | Before | After | |", "|:--|--:|--:|--:|", _weight(change.script), _weight(change.total)]
    movers = change.movers[:_MOST_MOVERS]
    lines += [_weight(mover, code(mover.name)) for mover in movers]
    parts = ["\n".join(lines)]
    for routes, word in _kinds(change):
        if routes:
            more = f" and {len(routes) - _MOST_ROUTES:,} more" if len(routes) > _MOST_ROUTES else ""
            parts.append(f"Routes {word}: " + ", ".join(map(code, routes[:_MOST_ROUTES])) + more)
    return "\n\n".join(parts)


def _weight(weight: Weight, name: str = "") -> str:
    delta = _signed(weight.delta) if weight.delta else "±0"
    return f"| {name or weight.name} | {_bytes(weight.before)} | {_bytes(weight.after)} | {delta} |"


def _fold(title: str, content: str, *, is_open: bool = False) -> str:
    return f"<details{' open' if is_open else ''}>\n<summary>{title}</summary>\n\n{content}\n\n</details>"


def _signed(count: int) -> str:
    return f"{'+' if count > 0 else '−'}{_bytes(abs(count))}"  # noqa: RUF001 - a minus sign is meant


def _bytes(count: int) -> str:
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.2f} MB"


def code(text: str) -> str:
    """Return a text of any kind as a code span of one line, which fits into a table
    (https://github.github.com/gfm/#tables-extension-)."""
    line = " ".join(_UNREADABLE.sub(" ", text).replace("`", "'").replace("|", "¦").split())
    if len(line) > _WIDEST:
        line = line[: _WIDEST - 1] + "…"
    return f"`{line or ' '}`"
