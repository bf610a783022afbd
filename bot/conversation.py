"""What we read and write in the conversation of a pull request."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from battleshiper.bot.github import RepositoryAccess


@dataclass(frozen=True, slots=True)
class GitHubComment:
    """A comment as it is."""

    id: int
    body: str
    is_ours: bool
    """True when our App wrote it: anybody may copy a marker."""


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do in a repository."""

    account_id: int
    may_write: bool


class Reaction(StrEnum):
    """Those reactions that we give (https://docs.github.com/rest/reactions/reactions#about-reactions)."""

    SEEN = "eyes"
    DONE = "+1"
    REFUSED = "-1"


class Conversation(Protocol):
    """Every method raises GitHubUnavailableError or GitHubRefusedError."""

    def comments_of(self, repository: RepositoryAccess, number: int) -> Iterator[GitHubComment]:
        """Yield a pull request's comments, oldest first, a thousand at most."""
        ...

    def create_comment(self, repository: RepositoryAccess, number: int, body: str) -> int:
        """Write a comment and return its id."""
        ...

    def head_of(self, repository: RepositoryAccess, number: int) -> str:
        """Return the newest commit of a pull request."""
        ...

    def access_of(self, repository: RepositoryAccess, login: str) -> Access | None:
        """Return what the account that has this name now may do, None when there is none or it may do nothing."""
        ...

    def react(self, repository: RepositoryAccess, comment_id: int, reaction: Reaction) -> None:
        """React to a comment; a second time changes nothing."""
        ...

    def edit_comment(self, repository: RepositoryAccess, comment_id: int, body: str) -> None:
        """Write a comment of ours anew."""
        ...
