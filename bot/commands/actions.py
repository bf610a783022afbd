"""What each command does, for one project of the pull request's repository.

An event may come twice, and a step may die half way. So everything is named after the comment that asks for it: done
again, it is the same.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from battleshiper.bot.commands.outcome import Outcome
from battleshiper.bot.comment import code
from battleshiper.bot.log_excerpt import excerpt, fence
from battleshiper.platform.logs.port import LogKind, Logs
from battleshiper.platform.model.command import Command
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, State
from battleshiper.platform.model.identifier import identifier_of
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.pull_request import PullRequest
from battleshiper.platform.pipeline.operations import OperationRefusedError, Operations
from battleshiper.platform.pipeline.requests import CommandRequest
from battleshiper.platform.store.port import SpentError, Store

_REMEMBERED = timedelta(days=30)
_NOTHING = "nothing"
_SHORTEST_SHA = 7

_Action = Callable[[CommandRequest, PullRequest, Project], Outcome]


class Actions:
    """Does what commands ask for; raises OperationRefusedError for what cannot be done."""

    def __init__(self, store: Store, operations: Operations, logs: Logs, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._operations = operations
        self._logs = logs
        self._clock = clock
        self._actions: Mapping[Command, _Action] = {
            Command.DEPLOY: self._deploy,
            Command.REDEPLOY: self._redeploy,
            Command.CANCEL: self._cancel,
            Command.ROLLBACK: self._roll_back,
            Command.PROMOTE: self._promote,
            Command.LOGS: self._show_log,
        }

    def act(self, request: CommandRequest, pull: PullRequest, project: Project) -> Outcome:
        """Do it for one project. `/help` is for none."""
        return self._actions[request.command](request, pull, project)

    def _deploy(self, request: CommandRequest, pull: PullRequest, project: Project) -> Outcome:
        previews = self._previews(pull, project)
        newest = next((each for each in previews if each.commit.sha == pull.sha), None)
        if refusal := _refuse_sha(request, pull, newest):
            return Outcome(False, refusal)
        if newest is None:
            commit = Commit(pull.sha, pull.branch, pushed_at=pull.updated_at)
            if commit.is_outside:
                return Outcome(False, f"{code(pull.sha[:7])} has not been seen yet. Try again in a moment.")
            self._operations.deploy(project.name, commit, new_id=_new_id(request, project))
        elif newest.state is State.AWAITING_APPROVAL:
            self._operations.approve(project.name, newest.id)
        elif newest.id != _new_id(request, project) and (not newest.state.is_final or newest.site is not None):
            is_asked_again = newest.state is not State.READY
            said = "being deployed" if is_asked_again else "deployed"
            return Outcome(is_asked_again, f"{code(pull.sha[:7])} is {said} already. `/redeploy` builds it again.")
        else:
            self._operations.redeploy(project.name, newest.id, new_id=_new_id(request, project))
        return Outcome(True)

    def _redeploy(self, request: CommandRequest, pull: PullRequest, project: Project) -> Outcome:
        new_id = _new_id(request, project)
        known = [each for each in self._previews(pull, project) if each.state is not State.AWAITING_APPROVAL]
        if not known:
            return Outcome(False, "Nothing of this pull request was deployed yet. `/deploy` does.")
        if all(each.id != new_id for each in known):
            self._operations.redeploy(project.name, known[0].id, new_id=new_id)
        return Outcome(True)

    def _cancel(self, request: CommandRequest, pull: PullRequest, project: Project) -> Outcome:
        reason = f"Canceled by {request.login}."
        previews = self._previews(pull, project)
        found = [each for each in previews if not each.state.is_final and each.state is not State.AWAITING_APPROVAL]
        for deployment in found:
            self._operations.cancel(project.name, deployment.id, reason)
        was_done = any(each.reason == reason for each in previews)
        return Outcome(True) if found or was_done else Outcome(False, "Nothing of this pull request is being built.")

    def _roll_back(self, request: CommandRequest, _pull: PullRequest, project: Project) -> Outcome:
        if request.argument not in ("", "production"):
            return Outcome(False, "Only production can be rolled back: `/rollback` or `/rollback production`.")
        try:
            target = self._operations.earlier(project.name)
        except OperationRefusedError:
            if self._decide(request, project, _NOTHING):
                raise
            return Outcome(True)
        return self._move(request, project, target, "shows again")

    def _promote(self, request: CommandRequest, pull: PullRequest, project: Project) -> Outcome:
        newest = next((each for each in self._previews(pull, project) if each.site is not None), None)
        if newest is None:
            return Outcome(False, "No preview of this pull request is ready.")
        if newest.commit.is_outside:
            return Outcome(False, "What comes from outside is built without what production needs. Merge it instead.")
        return self._move(request, project, newest, "now shows")

    def _show_log(self, _request: CommandRequest, pull: PullRequest, project: Project) -> Outcome:
        for deployment in self._previews(pull, project):
            lines = excerpt(line.text for line in self._logs.read(deployment.id, LogKind.BUILD))
            if lines:
                return Outcome(True, f"The end of the log of {code(deployment.commit.sha[:7])}:\n\n{fence(lines)}")
        return Outcome(False, "There is no build log of this pull request yet.")

    def _move(self, request: CommandRequest, project: Project, target: Deployment, verb: str) -> Outcome:
        """Show another deployment as production, once: which one is decided for good before it is done."""
        if not self._decide(request, project, target.id):
            return Outcome(True)  # it is done, and what would be next now is another one
        self._operations.promote(project.name, target.id)
        return Outcome(True, f"Production of {project.name} {verb} {code(target.commit.sha[:7])}.")

    def _decide(self, request: CommandRequest, project: Project, choice: str) -> bool:
        """Tell whether this is what was chosen when the command was first looked at."""
        key = f"command-{request.comment_id}-{project.id}"
        try:
            self._store.spend_ticket(key, choice, self._clock() + _REMEMBERED)
        except SpentError:
            return False
        return True

    def _previews(self, pull: PullRequest, project: Project) -> list[Deployment]:
        found = self._store.deployments(project.id, branch=pull.branch)
        return [each for each in found if each.environment is Environment.PREVIEW]


def _refuse_sha(request: CommandRequest, pull: PullRequest, newest: Deployment | None) -> str:
    """Return why what was written is no leave for the pull request's newest commit, empty when it is one."""
    head = code(pull.sha[:7])
    if request.argument:
        if len(request.argument) >= _SHORTEST_SHA and pull.sha.startswith(request.argument.lower()):
            return ""
        return f"The newest commit is {head}. Look at it, and comment `/deploy {pull.sha[:7]}`."
    if newest is not None and newest.commit.is_outside and newest.commit.pushed_at > request.commented_at:
        return f"{head} came after your comment. Look at it, and comment `/deploy {pull.sha[:7]}`."
    return ""


def _new_id(request: CommandRequest, project: Project) -> str:
    return identifier_of(f"{project.id}/{request.comment_id}")
