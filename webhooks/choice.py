"""What a pushed commit means for one project: pure, from what is known of its branch."""

from collections.abc import Sequence
from dataclasses import dataclass

from battleshiper.platform.model.delivery import Verdict
from battleshiper.platform.model.deployment import Commit, Origin, State
from battleshiper.platform.model.settings import PreviewPolicy
from battleshiper.platform.store.port import Rival

_FOREKNOWN = frozenset({Origin.INITIAL, Origin.MISSED, Origin.PULL_REQUEST})
"""What is deployed without its push, which may still come."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a push means for one project. `state` is None when there is nothing to create."""

    verdict: Verdict
    reason: str
    state: State | None = None


def choose(commit: Commit, rivals: Sequence[Rival], marker: str | None = None) -> Choice:
    """Decide on a pushed commit, knowing the branch's earlier deployments, newest first, and the marker in the
    commit's message. A skipped commit leaves alone what is built of its branch, whichever of the two comes first."""
    for rival in rivals:
        if _is_same_push(commit, rival):
            done = "skipped" if rival.is_skipped else "built"
            return Choice(Verdict.IGNORE, f"This push is {done} as deployment {rival.id} already.")
    rivals = [rival for rival in rivals if not rival.is_skipped]
    newer = next((rival for rival in rivals if is_newer(rival, commit)), None)
    first = next((rival for rival in rivals if rival.origin in _FOREKNOWN and rival.sha == commit.sha), None)
    if first is not None and (newer is not None or first is rivals[0]):
        return Choice(Verdict.IGNORE, f"The commit is built as deployment {first.id} already.")
    if marker is not None:
        return Choice(Verdict.SKIP, f"Skipped: the commit message says {marker}", State.SKIPPED)
    if newer is not None:
        reason = f"Superseded by {newer.sha[:7]}, a newer push to {commit.branch}."
        return Choice(Verdict.SKIP, reason, State.SUPERSEDED)
    return Choice(Verdict.BUILD, f"Pushed to {commit.branch}.", State.QUEUED)


def choose_preview(previews: PreviewPolicy, *, has_pull: bool) -> Choice | None:
    """Decide on a commit of a branch that is not production by what its project is told; None where it is deployed."""
    if previews is PreviewPolicy.ALL or (previews is PreviewPolicy.PULL_REQUESTS and has_pull):
        return None
    if previews is PreviewPolicy.PULL_REQUESTS:
        return Choice(Verdict.IGNORE, "The project has previews of branches with an open pull request alone.")
    if not has_pull:
        return Choice(Verdict.IGNORE, "The project has no previews.")
    # Said on the commit, where a check may be required before the pull request is merged.
    return Choice(Verdict.SKIP, "Skipped: the project has no previews", State.SKIPPED)


def is_newer(rival: Rival, commit: Commit) -> bool:
    """Tell whether `rival` was pushed after `commit`.

    The times decide where both are known and differ. Otherwise a push that started from this commit came after it,
    unless this one started from that push: two pushes within a second, back and forth, count in order of arrival.
    """
    if rival.pushed_at and commit.pushed_at and rival.pushed_at != commit.pushed_at:
        return rival.pushed_at > commit.pushed_at
    return rival.parent_sha == commit.sha and rival.sha not in (commit.sha, commit.parent_sha)


def _is_same_push(commit: Commit, rival: Rival) -> bool:
    known = (rival.pushed_at, rival.sha, rival.parent_sha)
    return commit.pushed_at != 0 and (commit.pushed_at, commit.sha, commit.parent_sha) == known
