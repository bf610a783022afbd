"""Comments in pull requests, which GitHub calls issue comments."""

from dataclasses import dataclass
from sqlite3 import Row

from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.database import Database


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; `number` is the pull request's."""

    id: int
    number: int
    body: str
    creator: str
    created_at: str
    updated_at: str


class Comments:
    """Every comment of every pull request."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, repository_id: int, number: int, body: str, creator: str) -> Comment:
        """Add a comment and return it."""
        at = write_moment(self._clock())
        comment_id = self._database.write(
            "INSERT INTO comments (repository_id, number, body, creator, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [repository_id, number, body, creator, at, at],
        )
        return Comment(comment_id, number, body, creator, at, at)

    def get(self, repository_id: int, comment_id: int) -> Comment | None:
        """Return one comment."""
        query = "SELECT * FROM comments WHERE repository_id = ? AND id = ?"
        row = self._database.row(query, [repository_id, comment_id])
        return _read(row) if row else None

    def of(self, repository_id: int, number: int) -> list[Comment]:
        """Return the comments of one pull request, oldest first."""
        query = "SELECT * FROM comments WHERE repository_id = ? AND number = ? ORDER BY id"
        return [_read(row) for row in self._database.rows(query, [repository_id, number])]

    def rewrite(self, comment: Comment, body: str) -> Comment:
        """Change the text and return what the comment is now."""
        at = write_moment(self._clock())
        self._database.write("UPDATE comments SET body = ?, updated_at = ? WHERE id = ?", [body, at, comment.id])
        return Comment(comment.id, comment.number, body, comment.creator, comment.created_at, at)

    def delete(self, comment: Comment) -> None:
        """Remove a comment."""
        self._database.write("DELETE FROM comments WHERE id = ?", [comment.id])


def _read(row: Row) -> Comment:
    return Comment(row["id"], row["number"], row["body"], row["creator"], row["created_at"], row["updated_at"])
