"""What we read and write in the conversation of a pull request."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from battleshiper.bot.github import RepositoryAccess


@dataclass(frozen=True, slots=True)
class GitHubComment:
    """A comment as it is."""

    id: int
    body: str
    is_ours: bool
    """True when our App wrote it: anybody may copy a marker."""


class Conversation(Protocol):
    """Every method raises GitHubUnavailableError or GitHubRefusedError."""

    def comments_of(self, repository: RepositoryAccess, number: int) -> Iterator[GitHubComment]:
        """Yield a pull request's comments, oldest first, a thousand at most."""
        ...

    def create_comment(self, repository: RepositoryAccess, number: int, body: str) -> int:
        """Write a comment and return its id."""
        ...

    def edit_comment(self, repository: RepositoryAccess, comment_id: int, body: str) -> None:
        """Write a comment of ours anew."""
        ...
