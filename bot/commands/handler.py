"""The handler of commands: asks GitHub whether the author may, has it done, and answers.

Whoever may not write to the repository gets a reaction and no more, so that strangers cannot make the bot talk.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from battleshiper.bot.commands.actions import Actions
from battleshiper.bot.commands.outcome import Outcome, join
from battleshiper.bot.conversation import Conversation, Reaction
from battleshiper.bot.github import GitHubRefusedError, GitHubUnavailableError, RepositoryAccess
from battleshiper.bot.patience import Patience
from battleshiper.platform.bus.port import GiveUpError, RetryLaterError
from battleshiper.platform.model.command import Command
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.pull_request import PullRequest, outside_pull
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.pipeline.requests import CommandRequest, read_command_request
from battleshiper.platform.store.port import MissingError, Store
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.ticket import Requester, Step, TicketRefusedError

_log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 60.0
_ASK_AGAIN_SECONDS = 3.0
_REQUESTERS = frozenset({Requester.WEBHOOK})
_HELP = """| Command | |
|:--|:--|
| `/deploy` | Deploy the newest commit: of a fork, this is the leave it waits for. `/deploy <commit>` names which. |
| `/redeploy` | Build the newest deployment of this pull request again. |
| `/cancel` | Stop what is being built of this pull request. |
| `/promote` | Show this pull request's preview as production. |
| `/rollback` | Show the production deployment before the present one. |
| `/logs` | Show the end of the newest build's log. |
| `/help` | Show this. |

They are for people who may write to the repository."""


class CommandHandler:
    """Handles `battleshiper.command`. Events of one repository come one at a time (`Event.group`)."""

    def __init__(
        self,
        store: Store,
        gate: Gate,
        conversation: Conversation,
        actions: Actions,
        patience: Patience,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._gate = gate
        self._conversation = conversation
        self._actions = actions
        self._patience = patience
        self._clock = clock

    def handle(self, event: Event) -> None:
        """Do what was asked for, once, and answer. Raises RetryLaterError while GitHub is out of reach or limits us;
        what it refuses for good is logged."""
        try:
            request = read_command_request(event)
            ticket = event.detail["ticket"]
            self._gate.admit(ticket, Step.COMMAND, _REQUESTERS, project_id=request.project_id, spender=event.id)
        except (TicketRefusedError, KeyError, ValueError) as error:
            raise GiveUpError(f"not a command that we take: {error}") from error
        projects = self._store.projects_of_repository(request.repository_id)
        if not projects:
            return
        installation_id = projects[0].installation_id
        repository = RepositoryAccess(installation_id, request.repository_id, projects[0].repository)
        self._patience.wait_for_turn(installation_id)
        try:
            self._answer(request, repository, projects)
        except GitHubUnavailableError as error:
            since = datetime.fromtimestamp(request.commented_at, UTC)
            raise self._patience.later(installation_id, since, error) from error
        except GitHubRefusedError as error:
            _log.warning(
                "%s: GitHub refuses to let us answer /%s in pull request #%d: %s. Check that the App is installed "
                "there with the permission pull_requests:write.",
                repository.full_name,
                request.command,
                request.number,
                error,
            )
        self._patience.was_heard(installation_id)

    def _answer(self, request: CommandRequest, repository: RepositoryAccess, projects: list[Project]) -> None:
        access = self._conversation.access_of(repository, request.login)
        # The name may be somebody else's by now.
        if access is None or access.account_id != request.author_id or not access.may_write:
            self._conversation.react(repository, request.comment_id, Reaction.REFUSED)
            return
        self._conversation.react(repository, request.comment_id, Reaction.SEEN)
        outcome = self._do(request, repository, projects)
        if outcome.text:
            self._reply(request, repository, outcome.text)
        reaction = Reaction.DONE if outcome.is_done else Reaction.REFUSED
        self._conversation.react(repository, request.comment_id, reaction)

    def _do(self, request: CommandRequest, repository: RepositoryAccess, projects: list[Project]) -> Outcome:
        if request.command is Command.HELP:
            return Outcome(True, _HELP)
        try:
            pull = self._store.pull(request.repository_id, request.number)
        except MissingError:
            return Outcome(False, "This pull request is not known yet: push a commit to it, or open it again.")
        if self._is_behind(request, repository, pull):
            return Outcome(False, "The newest commit is not known here yet. Try again in a moment, or name it.")
        return join({project.name: self._act(request, pull, project) for project in projects})

    def _is_behind(self, request: CommandRequest, repository: RepositoryAccess, pull: PullRequest) -> bool:
        """Tell whether a leave that names no commit may be for one that we have not heard of: the comment may have
        overtaken the push that its author has looked at. Raises RetryLaterError while that may still come."""
        is_leave = request.command is Command.DEPLOY and not request.argument
        if not is_leave or outside_pull(pull.branch) is None:
            return False
        if self._conversation.head_of(repository, request.number) == pull.sha:
            return False
        if self._clock().timestamp() - request.commented_at < _PATIENCE_SECONDS:
            raise RetryLaterError(_ASK_AGAIN_SECONDS, "GitHub has not told of the newest commit yet")
        return True

    def _act(self, request: CommandRequest, pull: PullRequest, project: Project) -> Outcome:
        try:
            return self._actions.act(request, pull, project)
        except OperationRefusedError as error:
            return Outcome(False, error.message)

    def _reply(self, request: CommandRequest, repository: RepositoryAccess, text: str) -> None:
        marker = f"<!-- battleshiper: the answer to {request.comment_id} -->"
        comments = self._conversation.comments_of(repository, request.number)
        if not any(comment.is_ours and comment.body.startswith(marker) for comment in comments):
            self._conversation.create_comment(repository, request.number, f"{marker}\n{text}\n")
