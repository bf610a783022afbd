"""`push`: builds the commit that was pushed, for every project of its repository, unless its message says not to.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from battleshiper.platform.model.delivery import Decision, Verdict
from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.requests import MintTicket, build_request
from battleshiper.platform.store.port import Known, NewDeployment, Rival
from battleshiper.platform.tickets.ticket import Requester
from battleshiper.webhooks.branch import branch_of, is_branch_name
from battleshiper.webhooks.fields import Fields
from battleshiper.webhooks.marker import find_marker
from battleshiper.webhooks.payload import Sender, repository_name
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.refusal import MalformedError

_log = logging.getLogger(__name__)

_MAX_MESSAGE = 2_000
_MAX_AUTHOR = 200
_SHA = "[0-9a-f]{40}|[0-9a-f]{64}"


@dataclass(frozen=True, slots=True)
class HeadCommit:
    """The newest commit of a push."""

    message: str = ""
    author: str = ""

    @staticmethod
    def read(fields: Fields) -> "HeadCommit":
        author = fields.part_if_there("author", lambda author: author.text("name", ""))
        return HeadCommit(fields.text("message", ""), author or "")


@dataclass(frozen=True, slots=True)
class PushedRepository:
    """The repository that was pushed to."""

    id: int
    full_name: str
    default_branch: str | None
    pushed_second: int
    """When the push was, in Unix seconds; 0 when GitHub does not say."""

    @staticmethod
    def read(fields: Fields) -> "PushedRepository":
        branch = None if fields.value("default_branch") is None else fields.text("default_branch")
        return PushedRepository(fields.github_id(), repository_name(fields), branch, _second(fields, "pushed_at"))


@dataclass(frozen=True, slots=True)
class Push:
    """The payload. `after` is all zeros for a deleted branch, `before` for a new one."""

    ref: str
    before: str
    after: str
    repository: PushedRepository
    head_commit: HeadCommit | None
    sender: Sender | None

    @staticmethod
    def read(fields: Fields) -> "Push":
        return Push(
            fields.text("ref"),
            fields.text("before", pattern=_SHA),
            fields.text("after", pattern=_SHA),
            fields.part("repository", PushedRepository.read),
            fields.part_if_there("head_commit", HeadCommit.read),
            fields.part_if_there("sender", Sender.read),
        )

    def marker(self) -> str | None:
        """Return what in the whole message asks to skip the commit, if anything does."""
        return find_marker(self.head_commit.message) if self.head_commit else None

    def commit(self, branch: str) -> Commit:
        """Return the commit to build."""
        head = self.head_commit or HeadCommit()
        return Commit(
            self.after,
            branch,
            head.message[:_MAX_MESSAGE],
            head.author[:_MAX_AUTHOR],
            self.before if self.before.strip("0") else None,
            self.repository.pushed_second,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """What a push means for one project. `state` is None when there is nothing to create."""

    verdict: Verdict
    reason: str
    state: State | None = None


def choose(commit: Commit, rivals: Sequence[Rival], marker: str | None = None) -> Choice:
    """Decide on a pushed commit, knowing the branch's earlier deployments, newest first, and the marker in the
    commit's message. A skipped commit leaves alone what is built of its branch, whichever of the two comes first."""
    for rival in rivals:
        if _is_same_push(commit, rival):
            done = "skipped" if rival.is_skipped else "built"
            return Choice(Verdict.IGNORE, f"This push is {done} as deployment {rival.id} already.")
    rivals = [rival for rival in rivals if not rival.is_skipped]
    newer = next((rival for rival in rivals if _is_newer(rival, commit)), None)
    first = next((rival for rival in rivals if rival.origin is Origin.INITIAL and rival.sha == commit.sha), None)
    if first is not None and (newer is not None or first is rivals[0]):
        return Choice(Verdict.IGNORE, f"The commit is built as the project's first deployment {first.id} already.")
    if marker is not None:
        return Choice(Verdict.SKIP, f"Skipped: the commit message says {marker}", State.SKIPPED)
    if newer is not None:
        reason = f"Superseded by {newer.sha[:7]}, a newer push to {commit.branch}."
        return Choice(Verdict.SKIP, reason, State.SUPERSEDED)
    return Choice(Verdict.BUILD, f"Pushed to {commit.branch}.", State.QUEUED)


class Pushes:
    """Plans what follows from pushes."""

    def __init__(self, mint: MintTicket, identify: Callable[[], str] = new_identifier) -> None:
        self._mint = mint
        self._identify = identify

    def plan(self, push: Push, known: Known) -> Plan:
        """Decide for each project on its own. Raises when it can be decided for none of them."""
        plan = Plan(push.repository.full_name)
        branch = branch_of(push.ref)
        if branch is None:
            return plan.ignore("Only branches are built, and this is another kind of ref.")
        if not push.after.strip("0"):
            return plan.ignore("The branch was deleted.")
        if not is_branch_name(branch):
            return plan.ignore("Git takes no branch of this name, or it is longer than 1,000 characters.")
        projects = known.projects_of_repository(push.repository.id)
        if not projects:
            return plan.ignore("No project is built from this repository.")
        faults: list[Exception] = []
        for project in projects:
            try:
                self._add(plan, push, push.commit(branch), project, known)
            except Exception as error:  # one project's fault is not the others'
                _log.exception("a push could not be decided for project %s", project.id)
                faults.append(error)
                plan.ignore(f"The platform failed to decide ({type(error).__name__}); redeploy by hand.", project.id)
        if len(faults) == len(projects):
            raise faults[0]  # not recorded, so that GitHub can deliver it again
        return plan

    def _add(self, plan: Plan, push: Push, commit: Commit, project: Project, known: Known) -> None:
        choice = choose(commit, known.rivals(project.id, commit.branch), push.marker())
        if choice.state is None:
            plan.ignore(choice.reason, project.id)
            return
        production = project.production_branch or push.repository.default_branch
        environment = Environment.PRODUCTION if commit.branch == production else Environment.PREVIEW
        deployment_id = self._identify()
        reason = "" if choice.state is State.QUEUED else choice.reason
        deployment = NewDeployment(deployment_id, project.id, commit, environment, Origin.PUSH, choice.state, reason)
        if choice.state is State.QUEUED:
            user = push.sender.id if push.sender else 0
            plan.events.append(
                build_request(self._mint, project.id, deployment_id, source=Requester.WEBHOOK, user=user)
            )
        plan.deployments.append(deployment)
        plan.decisions.append(Decision(choice.verdict, choice.reason, project.id, deployment_id))


def _second(fields: Fields, name: str) -> int:
    """Return a moment that GitHub tells in Unix seconds, or in words for some events; 0 where it tells none."""
    if not isinstance(fields.value(name), str):
        return fields.number(name, 0)
    try:
        return int(datetime.fromisoformat(fields.text(name)).timestamp())
    except ValueError:
        raise MalformedError(f"The payload cannot be read, at `{name}`: a moment is needed.") from None


def _is_same_push(commit: Commit, rival: Rival) -> bool:
    known = (rival.pushed_at, rival.sha, rival.parent_sha)
    return commit.pushed_at != 0 and (commit.pushed_at, commit.sha, commit.parent_sha) == known


def _is_newer(rival: Rival, commit: Commit) -> bool:
    """Tell whether `rival` was pushed after `commit`.

    The times decide where both are known and differ. Otherwise a push that started from this commit came after it,
    unless this one started from that push: two pushes within a second, back and forth, count in order of arrival.
    """
    if rival.pushed_at and commit.pushed_at and rival.pushed_at != commit.pushed_at:
        return rival.pushed_at > commit.pushed_at
    return rival.parent_sha == commit.sha and rival.sha not in (commit.sha, commit.parent_sha)
