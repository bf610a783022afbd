"""What the pipeline asks of GitHub: a repository's head, and leave to read it."""

from base64 import b64decode
from datetime import datetime
from typing import Any
from urllib.parse import quote

from battleshiper.bot.access import AsApp, AsInstallation, Permission
from battleshiper.bot.answers import (
    ActivityAnswer,
    BranchAnswer,
    ContentAnswer,
    FoundAnswer,
    RepositoryAnswer,
    TreeAnswer,
    read_answer,
)
from battleshiper.bot.app_answers import InstallationAnswer
from battleshiper.bot.connection import Connection
from battleshiper.bot.github import GitHubError, GitHubRefusedError, GitHubUnavailableError
from battleshiper.platform.source.port import BranchMove, Found, Head, Repository, SourceError

_BRANCHES = "refs/heads/"
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
            head = self._head(access, repository.full_name, repository.default_branch)
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

    def moves(self, installation_id: int, repository_id: int) -> list[BranchMove]:
        """Return the last move of each branch within a day, the latest first; raises SourceError.

        https://docs.github.com/en/rest/repos/repos#list-repository-activities. An Enterprise Server that has no such
        list tells of none.
        """
        access = AsInstallation(installation_id, repository_id, (_CONTENTS,))
        path = f"/repositories/{repository_id}/activity"
        query: dict[str, str | int] = {"time_period": "day", "per_page": 100}
        try:
            answer = read_answer(list[ActivityAnswer], self._connection.ask(access, "GET", path, query=query))
        except GitHubRefusedError as error:
            if error.status == 404:
                return []
            raise _source_error("What was pushed cannot be looked up", error) from error
        except GitHubError as error:
            raise _source_error("What was pushed cannot be looked up", error) from error
        moves: dict[str, BranchMove] = {}
        for move in filter(None, map(_move, sorted(answer, key=lambda activity: -activity.id))):
            moves.setdefault(move.branch, move)
        return list(moves.values())

    def head(self, installation_id: int, repository_id: int, full_name: str, branch: str) -> Head | None:
        """Return the commit that a branch points to, None without such a branch; raises SourceError."""
        try:
            return self._head(AsInstallation(installation_id, repository_id, (_CONTENTS,)), full_name, branch)
        except GitHubError as error:
            raise _source_error("The branch cannot be read", error) from error

    def files(self, installation_id: int, repository_id: int, full_name: str, sha: str) -> list[str]:
        """Return the paths of a commit's files; raises SourceError.

        https://docs.github.com/en/rest/git/trees#get-a-tree tells at most 100,000, and says no more of the rest.
        """
        path = f"/repos/{quote(full_name)}/git/trees/{quote(sha)}"
        access = AsInstallation(installation_id, repository_id, (_CONTENTS,))
        try:
            answer = read_answer(TreeAnswer, self._connection.ask(access, "GET", path, query={"recursive": "1"}))
        except GitHubError as error:
            raise _source_error("The repository's files cannot be listed", error) from error
        return [entry.path for entry in answer.tree if entry.type == "blob"]

    def text(self, installation_id: int, repository_id: int, full_name: str, sha: str, path: str) -> str | None:
        """Return what a file of a commit says, None where there is none; raises SourceError.

        https://docs.github.com/en/rest/repos/contents#get-repository-content gives up to 1 MB at once.
        """
        access = AsInstallation(installation_id, repository_id, (_CONTENTS,))
        place = f"/repos/{quote(full_name)}/contents/{quote(path)}"
        try:
            answer = read_answer(ContentAnswer, self._connection.ask(access, "GET", place, query={"ref": sha}))
            return b64decode(answer.content).decode()
        except GitHubRefusedError as error:
            if error.status == 404:
                return None
            raise _source_error("A file of the repository cannot be read", error) from error
        except GitHubError as error:
            raise _source_error("A file of the repository cannot be read", error) from error
        except ValueError:
            return None

    def token(self, installation_id: int, repository_id: int) -> str:
        """Return a fresh token, good for an hour, for this one repository with contents:read; raises SourceError."""
        try:
            return self._connection.new_token(AsInstallation(installation_id, repository_id, (_CONTENTS,))).token
        except GitHubError as error:
            raise _source_error("GitHub gives no token for the repository", error) from error

    def clone_url(self, full_name: str) -> str:
        """Return the address to fetch the repository from, without credentials."""
        return f"{self._url}/{quote(full_name)}.git"

    def _head(self, access: AsInstallation, full_name: str, branch: str) -> Head | None:
        path = f"/repos/{quote(full_name)}/branches/{quote(branch, safe='')}"
        try:
            answer: Any = self._connection.ask(access, "GET", path)
        except GitHubRefusedError as error:
            # An empty repository has a default branch's name and no branch.
            if error.status == 404:
                return None
            raise
        commit = read_answer(BranchAnswer, answer).commit
        author = commit.commit.author
        return Head(commit.sha, commit.commit.message, author.name if author else "")


def _move(activity: ActivityAnswer) -> BranchMove | None:
    if not activity.ref.startswith(_BRANCHES):
        return None
    before, after = ((sha or "").strip("0") and sha for sha in (activity.before, activity.after))
    return BranchMove(
        activity.id,
        activity.ref.removeprefix(_BRANCHES),
        before or None,
        after or None,
        _seconds(activity.timestamp),
        activity.actor.id if activity.actor else 0,
    )


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _source_error(what: str, error: GitHubError) -> SourceError:
    hint = ""
    if error.status == 404:
        hint = " Is the App still installed there, with access to it?"
    elif isinstance(error, GitHubRefusedError):
        hint = " The App needs the permission contents:read."
    return SourceError(f"{what}: {error}.{hint}", temporary=isinstance(error, GitHubUnavailableError))
