"""`pull_request`: a preview belongs to its pull request, ends with it and comes back with it.

The commits of a pull request are mostly deployed because they are pushed. Where no push has told of the newest one, it
is deployed because of the pull request: the push may come later, or never, as when the branch was there before the App
was. What comes from another repository waits until somebody who may push here approves of it.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request
"""

from dataclasses import dataclass

from battleshiper.platform.model.delivery import Decision, Verdict
from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.pull_request import PullRequest, Retirement, outside_branch
from battleshiper.platform.pipeline.requests import MintTicket, pull_changed
from battleshiper.platform.store.port import Known, Rival
from battleshiper.webhooks.branch import is_branch_name
from battleshiper.webhooks.choice import Choice, choose_preview, is_newer
from battleshiper.webhooks.deployments import Deployments
from battleshiper.webhooks.fields import Fields
from battleshiper.webhooks.payload import SHA, Sender, repository_name
from battleshiper.webhooks.plan import Plan
from battleshiper.webhooks.previews import Previews

_SHOWN = frozenset({"opened", "reopened", "synchronize", "ready_for_review"})
_WAITING = "Waiting for a maintainer: comment /deploy"
_MAX_TITLE = 2_000
_MAX_AUTHOR = 200


@dataclass(frozen=True, slots=True)
class Head:
    """The newest commit of a pull request."""

    sha: str
    branch: str
    repository_id: int | None
    """None when its repository was deleted."""

    @staticmethod
    def read(fields: Fields) -> "Head":
        repository_id = fields.part_if_there("repo", lambda repository: repository.github_id())
        return Head(fields.text("sha", pattern=SHA), fields.text("ref"), repository_id)


@dataclass(frozen=True, slots=True)
class ToldPull:
    """A pull request as the payload tells of it."""

    title: str
    author: str
    is_open: bool
    is_merged: bool
    head: Head
    updated_at: int

    @staticmethod
    def read(fields: Fields) -> "ToldPull":
        author = fields.part_if_there("user", lambda user: user.text("login", ""))
        return ToldPull(
            fields.text("title", "")[:_MAX_TITLE],
            (author or "")[:_MAX_AUTHOR],
            fields.text("state") == "open",
            fields.value("merged") is True or fields.value("merged_at") is not None,
            fields.part("head", Head.read),
            fields.second("updated_at"),
        )


@dataclass(frozen=True, slots=True)
class AskedRepository:
    """The repository that the pull request asks to change."""

    id: int
    full_name: str
    default_branch: str | None

    @staticmethod
    def read(fields: Fields) -> "AskedRepository":
        branch = None if fields.value("default_branch") is None else fields.text("default_branch")
        return AskedRepository(fields.github_id(), repository_name(fields), branch)


@dataclass(frozen=True, slots=True)
class PullChange:
    """The payload."""

    action: str
    number: int
    told: ToldPull
    repository: AskedRepository
    sender: Sender | None

    @staticmethod
    def read(fields: Fields) -> "PullChange":
        return PullChange(
            fields.text("action"),
            fields.github_id("number"),
            fields.part("pull_request", ToldPull.read),
            fields.part("repository", AskedRepository.read),
            fields.part_if_there("sender", Sender.read),
        )

    @property
    def is_outside(self) -> bool:
        """True when its commits are in another repository."""
        return self.told.head.repository_id != self.repository.id

    @property
    def pull(self) -> PullRequest:
        """What is kept of it."""
        told = self.told
        branch = outside_branch(self.number) if self.is_outside else told.head.branch
        return PullRequest(self.repository.id, self.number, branch, told.head.sha, told.is_open, told.updated_at)

    @property
    def user(self) -> int:
        """The id of who set it off, 0 when unknown."""
        return self.sender.id if self.sender else 0


class PullRequests:
    """Plans what follows from pull requests."""

    def __init__(self, mint: MintTicket) -> None:
        self._deployments = Deployments(mint)
        self._previews = Previews(mint)

    def plan(self, change: PullChange, known: Known) -> Plan:
        """Decide for each project of the repository."""
        plan = Plan(change.repository.full_name, change.action)
        pull = change.pull
        if change.action not in _SHOWN and change.action != "closed":
            return plan.ignore("Nothing is done when a pull request is changed like this.")
        if not is_branch_name(change.told.head.branch):
            return plan.ignore("GitHub takes no branch of this name, or it is longer than 1,000 characters.")
        projects = known.projects_of_repository(pull.repository_id)
        if not projects:
            return plan.ignore("No project is built from this repository.")
        if _is_outdated(change, known.pull(pull.repository_id, pull.number)):
            return plan.ignore("What is known of the pull request is newer.")
        plan.pulls.append(pull)
        plan.events.append(pull_changed(pull.repository_id, pull.number))
        if change.action == "closed":
            self._close(plan, change, projects, known)
        elif not pull.is_open:
            plan.ignore("The pull request is closed.")
        else:
            self._show(plan, change, projects, known)
        return plan

    def _close(self, plan: Plan, change: PullChange, projects: list[Project], known: Known) -> None:
        pull = change.pull
        others = known.pulls_of_branch(pull.repository_id, pull.branch)
        other = next((each for each in others if each.is_open and each.number != pull.number), None)
        if other is not None:
            plan.ignore(f"Pull request #{other.number} still shows the branch.")
            return
        reason = f"Pull request #{pull.number} was {'merged' if change.told.is_merged else 'closed'}."
        retirement = Retirement(pull.repository_id, pull.branch, reason, pull.updated_at)
        production = change.repository.default_branch
        self._previews.end(plan, known, projects, retirement, production=production, user=change.user)

    def _show(self, plan: Plan, change: PullChange, projects: list[Project], known: Known) -> None:
        pull = change.pull
        retirement = known.retirement(pull.repository_id, pull.branch)
        if retirement is not None and retirement.retired_at > pull.updated_at:
            plan.ignore(f"{retirement.reason} That was later.")
            return
        if retirement is not None:
            plan.brought_back.append((pull.repository_id, pull.branch))
        returns = retirement is not None or change.action == "reopened"
        for project in projects:
            if pull.branch == (project.production_branch or change.repository.default_branch):
                plan.ignore("Its branch is the production branch, which its pushes deploy.", project.id)
                continue
            rivals = known.rivals(project.id, pull.branch)
            self._add(plan, change, project, rivals, returns=returns)
            if returns or (change.is_outside and rivals):
                self._previews.settle(plan, project, pull.branch, user=change.user)

    def _add(self, plan: Plan, change: PullChange, project: Project, rivals: list[Rival], *, returns: bool) -> None:
        pull, told = change.pull, change.told
        commit = Commit(pull.sha, pull.branch, told.title, told.author, pushed_at=pull.updated_at)
        there = next((rival for rival in rivals if rival.sha == pull.sha and not (returns and rival.is_gone)), None)
        newer = next((rival for rival in rivals if is_newer(rival, commit)), None)
        if there is not None:
            verb = "returns" if returns else "shows"
            plan.decisions.append(
                Decision(Verdict.IGNORE, f"The pull request {verb} deployment {there.id}.", project.id, there.id)
            )
            return
        refused = choose_preview(project.settings.previews, has_pull=True)
        if newer is not None:
            choice = Choice(Verdict.IGNORE, f"{newer.sha[:7]} was pushed to {pull.branch} since.")
        elif refused is not None:
            choice = refused
        elif change.is_outside:
            choice = Choice(Verdict.WAIT, _WAITING, State.AWAITING_APPROVAL)
        else:
            choice = Choice(Verdict.BUILD, f"Pull request #{pull.number} asks for it.", State.QUEUED)
        self._deployments.add(plan, project, commit, Environment.PREVIEW, Origin.PULL_REQUEST, choice, user=change.user)


def _is_outdated(change: PullChange, known: PullRequest | None) -> bool:
    if known is None or known.updated_at < change.told.updated_at:
        return False
    # What happens within a second of the end came before it, but for opening it again.
    is_after_end = not known.is_open and change.told.is_open and change.action != "reopened"
    return known.updated_at > change.told.updated_at or is_after_end
