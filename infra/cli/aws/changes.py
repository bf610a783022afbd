"""How changes of stacks are shown."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from battleshiper.infra.aws.operation.stacks.change_sets import Proposal
    from battleshiper.infra.aws.operation.stacks.changes import ResourceChange

_MARKS = {
    "added": "[green]+[/green]",
    "changed": "[yellow]~[/yellow]",
    "replaced": "[red]±[/red]",
    "may be replaced": "[red]±[/red]",
    "removed": "[red]-[/red]",
}
_FATES = {
    True: "stays in the account, but the platform no longer uses it",
    False: "is deleted with it",
    None: "may be lost",
}
_MOST_ADDED = 10
"""Of a new stack, the kinds of resources say more than their names."""


def show_proposals(out: Console, proposals: "Sequence[Proposal]") -> None:
    """Print what would be done to each stack, by kind; what is in danger and who may do what come last."""
    for proposal in proposals:
        stack = proposal.stack
        out.print(f"[bold]{stack.name}[/bold] in {stack.region}: {_summary(proposal)}")
        _show_changes(out, proposal.changes)
    changes = [change for proposal in proposals for change in proposal.changes]
    if security := [each for each in changes if each.concerns_security]:
        out.print(f"[bold]Who may do what[/bold] changes with {_counted(len(security), 'resource')}:")
        _show_changes(out, security)
    for change in changes:
        if change.endangers_data:
            out.print(f"[bold white on red] DATA [/bold white on red] {escape(danger_of(change))}")


def danger_of(change: "ResourceChange") -> str:
    """Return what happens to what a resource holds, in a sentence."""
    kind = change.type.rsplit("::", 1)[-1]
    fate = _FATES[change.stays]
    begins = "" if change.effect == "removed" else " The platform begins with an empty one."
    return f"{change.resource} ({kind}) {_verb(change)}; what is in it {fate}.{begins}"


def proposals_json(proposals: "Sequence[Proposal]") -> list[dict[str, Any]]:
    """Return the proposals for `--json`."""
    return [
        {
            "stack": proposal.stack.name,
            "region": proposal.stack.region,
            "changes": [
                {
                    "resource": change.resource,
                    "type": change.type,
                    "effect": change.effect,
                    "properties": change.properties,
                    "endangers_data": change.endangers_data,
                    "concerns_security": change.concerns_security,
                }
                for change in proposal.changes
            ],
        }
        for proposal in proposals
    ]


def _show_changes(out: Console, changes: "Sequence[ResourceChange]") -> None:
    added = [each for each in changes if each.effect == "added"]
    if len(added) > _MOST_ADDED:
        kinds: dict[str, int] = {}
        for each in added:
            kinds[each.type] = kinds.get(each.type, 0) + 1
        for kind, count in sorted(kinds.items()):
            out.print(f"  {_MARKS['added']} {count:>3} {escape(kind)}")
        changes = [each for each in changes if each.effect != "added"]
    for mark in _MARKS:
        for each in changes:
            if each.effect == mark:
                out.print(f"  {_line(each)}")


def _line(change: "ResourceChange") -> str:
    through = f" through {', '.join(change.properties)}" if change.properties else ""
    verb = "" if change.effect in ("added", "changed", "removed") else f" [red]{_verb(change)}[/red]"
    return (
        f"{_MARKS[change.effect]} {escape(change.resource)} [dim]({escape(change.type)})[/dim]{verb}{escape(through)}"
    )


def _verb(change: "ResourceChange") -> str:
    return change.effect if change.effect.startswith("may") else f"is {change.effect}"


def _summary(proposal: "Proposal") -> str:
    if proposal.is_new:
        return f"new, with {_counted(len(proposal.changes), 'resource')}"
    if not proposal.does_something:
        return "no changes"
    counts = {effect: sum(each.effect == effect for each in proposal.changes) for effect in _MARKS}
    return ", ".join(f"{count} {effect}" for effect, count in counts.items() if count) or "only outputs change"


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
