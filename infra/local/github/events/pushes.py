"""Pushes: finds out which refs moved, and records and announces it once.

What git holds is compared with what was recorded last, so a push is told of also when the process ended between
git's writing and ours: the next start finds it.
"""

import threading
from collections.abc import Iterator, Mapping

from battleshiper.infra.local.github.events.announcements import Announcements
from battleshiper.infra.local.github.events.pulls import PullRequests
from battleshiper.infra.local.github.git.changes import list_touched
from battleshiper.infra.local.github.git.history import Commit, is_ancestor, list_commits, read_log
from battleshiper.infra.local.github.git.refs import BRANCHES, TAGS, ZERO, list_refs, peel, point_head
from battleshiper.infra.local.github.records.accounts import Account
from battleshiper.infra.local.github.records.activities import Activities
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.repositories import Repositories, Repository
from battleshiper.infra.local.github.shapes.push import Push, PushedCommit

MAX_COMMITS = 2048
"""In one event. https://docs.github.com/en/webhooks/webhook-events-and-payloads#push"""

MAX_TAGS = 3
MAX_BRANCHES = 5000
"""More of them in one push raise no events, says the same page."""


class Pushes:
    """Records pushes."""

    def __init__(
        self,
        database: Database,
        repositories: Repositories,
        announcements: Announcements,
        pulls: PullRequests,
        activities: Activities,
    ) -> None:
        self._database = database
        self._repositories = repositories
        self._announcements = announcements
        self._pulls = pulls
        self._activities = activities
        self._turn = threading.RLock()

    def settle(self, repository: Repository, by: Account | None = None, *, is_merge: bool = False) -> None:
        """Record and announce every ref of `repository` that moved since the last call; `by` is who moved them, its
        owner where that is not known any more. `is_merge` tells that a pull request was merged."""
        by = by or repository.owner
        with self._turn:
            repository = self._repositories.reload(repository)  # others may have pushed since it was read
            old, new = self._repositories.refs(repository), list_refs(repository.folder)
            if old == new:
                return
            moved = [name for name in sorted(old | new) if old.get(name) != new.get(name)]
            pushes = [_describe(repository, name, old, new) for name in _announced(moved)]
            default = _default_branch(repository, new)
            if default != repository.default_branch:
                point_head(repository.folder, default)
            with self._database.transaction():
                self._repositories.record_refs(repository, new, default)
                now = self._repositories.get(repository.id) or repository
                if repository.pushed_at is None and now.installed:
                    self._announcements.repository_changed(now, "created", by)
                    self._announcements.repositories_changed(added=[now])
                for push in pushes:
                    if push.ref.startswith(BRANCHES):
                        kind = "pr_merge" if is_merge else _kind(push)
                        self._activities.add(now.id, push.ref, push.before, push.after, kind, by)
                    self._announcements.pushed(now, push, by)
                branches = {name.removeprefix(BRANCHES) for name in moved if name.startswith(BRANCHES)}
                self._pulls.follow(now, branches, by)

    def settle_all(self) -> None:
        """Settle every repository: for a start after an end that nobody planned."""
        for repository in self._repositories.all(unborn=True):
            if (repository.folder / "HEAD").exists():
                self.settle(repository)


def _kind(push: Push) -> str:
    if push.before == ZERO:
        return "branch_creation"
    if push.after == ZERO:
        return "branch_deletion"
    return "force_push" if push.forced else "push"


def _announced(moved: list[str]) -> Iterator[str]:
    branches = [name for name in moved if name.startswith(BRANCHES)]
    tags = [name for name in moved if name.startswith(TAGS)]
    if len(branches) <= MAX_BRANCHES:
        yield from branches
    if len(tags) <= MAX_TAGS:
        yield from tags


def _default_branch(repository: Repository, refs: Mapping[str, str]) -> str:
    branches = [name.removeprefix(BRANCHES) for name in refs if name.startswith(BRANCHES)]
    wanted = (repository.default_branch, "main", "master", *branches)
    return next((name for name in wanted if name in branches), repository.default_branch)


def _describe(repository: Repository, name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Push:
    folder, before, after = repository.folder, old.get(name, ZERO), new.get(name, ZERO)
    if after == ZERO:
        return Push(name, before, after, forced=False, base_ref=None, commits=(), head=None)
    tip = peel(folder, after)
    if tip is None:  # a tag can stand for anything
        return Push(name, before, after, forced=False, base_ref=None, commits=(), head=None)
    others = {f"^{sha}" for ref, sha in old.items() if ref != name and ref.startswith(BRANCHES)}
    fresh = list_commits(folder, tip, *others)
    log: list[Commit] = []
    if name.startswith(BRANCHES):
        known = {f"^{before}"} if before != ZERO else others
        log = read_log(folder, tip, *known, limit=MAX_COMMITS)[::-1]
    head = read_log(folder, tip, limit=1)
    touched = list_touched(folder, [commit.sha for commit in {commit.sha: commit for commit in log + head}.values()])
    forced = ZERO not in (before, after) and not is_ancestor(folder, before, after)
    base_ref = next((ref for ref, sha in new.items() if sha == tip and ref != name and ref.startswith(BRANCHES)), None)
    commits = [PushedCommit(commit, touched[commit.sha], commit.sha in fresh) for commit in log]
    return Push(
        name,
        before,
        after,
        forced=forced,
        base_ref=base_ref if before == ZERO else None,
        commits=commits,
        head=PushedCommit(head[0], touched[head[0].sha], head[0].sha in fresh),
    )
