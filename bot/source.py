"""What the pipeline asks of GitHub: a repository's head, and leave to read it."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from battleshiper.bot.access import AsApp, AsInstallation, Permission
from battleshiper.bot.answers import BranchAnswer, FoundAnswer, RepositoryAnswer, read_answer
from battleshiper.bot.app_answers import InstallationAnswer
from battleshiper.bot.connection import Connection
from battleshiper.bot.github import GitHubError, GitHubRefusedError, GitHubUnavailableError
from battleshiper.platform.source.port import Found, Head, Repository, SourceError

_METADATA: Permission = ("metadata", "read")
_CONTENTS: Permission = ("contents", "read")


class GitHubSource:
    """The source that is GitHub."""

    def __init__(self, connection: Connection, url: str) -> None:
        """`url` is where repositories are cloned from: https://github.com or an Enterprise Server's."""
        self._connection = connection
        self._url = url.rstrip("/")

    def find(self, full_name: str) -> Found | None:
        """Return the repository `owner/name`, None when the App may not see one of that name; raises SourceError."""
        path = f"/repos/{quote(full_name)}"
        try:
            answer = self._connection.ask(AsApp(), "GET", f"{path}/installation")
            installation = read_answer(InstallationAnswer, answer)
            access = AsInstallation(installation.id, None, (_METADATA,))
            repository = read_answer(FoundAnswer, self._connection.ask(access, "GET", path))
        except GitHubRefusedError as error:
            if error.status == 404:
                return None
            raise _source_error("The repository cannot be looked up", error) from error
        except GitHubError as error:
            raise _source_error("The repository cannot be looked up", error) from error
        account_id = installation.account.id if installation.account else 0
        return Found(repository.id, repository.full_name, installation.id, account_id)

    def repository(self, installation_id: int, repository_id: int) -> Repository:
        """Describe the repository; raises SourceError."""
        access = AsInstallation(installation_id, repository_id, (_CONTENTS,))
        try:
            answer = self._connection.ask(access, "GET", f"/repositories/{repository_id}")
            repository = read_answer(RepositoryAnswer, answer)
            head = self._head(access, repository)
        except GitHubError as error:
            raise _source_error("The repository cannot be read", error) from error
        return Repository(
            repository.full_name,
            repository.default_branch,
            head,
            _seconds(repository.pushed_at),
            repository.archived,
            _seconds(repository.updated_at),
        )

    def token(self, installation_id: int, repository_id: int) -> str:
        """Return a fresh token, good for an hour, for this one repository with contents:read; raises SourceError."""
        try:
            return self._connection.new_token(AsInstallation(installation_id, repository_id, (_CONTENTS,))).token
        except GitHubError as error:
            raise _source_error("GitHub gives no token for the repository", error) from error

    def clone_url(self, full_name: str) -> str:
        """Return the address to fetch the repository from, without credentials."""
        return f"{self._url}/{quote(full_name)}.git"

    def _head(self, access: AsInstallation, repository: RepositoryAnswer) -> Head | None:
        name, branch = quote(repository.full_name), quote(repository.default_branch, safe="")
        try:
            answer: Any = self._connection.ask(access, "GET", f"/repos/{name}/branches/{branch}")
        except GitHubRefusedError as error:
            # An empty repository has a default branch's name and no branch.
            if error.status == 404:
                return None
            raise
        commit = read_answer(BranchAnswer, answer).commit
        author = commit.commit.author
        return Head(commit.sha, commit.commit.message, author.name if author else "")


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _source_error(what: str, error: GitHubError) -> SourceError:
    hint = ""
    if error.status == 404:
        hint = " Is the App still installed there, with access to it?"
    elif isinstance(error, GitHubRefusedError):
        hint = " The App needs the permission contents:read."
    return SourceError(f"{what}: {error}.{hint}", temporary=isinstance(error, GitHubUnavailableError))
