"""What the pages show, gathered from the records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from battleshiper.infra.local.github.git.history import Commit
from battleshiper.infra.local.github.moment import read_moment
from battleshiper.infra.local.github.records.archive import Archive
from battleshiper.infra.local.github.records.comments import Comment
from battleshiper.infra.local.github.records.deployments import Deployment, DeploymentStatus
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.records.statuses import Status, combine

_DONE = ("success", "failure", "error", "inactive")
_STEPS = (("year", 31_536_000), ("month", 2_592_000), ("day", 86_400), ("hour", 3600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class Checks:
    """The newest status of each context of a commit; `state` stands for all, and is empty where there is none."""

    state: str
    statuses: Sequence[Status]

    @property
    def summary(self) -> str:
        """One line about all of them."""
        good = sum(status.state == "success" for status in self.statuses)
        if good == len(self.statuses):
            return "All checks have passed"
        if self.state == "failure":
            return "Some checks were not successful"
        return "Some checks have not finished yet"


@dataclass(frozen=True, slots=True)
class CommitView:
    """A commit with its checks."""

    commit: Commit
    checks: Checks


@dataclass(frozen=True, slots=True)
class DeploymentView:
    """A deployment, how it stands, and where to see it."""

    deployment: Deployment
    latest: DeploymentStatus | None
    live_url: str = ""
    """Where to see what the environment serves meanwhile, from an older deployment."""

    @property
    def state(self) -> str:
        """The newest state; one without any waits."""
        return self.latest.new.state if self.latest else "pending"

    @property
    def standing(self) -> str:
        """The state in words; what was transient and is over was destroyed."""
        is_over = self.state == "inactive" and self.deployment.new.transient
        return "destroyed" if is_over else self.state.replace("_", " ")

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return self.state not in _DONE

    @property
    def url(self) -> str:
        """Where to see what was deployed; empty when it is not to be seen."""
        return self.latest.new.environment_url if self.latest and self.state == "success" else self.live_url


@dataclass(frozen=True, slots=True)
class ReactionView:
    """A kind of reaction to a comment, and who had it."""

    content: str
    logins: Sequence[str]


def view_reactions(comment: Comment) -> list[ReactionView]:
    """Return the kinds of reactions to a comment."""
    by_content: dict[str, list[str]] = {}
    for reaction in comment.reactions:
        by_content.setdefault(reaction.content, []).append(reaction.creator.login)
    return [ReactionView(content, logins) for content, logins in by_content.items()]


def view_checks(archive: Archive, repository: Repository, sha: str) -> Checks:
    """Return the checks of a commit."""
    latest = archive.statuses.latest(repository.id, sha)
    return Checks(combine(status.state for status in latest) if latest else "", latest)


def view_deployments(archive: Archive, repository: Repository, sha: str = "") -> list[DeploymentView]:
    """Return deployments, newest first: all, or those of a commit."""
    views = []
    for deployment in archive.deployments.of(repository.id):
        if not sha or deployment.new.sha == sha:
            views.append(DeploymentView(deployment, next(iter(archive.deployments.statuses(deployment.id)), None)))
    return views


def newest_by_environment(views: Sequence[DeploymentView]) -> list[DeploymentView]:
    """Return the deployment that says how each environment stands: the newest that is not over, production first."""
    chosen: dict[str, DeploymentView] = {}
    for view in views:
        name = view.deployment.new.environment
        if name not in chosen or (chosen[name].state == "inactive" and view.state != "inactive"):
            chosen[name] = view
        elif not chosen[name].url and not chosen[name].deployment.new.transient:
            chosen[name] = replace(chosen[name], live_url=view.url)
    return sorted(chosen.values(), key=lambda view: (not view.deployment.new.production, -view.deployment.id))


def tell_age(moment: str, now: datetime) -> str:
    """Return how long ago `moment` was, in words."""
    seconds = (now - read_moment(moment)).total_seconds()
    for name, length in _STEPS:
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"
