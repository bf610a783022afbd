"""`push`: builds the commit that was pushed, for every project of its repository, unless its message says not to. A
branch that is deleted is shown no more.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
"""

import logging
from dataclasses import dataclass

from battleshiper.platform.model.delivery import Verdict
from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.model.marker import find_marker
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.pull_request import Retirement
from battleshiper.platform.model.settings import PreviewPolicy
from battleshiper.platform.pipeline.requests import MintTicket
from battleshiper.platform.store.port import Known
from battleshiper.webhooks.branch import branch_of, is_branch_name
from battleshiper.webhooks.choice import Choice, choose, choose_preview
from battleshiper.webhooks.deployments import Deployments
from battleshiper.webhooks.fields import Fields
from battleshiper.webhooks.payload import SHA, Sender, repository_name
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.previews import Previews

_log = logging.getLogger(__name__)

_MAX_MESSAGE = 2_000
_MAX_AUTHOR = 200


@dataclass(frozen=True, slots=True)
class HeadCommit:
    """The newest commit of a push."""

    message: str = ""
    author: str = ""
    tree: str = ""

    @staticmethod
    def read(fields: Fields) -> "HeadCommit":
        author = fields.part_if_there("author", lambda author: author.text("name", ""))
        tree = "" if fields.value("tree_id") is None else fields.text("tree_id", pattern=SHA)
        return HeadCommit(fields.text("message", ""), author or "", tree)


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
        return PushedRepository(fields.github_id(), repository_name(fields), branch, fields.second("pushed_at"))


@dataclass(frozen=True, slots=True)
class Push:
    """The payload. `after` is all zeros for a deleted branch, `before` for a new one."""

    ref: str
    before: str
    after: str
    repository: PushedRepository
    head_commit: HeadCommit | None
    sender: Sender | None
    origin: Origin = Origin.PUSH

    @staticmethod
    def read(fields: Fields) -> "Push":
        return Push(
            fields.text("ref"),
            fields.text("before", pattern=SHA),
            fields.text("after", pattern=SHA),
            fields.part("repository", PushedRepository.read),
            fields.part_if_there("head_commit", HeadCommit.read),
            fields.part_if_there("sender", Sender.read),
        )

    @property
    def is_deletion(self) -> bool:
        """True when the branch is gone."""
        return not self.after.strip("0")

    @property
    def user(self) -> int:
        """The id of who pushed, 0 when unknown."""
        return self.sender.id if self.sender else 0

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
            head.tree,
        )


class Pushes:
    """Plans what follows from pushes."""

    def __init__(self, mint: MintTicket) -> None:
        self._deployments = Deployments(mint)
        self._previews = Previews(mint)

    def plan(self, push: Push, known: Known) -> Plan:
        """Decide for each project on its own. Raises when it can be decided for none of them."""
        plan = Plan(push.repository.full_name)
        branch = branch_of(push.ref)
        if branch is None:
            return plan.ignore("Only branches are built, and this is another kind of ref.")
        if not is_branch_name(branch):
            return plan.ignore("GitHub takes no branch of this name, or it is longer than 1,000 characters.")
        projects = known.projects_of_repository(push.repository.id)
        if not projects:
            return plan.ignore("No project is built from this repository.")
        if push.is_deletion:
            self._end(plan, push, branch, projects, known)
            return plan
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

    def _end(self, plan: Plan, push: Push, branch: str, projects: list[Project], known: Known) -> None:
        repository = push.repository
        retirement = Retirement(repository.id, branch, "The branch was deleted.", repository.pushed_second)
        production = repository.default_branch
        self._previews.end(plan, known, projects, retirement, production=production, user=push.user)

    def _add(self, plan: Plan, push: Push, commit: Commit, project: Project, known: Known) -> None:
        choice = choose(commit, known.rivals(project.id, commit.branch), push.marker())
        production = project.production_branch or push.repository.default_branch
        environment = Environment.PRODUCTION if commit.branch == production else Environment.PREVIEW
        if choice.state is State.QUEUED and environment is Environment.PREVIEW:
            choice = self._refuse(push, commit, project, known) or self._bring_back(plan, push, commit, known) or choice
        self._deployments.add(plan, project, commit, environment, push.origin, choice, user=push.user)

    def _refuse(self, push: Push, commit: Commit, project: Project, known: Known) -> Choice | None:
        if project.settings.previews is PreviewPolicy.ALL:
            return None
        pulls = known.pulls_of_branch(push.repository.id, commit.branch)
        return choose_preview(project.settings.previews, has_pull=any(pull.is_open for pull in pulls))

    def _bring_back(self, plan: Plan, push: Push, commit: Commit, known: Known) -> Choice | None:
        """Let the branch be shown again if it is not; return what to do instead where it was retired after the push."""
        branch = (push.repository.id, commit.branch)
        retirement = known.retirement(*branch)
        if retirement is None:
            return None
        if 0 < commit.pushed_at < retirement.retired_at:
            return Choice(Verdict.SKIP, retirement.reason, State.CANCELED)
        if branch not in plan.brought_back:
            plan.brought_back.append(branch)
        return None
