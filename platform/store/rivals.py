"""Which of a branch's deployments a decision on a push hears of, and what they keep from being deployed."""

from collections.abc import Iterable, Sequence

from battleshiper.platform.model.deployment import Origin, State
from battleshiper.platform.store.port import NewDeployment, Rival

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


def is_refused(new: NewDeployment, rivals: Sequence[Rival]) -> bool:
    """Tell whether a branch's deployments, newest first, leave no place for one that no push asks for: an initial one
    is the first, and one of a missed push is of a commit that is newer than what stands there."""
    if new.origin is Origin.INITIAL:
        return any(not rival.is_skipped for rival in rivals)
    if new.origin is not Origin.MISSED:
        return False
    standing = [rival for rival in rivals if not rival.is_gone]
    is_there = bool(standing) and standing[0].sha == new.commit.sha
    return is_there or any(rival.pushed_at >= new.commit.pushed_at for rival in standing)
