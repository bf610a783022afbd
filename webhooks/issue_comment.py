"""`issue_comment`: somebody asks for something in a pull request. Whether they may is for GitHub to say, which is asked
later.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#issue_comment
"""

from dataclasses import dataclass

from battleshiper.platform.model.delivery import Decision, Verdict
from battleshiper.platform.pipeline.requests import CommandRequest, MintTicket, command_request
from battleshiper.platform.store.port import Known
from battleshiper.webhooks.command_line import find_command
from battleshiper.webhooks.fields import Fields
from battleshiper.webhooks.payload import NamedRepository
from battleshiper.webhooks.plan import Plan

_MAX_LOGIN = 255


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a comment."""

    id: int
    login: str
    is_person: bool

    @staticmethod
    def read(fields: Fields) -> "Author":
        return Author(fields.github_id(), fields.text("login", longest=_MAX_LOGIN), fields.text("type", "") == "User")


@dataclass(frozen=True, slots=True)
class WrittenComment:
    """A comment."""

    id: int
    body: str
    created_at: int
    author: Author
    is_by_app: bool

    @staticmethod
    def read(fields: Fields) -> "WrittenComment":
        return WrittenComment(
            fields.github_id(),
            fields.text("body", ""),
            fields.second("created_at"),
            fields.part("user", Author.read),
            fields.value("performed_via_github_app") is not None,
        )


@dataclass(frozen=True, slots=True)
class Issue:
    """What was commented on."""

    number: int
    is_pull: bool

    @staticmethod
    def read(fields: Fields) -> "Issue":
        return Issue(fields.github_id("number"), fields.value("pull_request") is not None)


@dataclass(frozen=True, slots=True)
class CommentChange:
    """The payload."""

    action: str
    issue: Issue
    comment: WrittenComment
    repository: NamedRepository

    @staticmethod
    def read(fields: Fields) -> "CommentChange":
        return CommentChange(
            fields.text("action"),
            fields.part("issue", Issue.read),
            fields.part("comment", WrittenComment.read),
            fields.part("repository", NamedRepository.read),
        )


class IssueComments:
    """Plans what follows from comments."""

    def __init__(self, mint: MintTicket) -> None:
        self._mint = mint

    def plan(self, change: CommentChange, known: Known) -> Plan:
        """Pass a command on, once for all projects of the repository."""
        repository, comment = change.repository, change.comment
        plan = Plan(repository.full_name, change.action)
        if change.action != "created":
            return plan.ignore("Only new comments are read for commands.")
        if not change.issue.is_pull:
            return plan.ignore("Commands are for pull requests, and this is an issue.")
        if comment.is_by_app or not comment.author.is_person:
            return plan.ignore("The comment was not written by a person.")
        line = find_command(comment.body)
        if line is None:
            return plan.ignore("There is no command in the comment.")
        projects = known.projects_of_repository(repository.id)
        if not projects:
            return plan.ignore("No project is built from this repository.")
        request = CommandRequest(
            projects[0].id,
            repository.id,
            change.issue.number,
            comment.id,
            comment.created_at,
            comment.author.id,
            comment.author.login,
            line.command,
            line.argument,
        )
        plan.events.append(command_request(self._mint, request))
        plan.decisions.append(Decision(Verdict.COMMAND, f"{comment.author.login} asks to {line.command}."))
        return plan
