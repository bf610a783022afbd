"""What came of a deployment, and what is left."""

from typing import TYPE_CHECKING, Any

from rich.console import Console

from battleshiper.infra.cli.aws.changes import proposals_json
from battleshiper.infra.cli.failure import CommandError

if TYPE_CHECKING:
    from battleshiper.infra.aws.operation.rollout import Outcome

AGAIN = "`battleshiper aws deploy` again goes on from there."
_UNFINISHED = 5
"""Exit code where the stacks are deployed, and a step after them failed."""


def conclude(outcome: "Outcome", notes: Console) -> None:
    """Say what is left to the operator. Raises CommandError where a step failed: the stacks are there all the same."""
    from battleshiper.infra.aws.operation.rollout import State

    if yours := outcome.titles(State.YOURS):
        notes.print(f"Left to you, see above: {_listed(yours)}. {AGAIN}")
    if outcome.failure is None:
        return
    done = ("The stacks", *outcome.titles(State.DONE))
    left = _listed(outcome.titles(State.FAILED, State.NOT_BEGUN))
    (failed,) = outcome.titles(State.FAILED)
    hints = (outcome.failure.remedy, f"Done: {_listed(done)}. Left: {left}. {AGAIN}")
    raise CommandError(
        f"The stacks are deployed. What failed is {failed}: {outcome.failure.message}",
        "\n  ".join(filter(None, hints)),
        _UNFINISHED,
    )


def outcome_json(outcome: "Outcome") -> dict[str, Any]:
    """Return the outcome for `--json`."""
    failure = outcome.failure
    return {
        "stacks": proposals_json(outcome.stacks.proposals),
        "outputs": outcome.stacks.outputs,
        "steps": [{"step": each.title, "state": each.state, "told": each.told} for each in outcome.steps],
        "failure": {"message": failure.message, "remedy": failure.remedy} if failure else None,
    }


def _listed(titles: tuple[str, ...]) -> str:
    return "; ".join(titles)
