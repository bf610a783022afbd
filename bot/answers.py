"""What we read in GitHub's answers: small shapes of our own, because most of an answer is of no use to us."""

import json
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from battleshiper.bot.github import GitHubDeployment, GitHubUnavailableError

PAYLOAD_KEY = "battleshiper"
"""Where a GitHub Deployment's payload names our deployment."""

_Shape = TypeVar("_Shape")


def read_answer(shape: type[_Shape], answer: object) -> _Shape:
    """Return `answer` in its shape; raises GitHubUnavailableError, because what does not answer like GitHub is
    something in between."""
    try:
        return TypeAdapter(shape).validate_python(answer)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, fault["loc"])) or "all of it" for fault in error.errors()[:3])
        raise GitHubUnavailableError(f"GitHub's answer is not of the documented shape (wrong: {places})") from None


class AuthorAnswer(BaseModel):
    """Who wrote a commit."""

    name: str = ""


class MessageAnswer(BaseModel):
    """What git keeps of a commit."""

    message: str = ""
    author: AuthorAnswer | None = None


class CommitAnswer(BaseModel):
    """A commit."""

    sha: str
    commit: MessageAnswer = MessageAnswer()


class BranchAnswer(BaseModel):
    """A branch."""

    commit: CommitAnswer


class EntryAnswer(BaseModel):
    """A file or folder of a tree."""

    path: str
    type: str


class TreeAnswer(BaseModel):
    """The files of a commit."""

    tree: list[EntryAnswer]


class ContentAnswer(BaseModel):
    """A file, in base64."""

    content: str


class RepositoryAnswer(BaseModel):
    """A repository."""

    full_name: str
    default_branch: str
    pushed_at: AwareDatetime | None = None
    archived: bool = False
    updated_at: AwareDatetime | None = None


class ActorAnswer(BaseModel):
    """Who did something."""

    id: int


class ActivityAnswer(BaseModel):
    """A move of a ref. Where there was or is no commit, its id is left out or all zeros."""

    id: int
    ref: str
    before: str | None = None
    after: str | None = None
    timestamp: AwareDatetime
    actor: ActorAnswer | None = None


class FoundAnswer(BaseModel):
    """Which repository it is."""

    id: int
    full_name: str


class TokenAnswer(BaseModel):
    """An installation's token: text of any length and form."""

    token: str
    expires_at: AwareDatetime | None = None


class DeliveryAnswer(BaseModel):
    """An attempt to deliver a webhook."""

    id: int
    guid: str
    delivered_at: AwareDatetime
    status_code: int = 0


class AppOfCommentAnswer(BaseModel):
    """The App that wrote a comment."""

    id: int


class CommentAnswer(BaseModel):
    """A comment."""

    id: int
    body: str | None = None
    performed_via_github_app: AppOfCommentAnswer | None = None


class HeadAnswer(BaseModel):
    """Where a pull request's commits are."""

    sha: str


class PullAnswer(BaseModel):
    """A pull request."""

    head: HeadAnswer


class UserAnswer(BaseModel):
    """An account."""

    id: int


class PermissionAnswer(BaseModel):
    """What an account may do in a repository."""

    permission: str
    user: UserAnswer | None = None


class DeploymentAnswer(BaseModel):
    """A GitHub Deployment."""

    id: int
    sha: str
    payload: Any = None

    def to_deployment(self) -> GitHubDeployment:
        """Return what of it matters. A payload comes back as the object or the text that was sent."""
        payload = self.payload
        if isinstance(payload, str):
            try:
                payload = json.loads(payload)
            except (ValueError, RecursionError):
                payload = None
        ours = payload.get(PAYLOAD_KEY) if isinstance(payload, dict) else None
        return GitHubDeployment(self.id, self.sha, ours if isinstance(ours, str) else None)
