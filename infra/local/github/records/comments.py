"""Comments in pull requests, which GitHub calls issue comments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from sqlite3 import Row

from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.database import Database

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")
"""https://docs.github.com/en/rest/reactions/reactions"""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What somebody thinks of a comment; `content` is one of REACTIONS."""

    id: int
    content: str
    creator: Account
    created_at: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; `number` is the pull request's."""

    id: int
    number: int
    body: str
    creator: Account
    created_at: str
    updated_at: str
    reactions: Sequence[Reaction] = ()
    """Oldest first."""


class Comments:
    """Every comment of every pull request."""

    def __init__(self, database: Database, accounts: Accounts, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._clock = clock

    def add(self, repository_id: int, number: int, body: str, creator: Account) -> Comment:
        """Add a comment and return it."""
        at = write_moment(self._clock())
        comment_id = self._database.write(
            "INSERT INTO comments (repository_id, number, body, creator, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [repository_id, number, body, creator.login, at, at],
        )
        return Comment(comment_id, number, body, creator, at, at)

    def get(self, repository_id: int, comment_id: int) -> Comment | None:
        """Return one comment."""
        query = "SELECT * FROM comments WHERE repository_id = ? AND id = ?"
        row = self._database.row(query, [repository_id, comment_id])
        return self._read(row) if row else None

    def of(self, repository_id: int, number: int) -> list[Comment]:
        """Return the comments of one pull request, oldest first."""
        query = "SELECT * FROM comments WHERE repository_id = ? AND number = ? ORDER BY id"
        return [self._read(row) for row in self._database.rows(query, [repository_id, number])]

    def count(self, repository_id: int, number: int) -> int:
        """Return how many comments a pull request has."""
        query = "SELECT count(*) FROM comments WHERE repository_id = ? AND number = ?"
        return self._database.count(query, [repository_id, number])

    def rewrite(self, comment: Comment, body: str) -> Comment:
        """Change the text and return what the comment is now."""
        at = write_moment(self._clock())
        self._database.write("UPDATE comments SET body = ?, updated_at = ? WHERE id = ?", [body, at, comment.id])
        return replace(comment, body=body, updated_at=at)

    def delete(self, comment: Comment) -> None:
        """Remove a comment."""
        self._database.write("DELETE FROM comments WHERE id = ?", [comment.id])

    def react(self, comment: Comment, content: str, creator: Account) -> tuple[Reaction, bool]:
        """Add a reaction; return it, and whether it is new: everybody has one of a kind."""
        with self._database.transaction():
            for reaction in self._reactions(comment.id):
                if (reaction.content, reaction.creator) == (content, creator):
                    return reaction, False
            at = write_moment(self._clock())
            number = self._database.write(
                "INSERT INTO reactions (comment_id, content, creator, created_at) VALUES (?, ?, ?, ?)",
                [comment.id, content, creator.login, at],
            )
        return Reaction(number, content, creator, at), True

    def take_back(self, reaction: Reaction) -> None:
        """Remove a reaction."""
        self._database.write("DELETE FROM reactions WHERE id = ?", [reaction.id])

    def _reactions(self, comment_id: int) -> list[Reaction]:
        rows = self._database.rows("SELECT * FROM reactions WHERE comment_id = ? ORDER BY id", [comment_id])
        return [
            Reaction(row["id"], row["content"], self._accounts.author(row["creator"]), row["created_at"])
            for row in rows
        ]

    def _read(self, row: Row) -> Comment:
        creator = self._accounts.author(row["creator"])
        moments = row["created_at"], row["updated_at"]
        return Comment(row["id"], row["number"], row["body"], creator, *moments, self._reactions(row["id"]))
