"""The source: what the pipeline needs to know of a repository, and leave to read it. GitHub, behind the bot."""

from dataclasses import dataclass
from typing import Protocol


class SourceError(Exception):
    """GitHub did not answer as needed. `temporary` tells whether asking again later can help."""

    def __init__(self, message: str, *, temporary: bool) -> None:
        self.temporary = temporary
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Head:
    """The commit a branch points to."""

    sha: str
    message: str
    author: str


@dataclass(frozen=True, slots=True)
class BranchMove:
    """A branch came to point somewhere else, or to be, or to be no more."""

    id: int
    """GitHub's, the greater the later."""
    branch: str
    before: str | None
    """The commit it pointed to; None for a new branch."""
    sha: str | None
    """The commit it points to; None for a deleted branch."""
    moved_at: int
    """Unix seconds."""
    actor_id: int = 0
    """Whose doing it was, 0 when unknown."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as GitHub describes it now."""

    full_name: str
    default_branch: str
    head: Head | None
    """Of the default branch; None for an empty repository."""
    pushed_at: int = 0
    """Unix seconds of the latest push to any branch, 0 when unknown."""
    is_archived: bool = False
    updated_at: int = 0
    """Unix seconds of its latest change, 0 when unknown."""


@dataclass(frozen=True, slots=True)
class Found:
    """A repository that the App may see."""

    id: int
    full_name: str
    installation_id: int
    account_id: int


class Source(Protocol):
    """Asks GitHub on behalf of an installation."""

    def find(self, full_name: str) -> Found | None:
        """Return the repository `owner/name`, None when the App may not see one of that name; raises SourceError."""
        ...

    def repository(self, installation_id: int, repository_id: int) -> Repository:
        """Describe the repository; raises SourceError."""
        ...

    def moves(self, installation_id: int, repository_id: int) -> list[BranchMove]:
        """Return the last move of each branch that was moved within a day, the latest first: of those that are among
        the latest hundred moves. Raises SourceError."""
        ...

    def head(self, installation_id: int, repository_id: int, full_name: str, branch: str) -> Head | None:
        """Return the commit that a branch points to, None without such a branch; raises SourceError."""
        ...

    def files(self, installation_id: int, repository_id: int, full_name: str, sha: str) -> list[str]:
        """Return the paths of a commit's files, or as many as GitHub tells at once; raises SourceError."""
        ...

    def text(self, installation_id: int, repository_id: int, full_name: str, sha: str, path: str) -> str | None:
        """Return what a file of a commit says, None where there is none of at most 1 MB that is text; raises
        SourceError."""
        ...

    def token(self, installation_id: int, repository_id: int) -> str:
        """Return a fresh token for this one repository with contents:read and nothing else; raises SourceError."""
        ...

    def clone_url(self, full_name: str) -> str:
        """Return the address to fetch the repository from, without credentials."""
        ...
