"""How a command ended."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """`text` is what there is to say about it, in markdown; empty where a reaction says enough."""

    is_done: bool
    text: str = ""


def join(outcomes: dict[str, Outcome]) -> Outcome:
    """Return one outcome for what was done for several projects, by their names: done where any was."""
    if len(outcomes) == 1:
        return next(iter(outcomes.values()))
    lines = [f"**{name}**: {outcome.text}" for name, outcome in outcomes.items() if outcome.text]
    return Outcome(any(outcome.is_done for outcome in outcomes.values()), "\n\n".join(lines))
