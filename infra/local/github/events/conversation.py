"""Comments: written, changed and removed."""

from battleshiper.infra.local.github.events.announcements import Announcements
from battleshiper.infra.local.github.records.accounts import Account
from battleshiper.infra.local.github.records.comments import Comment, Comments
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.pulls import Pull
from battleshiper.infra.local.github.records.repositories import Repository


class Conversation:
    """Changes what is said in pull requests, and announces each change. `by` is who does it."""

    def __init__(self, database: Database, comments: Comments, announcements: Announcements) -> None:
        self._database = database
        self._comments = comments
        self._announcements = announcements

    def add(self, repository: Repository, pull: Pull, body: str, by: Account) -> Comment:
        """Add a comment."""
        with self._database.transaction():
            comment = self._comments.add(repository.id, pull.number, body, by)
            self._announcements.commented(repository, pull, comment, "created", by)
        return comment

    def rewrite(self, repository: Repository, pull: Pull, comment: Comment, body: str, by: Account) -> Comment:
        """Change a comment's text."""
        before = {"body": {"from": comment.body}}
        with self._database.transaction():
            comment = self._comments.rewrite(comment, body)
            self._announcements.commented(repository, pull, comment, "edited", by, changes=before)
        return comment

    def delete(self, repository: Repository, pull: Pull, comment: Comment, by: Account) -> None:
        """Remove a comment."""
        with self._database.transaction():
            self._comments.delete(comment)
            self._announcements.commented(repository, pull, comment, "deleted", by)
