"""What GitHub should show of a deployment: pure, from what the store says now.

There are two surfaces. The commit status is what branch protection may require, so only the code's own failure is
one: a skip, a supersede or a cancellation succeeds, with the reason. The GitHub Deployment is where the site is
found, so it exists from the moment something is going to be built.

A newer production site takes the older one's place, so the older GitHub Deployment becomes inactive. A preview keeps
its own address for as long as it is served, so previews do not touch each other. What has expired is served no more:
its GitHub Deployment is inactive, and so is a preview's whose branch or pull request has ended, until that comes back.
The commit's status, which says how the commit fared, stays.
"""

from dataclasses import dataclass

from battleshiper.bot.github import CommitStatus, DeploymentState, DeploymentStatus, StatusState
from battleshiper.bot.wording import REPLACED, RETIRED, describe, status_context
from battleshiper.platform.model.deployment import Deployment, Environment, State
from battleshiper.platform.model.project import Project

_STATUS_STATES = {
    State.AWAITING_APPROVAL: StatusState.PENDING,
    State.QUEUED: StatusState.PENDING,
    State.BUILDING: StatusState.PENDING,
    State.DEPLOYING: StatusState.PENDING,
    State.READY: StatusState.SUCCESS,
    State.FAILED: StatusState.FAILURE,
    State.CANCELED: StatusState.SUCCESS,
    State.SUPERSEDED: StatusState.SUCCESS,
    State.SKIPPED: StatusState.SUCCESS,
}
_DEPLOYMENT_STATES = {
    State.QUEUED: DeploymentState.QUEUED,
    State.BUILDING: DeploymentState.IN_PROGRESS,
    State.DEPLOYING: DeploymentState.IN_PROGRESS,
    State.READY: DeploymentState.SUCCESS,
    State.FAILED: DeploymentState.FAILURE,
    State.CANCELED: DeploymentState.INACTIVE,
    State.SUPERSEDED: DeploymentState.INACTIVE,
    State.SKIPPED: DeploymentState.INACTIVE,
}
_CREATING = frozenset({State.QUEUED, State.BUILDING, State.DEPLOYING, State.READY, State.FAILED})
"""Ends that built nothing need no GitHub Deployment, unless there is one already."""


@dataclass(frozen=True, slots=True)
class Family:
    """What else the project has deployed, as far as it matters to one deployment."""

    has_newer_attempt: bool
    """The same commit was asked for again later."""
    has_newer_commit: bool
    """Another commit was pushed to the branch later."""
    is_replaced: bool
    """A newer production site is live."""
    replaces: tuple[Deployment, ...]
    """The ready production deployments before this one, newest first; empty for what is no live production site."""


def family_of(deployment: Deployment, others: list[Deployment]) -> Family:
    """Place a deployment among `others`, the project's deployments, newest first."""
    newer = [other for other in others if other.number > deployment.number]
    older = [other for other in others if other.number < deployment.number]
    is_site = _is_production_site(deployment)
    return Family(
        has_newer_attempt=any(other.commit.sha == deployment.commit.sha for other in newer),
        has_newer_commit=any(other.commit.branch == deployment.commit.branch for other in newer),
        is_replaced=is_site and any(map(_is_production_site, newer)),
        replaces=tuple(filter(_is_production_site, older)) if is_site else (),
    )


def can_wait(deployment: Deployment, family: Family) -> bool:
    """Tell whether other news may go first: what is under way will be told again, and the newest commit of a branch is
    the one that somebody waits for."""
    is_lasting = deployment.state.is_final or deployment.state is State.AWAITING_APPROVAL
    return not is_lasting or family.has_newer_commit


def commit_status(project: Project, deployment: Deployment, family: Family, log_url: str) -> CommitStatus | None:
    """Return the commit's status; None when it belongs to a newer attempt at the same commit, or may: of what was tried
    since, by the time that something expires, not everything is known any more."""
    if family.has_newer_attempt or deployment.expired_at is not None:
        return None
    return CommitStatus(
        status_context(project.name), _STATUS_STATES[deployment.state], describe(deployment), deployment.site or log_url
    )


def deployment_status(deployment: Deployment, family: Family, log_url: str) -> DeploymentStatus | None:
    """Return the GitHub Deployment's status; None while nobody has decided to build."""
    state = _DEPLOYMENT_STATES.get(deployment.state)
    if state is None:
        return None
    if deployment.expired_at is not None:
        return DeploymentStatus(DeploymentState.INACTIVE, describe(deployment), log_url)
    if deployment.retired_at is not None:
        return DeploymentStatus(DeploymentState.INACTIVE, RETIRED, log_url)
    if family.is_replaced:
        return replaced_status(deployment, log_url)
    return DeploymentStatus(state, describe(deployment), log_url, deployment.site)


def replaced_status(deployment: Deployment, log_url: str) -> DeploymentStatus:
    """Return the status of a production site's GitHub Deployment once a newer site has taken its place."""
    return DeploymentStatus(DeploymentState.INACTIVE, REPLACED, log_url, deployment.site)


def deserves_deployment(deployment: Deployment) -> bool:
    """Tell whether a GitHub Deployment is to be made for a deployment that has none."""
    is_over = deployment.expired_at is not None or deployment.retired_at is not None
    return deployment.state in _CREATING and not is_over


def _is_production_site(deployment: Deployment) -> bool:
    return deployment.state is State.READY and deployment.environment is Environment.PRODUCTION
