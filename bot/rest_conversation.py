"""Conversations over GitHub's REST API (https://docs.github.com/rest/issues/comments): a pull request is an issue."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from battleshiper.bot.access import AsInstallation, Permission
from battleshiper.bot.answers import CommentAnswer, PermissionAnswer, PullAnswer, read_answer
from battleshiper.bot.connection import Connection
from battleshiper.bot.conversation import Access, GitHubComment, Reaction
from battleshiper.bot.github import GitHubRefusedError, RepositoryAccess

_PULL_REQUESTS: Permission = ("pull_requests", "write")
_METADATA: Permission = ("metadata", "read")
_MAX_PAGES = 10
_PAGE = 100


class RestConversation:
    """The backend for github.com, Enterprise Server and the stand-in."""

    def __init__(self, connection: Connection, app_id: int) -> None:
        self._connection = connection
        self._app_id = app_id

    def comments_of(self, repository: RepositoryAccess, number: int) -> Iterator[GitHubComment]:
        """Yield a pull request's comments, oldest first, a thousand at most."""
        for page in range(1, _MAX_PAGES + 1):
            path = f"/issues/{number}/comments"
            answer = self._ask(repository, "GET", path, query={"per_page": _PAGE, "page": page})
            found = read_answer(list[CommentAnswer], answer)
            for comment in found:
                app = comment.performed_via_github_app
                yield GitHubComment(comment.id, comment.body or "", app is not None and app.id == self._app_id)
            if len(found) < _PAGE:
                return

    def create_comment(self, repository: RepositoryAccess, number: int, body: str) -> int:
        """Write a comment and return its id."""
        answer = self._ask(repository, "POST", f"/issues/{number}/comments", body={"body": body})
        return read_answer(CommentAnswer, answer).id

    def head_of(self, repository: RepositoryAccess, number: int) -> str:
        """Return the newest commit of a pull request."""
        return read_answer(PullAnswer, self._ask(repository, "GET", f"/pulls/{number}")).head.sha

    def access_of(self, repository: RepositoryAccess, login: str) -> Access | None:
        """Return what the account that has this name now may do
        (https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user)."""
        path = f"/collaborators/{quote(login, safe='')}/permission"
        try:
            answer = self._ask(repository, "GET", path, permission=_METADATA)
        except GitHubRefusedError as error:
            if error.status == 404:
                return None
            raise
        found = read_answer(PermissionAnswer, answer)
        # Maintainers are told as `write`, those who triage as `read`.
        return None if found.user is None else Access(found.user.id, found.permission in ("admin", "write"))

    def react(self, repository: RepositoryAccess, comment_id: int, reaction: Reaction) -> None:
        """React to a comment; a second time changes nothing."""
        path = f"/issues/comments/{comment_id}/reactions"
        self._ask(repository, "POST", path, body={"content": reaction.value})

    def edit_comment(self, repository: RepositoryAccess, comment_id: int, body: str) -> None:
        """Write a comment of ours anew."""
        self._ask(repository, "PATCH", f"/issues/comments/{comment_id}", body={"body": body})

    def _ask(
        self,
        repository: RepositoryAccess,
        method: str,
        path: str,
        *,
        permission: Permission = _PULL_REQUESTS,
        **more: Any,
    ) -> Any:
        access = AsInstallation(repository.installation_id, repository.repository_id, (permission,))
        return self._connection.ask(access, method, f"/repos/{quote(repository.full_name)}{path}", **more)
