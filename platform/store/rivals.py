"""Which of a branch's deployments a decision on a push hears of."""

from collections.abc import Iterable

from battleshiper.platform.model.deployment import State
from battleshiper.platform.store.port import Rival

_MOST = 4
_MOST_SKIPPED = 24
"""As many may follow each other and hide nothing. A machine that commits all day must not make pushes dear."""


def was_passed_over(state: str, has_begun: bool) -> bool:
    """Tell whether a deployment was skipped before it was built. One that was looked at and then skipped speaks for
    its commit as any other: what it was pushed over is not wanted any more."""
    return state == State.SKIPPED and not has_begun


def latest(rivals: Iterable[Rival]) -> list[Rival]:
    """Return a few of the rivals, which come newest first, and read no more of them than that takes. Those that are
    skipped are counted apart, so that they do not hide the others."""
    kept: list[Rival] = []
    standing = skipped = 0
    for rival in rivals:
        standing += not rival.is_skipped
        skipped += rival.is_skipped
        if not rival.is_skipped or skipped <= _MOST:
            kept.append(rival)
        if standing == _MOST or skipped == _MOST_SKIPPED:
            break
    return kept
