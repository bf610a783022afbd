"""Pull requests: opened, followed as their branches move, merged and closed."""

from battleshiper.infra.local.github.events.announcements import Announcements
from battleshiper.infra.local.github.git.history import is_ancestor
from battleshiper.infra.local.github.git.refs import bring
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.pulls import NewPull, Pull, Pulls
from battleshiper.infra.local.github.records.repositories import Repositories, Repository


class PullRefusedError(ValueError):
    """The pull request cannot be; `field` names what is at fault, nothing where it is all of it."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


class PullRequests:
    """Changes pull requests, and announces each change. `by` is who does it."""

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        repositories: Repositories,
        pulls: Pulls,
        announcements: Announcements,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._repositories = repositories
        self._pulls = pulls
        self._announcements = announcements

    def open(
        self,
        repository: Repository,
        head: str,
        base: str,
        *,
        title: str,
        body: str | None,
        by: Account,
        draft: bool = False,
    ) -> Pull:
        """Open a pull request from the branch `head`, or `account:branch` of a fork, into `base`.

        Raises PullRefusedError.
        """
        source, branch = self._find_head(repository, head)
        heads, bases = self._repositories.branches(source), self._repositories.branches(repository)
        for field, name, branches in (("head", branch, heads), ("base", base, bases)):
            if name not in branches:
                raise PullRefusedError(f"there is no branch {name!r}", field)
        new = NewPull(title, body, source, branch, heads[branch], base, bases[base], draft)
        if any(_is_for(pull, new) for pull in self._pulls.of(repository.id, state="open")):
            raise PullRefusedError(f"A pull request already exists for {source.owner.login}:{branch}.")
        with self._database.transaction():
            number = self._repositories.next_number(repository)
            _point(repository, number, source, new.head_sha)
            if is_ancestor(repository.folder, new.head_sha, new.base_sha):
                raise PullRefusedError(f"No commits between {base} and {head}")
            pull = self._pulls.open(repository.id, number, new, by)
            self._announcements.pull_changed(repository, pull, "opened", by)
        return pull

    def close(self, repository: Repository, pull: Pull, by: Account) -> Pull:
        """Close it without merging. Nothing happens to one that is closed."""
        return self._close(repository, pull, None, by) if pull.state == "open" else pull

    def reopen(self, repository: Repository, pull: Pull, by: Account) -> Pull:
        """Open it again at the present heads; raises PullRefusedError when it was merged or a branch is gone."""
        if pull.state == "open":
            return pull
        source, heads, bases = self._ends(repository, pull)
        if pull.merged_at or source is None or pull.head not in heads or pull.base not in bases:
            raise PullRefusedError("a pull request that was merged or lost a branch cannot be reopened", "state")
        with self._database.transaction():
            self._pulls.reopen(pull)
            pull = self._pulls.move_head(pull, heads[pull.head], bases[pull.base])
            _point(repository, pull.number, source, pull.head_sha)
            self._announcements.pull_changed(repository, pull, "reopened", by)
        return pull

    def rewrite(self, repository: Repository, pull: Pull, title: str, body: str | None, by: Account) -> Pull:
        """Change its words."""
        before = {
            name: {"from": old}
            for name, old, new in (("title", pull.title, title), ("body", pull.body, body))
            if old != new
        }
        if not before:
            return pull
        with self._database.transaction():
            pull = self._pulls.rewrite(pull, title, body)
            self._announcements.pull_changed(repository, pull, "edited", by, changes=before)
        return pull

    def set_draft(self, repository: Repository, pull: Pull, by: Account, *, draft: bool) -> Pull:
        """Make it a draft, or ready for review."""
        if pull.draft == draft or pull.state != "open":
            return pull
        with self._database.transaction():
            pull = self._pulls.set_draft(pull, draft=draft)
            action = "converted_to_draft" if draft else "ready_for_review"
            self._announcements.pull_changed(repository, pull, action, by)
        return pull

    def follow(self, repository: Repository, moved: set[str], by: Account) -> None:
        """Bring every open pull request up to the branches of `repository` that moved."""
        for pull in self._pulls.around(repository.id):
            base = self._repositories.get(pull.repository_id)
            if base is not None:
                self._follow(base, pull, repository, moved, by)

    def abandon(self, repository: Repository, by: Account) -> None:
        """Close the pull requests out of a repository that is about to be deleted."""
        for pull in self._pulls.around(repository.id):
            base = self._repositories.get(pull.repository_id)
            if base is not None and base.id != repository.id:
                self._close(base, self._pulls.orphan(pull), None, by)

    def _follow(self, base: Repository, pull: Pull, pushed: Repository, moved: set[str], by: Account) -> None:
        source, heads, bases = self._ends(base, pull)
        head_moved = source is not None and source.id == pushed.id and pull.head in moved
        base_moved = base.id == pushed.id and pull.base in moved
        if not head_moved and not base_moved:
            return
        if source is None or pull.head not in heads or pull.base not in bases:
            self._close(base, pull, None, by)
            return
        head, target = heads[pull.head], bases[pull.base]
        if head_moved:
            _point(base, pull.number, source, head)
        if base_moved and is_ancestor(base.folder, head, target):
            self._close(base, pull, target, by)
        elif head_moved:
            before = pull.head_sha
            pull = self._pulls.move_head(pull, head, target)
            self._announcements.pull_changed(base, pull, "synchronize", by, before=before, after=head)

    def _close(self, repository: Repository, pull: Pull, merge_sha: str | None, by: Account) -> Pull:
        with self._database.transaction():
            pull = self._pulls.close(pull, merge_sha)
            self._announcements.pull_changed(repository, pull, "closed", by)
        return pull

    def _ends(self, base: Repository, pull: Pull) -> tuple[Repository | None, dict[str, str], dict[str, str]]:
        source = pull.head_repository
        heads = self._repositories.branches(source) if source else {}
        return source, heads, self._repositories.branches(base)

    def _find_head(self, repository: Repository, head: str) -> tuple[Repository, str]:
        login, colon, branch = head.partition(":")
        if not colon:
            return repository, head
        account = self._accounts.find(login)
        source = self._repositories.relative(repository, account) if account else None
        if source is None:
            raise PullRefusedError(f"{login} has no fork of {repository.full_name}", "head")
        return source, branch


def _is_for(pull: Pull, new: NewPull) -> bool:
    source = pull.head_repository
    return source is not None and (source.id, pull.head, pull.base) == (new.head_repository.id, new.head, new.base)


def _point(repository: Repository, number: int, source: Repository, sha: str) -> None:
    """Make the head's commits a part of the base repository, where they stay whatever becomes of the branch."""
    bring(repository.folder, source.folder, sha, f"refs/pull/{number}/head")
