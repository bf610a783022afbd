"""Pull requests: opened, followed as their branches move, merged and closed."""

from dataclasses import replace

from battleshiper.infra.local.github.events.announcements import Announcements
from battleshiper.infra.local.github.git.history import is_ancestor
from battleshiper.infra.local.github.git.refs import move_ref
from battleshiper.infra.local.github.records.comments import Comment, Comments
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.pulls import NewPull, Pull, Pulls
from battleshiper.infra.local.github.records.repositories import Repositories, Repository


class PullRefusedError(ValueError):
    """The pull request cannot be; `field` names what is at fault, nothing where it is all of it."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


class PullRequests:
    """Changes pull requests and their comments, and announces each change."""

    def __init__(
        self,
        database: Database,
        repositories: Repositories,
        pulls: Pulls,
        comments: Comments,
        announcements: Announcements,
    ) -> None:
        self._database = database
        self._repositories = repositories
        self._pulls = pulls
        self._comments = comments
        self._announcements = announcements

    def open(self, repository: Repository, new: NewPull, creator: str) -> Pull:
        """Open a pull request between two branches; the hashes in `new` are filled in here. Raises PullRefusedError."""
        branches = self._repositories.branches(repository)
        for field, branch in (("head", new.head), ("base", new.base)):
            if branch not in branches:
                raise PullRefusedError(f"there is no branch {branch!r}", field)
        if any((pull.head, pull.base) == (new.head, new.base) for pull in self._pulls.of(repository.id, state="open")):
            raise PullRefusedError(f"A pull request already exists for {new.head}.")
        if is_ancestor(repository.folder, branches[new.head], branches[new.base]):
            raise PullRefusedError(f"No commits between {new.base} and {new.head}")
        new = replace(new, head_sha=branches[new.head], base_sha=branches[new.base])
        with self._database.transaction():
            number = self._repositories.next_number(repository)
            pull = self._pulls.open(repository.id, number, new, creator)
            self._point(repository, pull)
            self._announcements.pull_changed(repository, pull, "opened")
        return pull

    def close(self, repository: Repository, pull: Pull) -> Pull:
        """Close it without merging. Nothing happens to one that is closed."""
        return self._close(repository, pull, None) if pull.state == "open" else pull

    def reopen(self, repository: Repository, pull: Pull) -> Pull:
        """Open it again at the present heads; raises PullRefusedError when it was merged or a branch is gone."""
        branches = self._repositories.branches(repository)
        if pull.state == "open":
            return pull
        if pull.merged_at or not {pull.head, pull.base} <= branches.keys():
            raise PullRefusedError("a pull request that was merged or lost a branch cannot be reopened", "state")
        with self._database.transaction():
            self._pulls.reopen(repository.id, pull.number)
            pull = self._pulls.move_head(repository.id, pull.number, branches[pull.head], branches[pull.base])
            self._point(repository, pull)
            self._announcements.pull_changed(repository, pull, "reopened")
        return pull

    def rewrite(self, repository: Repository, pull: Pull, title: str, body: str | None) -> Pull:
        """Change its words."""
        before = {
            name: {"from": old}
            for name, old, new in (("title", pull.title, title), ("body", pull.body, body))
            if old != new
        }
        if not before:
            return pull
        with self._database.transaction():
            pull = self._pulls.rewrite(repository.id, pull.number, title, body)
            self._announcements.pull_changed(repository, pull, "edited", changes=before)
        return pull

    def follow(self, repository: Repository, moved: set[str]) -> None:
        """Bring every open pull request up to the branches that moved."""
        branches = self._repositories.branches(repository)
        for pull in self._pulls.of(repository.id, state="open"):
            if not {pull.head, pull.base} & moved:
                continue
            if not {pull.head, pull.base} <= branches.keys():
                self._close(repository, pull, None)
                continue
            head, base = branches[pull.head], branches[pull.base]
            if pull.base in moved and is_ancestor(repository.folder, head, base):
                self._close(repository, pull, base)
            elif pull.head in moved:
                before = pull.head_sha
                pull = self._pulls.move_head(repository.id, pull.number, head, base)
                self._point(repository, pull)
                self._announcements.pull_changed(repository, pull, "synchronize", before=before, after=head)

    def comment(self, repository: Repository, pull: Pull, body: str, creator: str) -> Comment:
        """Add a comment."""
        with self._database.transaction():
            comment = self._comments.add(repository.id, pull.number, body, creator)
            self._announcements.commented(repository, pull, comment, "created")
        return comment

    def rewrite_comment(self, repository: Repository, pull: Pull, comment: Comment, body: str) -> Comment:
        """Change a comment's text."""
        before = {"body": {"from": comment.body}}
        with self._database.transaction():
            comment = self._comments.rewrite(comment, body)
            self._announcements.commented(repository, pull, comment, "edited", changes=before)
        return comment

    def delete_comment(self, repository: Repository, pull: Pull, comment: Comment) -> None:
        """Remove a comment."""
        with self._database.transaction():
            self._comments.delete(comment)
            self._announcements.commented(repository, pull, comment, "deleted")

    def _close(self, repository: Repository, pull: Pull, merge_sha: str | None) -> Pull:
        with self._database.transaction():
            pull = self._pulls.close(repository.id, pull.number, merge_sha)
            self._announcements.pull_changed(repository, pull, "closed")
        return pull

    def _point(self, repository: Repository, pull: Pull) -> None:
        move_ref(repository.folder, f"refs/pull/{pull.number}/head", pull.head_sha)
