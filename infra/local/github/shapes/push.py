"""Pushes, as their event tells of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from battleshiper.infra.local.github.git.changes import TouchedFiles
from battleshiper.infra.local.github.git.history import Commit, Signature
from battleshiper.infra.local.github.git.refs import BRANCHES, ZERO
from battleshiper.infra.local.github.records.accounts import Account
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import account_shape
from battleshiper.infra.local.github.shapes.installation import installation_reference
from battleshiper.infra.local.github.shapes.repository import page_url, pushed_repository_shape
from battleshiper.infra.local.github.shapes.shape import Shape

_FILES = 3000  # GitHub names no more of them for each commit


@dataclass(frozen=True, slots=True)
class PushedCommit:
    """A commit, the files it touched, and whether no other branch had it before the push."""

    commit: Commit
    files: TouchedFiles
    distinct: bool


@dataclass(frozen=True, slots=True)
class Push:
    """One ref that moved from `before` to `after`; 40 zeros stand for its absence."""

    ref: str
    before: str
    after: str
    forced: bool
    base_ref: str | None
    """A branch that had the commit already."""
    commits: Sequence[PushedCommit]
    """Oldest first."""
    head: PushedCommit | None


def push_shape(settings: GitHubSettings, repository: Repository, push: Push, by: Account) -> Shape:
    """Return the payload of a push event. https://docs.github.com/en/webhooks/webhook-events-and-payloads#push"""
    page = page_url(settings, repository)
    if ZERO in (push.before, push.after):
        compare = f"{page}/compare/{push.ref.removeprefix(BRANCHES)}"
    else:
        compare = f"{page}/compare/{push.before[:12]}...{push.after[:12]}"
    owner = account_shape(settings, repository.owner)
    return {
        "ref": push.ref,
        "before": push.before,
        "after": push.after,
        "repository": {
            **pushed_repository_shape(settings, repository),
            "owner": {**owner, "name": repository.owner.login, "email": _address(repository.owner)},
        },
        "pusher": {"name": by.login, "email": _address(by)},
        "sender": account_shape(settings, by),
        "installation": installation_reference(settings),
        "created": push.before == ZERO,
        "deleted": push.after == ZERO,
        "forced": push.forced,
        "base_ref": push.base_ref,
        "compare": compare,
        "commits": [_commit(page, pushed) for pushed in push.commits],
        "head_commit": _commit(page, push.head) if push.head else None,
    }


def _commit(page: str, pushed: PushedCommit) -> Shape:
    commit, files = pushed.commit, pushed.files
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "distinct": pushed.distinct,
        "message": commit.message,
        "timestamp": commit.committer.date,
        "url": f"{page}/commit/{commit.sha}",
        "author": _signature(commit.author),
        "committer": _signature(commit.committer),
        "added": files.added[:_FILES],
        "removed": files.removed[:_FILES],
        "modified": files.modified[:_FILES],
    }


def _signature(signature: Signature) -> Shape:
    return {"name": signature.name, "email": signature.email, "date": signature.date}


def _address(account: Account) -> str:
    return f"{account.login}@users.noreply.github.invalid"
