"""Which deployments expire: pure, from what there is of a project.

Netlify keeps what is published and the newest deployment of every branch, Vercel the ten newest production deployments
and whatever a hostname points to, and both let the rest go in time (https://vercel.com/docs/deployment-retention,
https://answers.netlify.com/t/76354). So do we, but a branch's newest deployment goes as well once the branch has been
quiet for long: nobody tells for sure that a branch is gone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from battleshiper.platform.model.deployment import Deployment, Environment, State

RECENT = timedelta(days=1)
"""What was shown so lately stays in any case: it may be gone back to, and caches far away may still point to it."""
QUIET_BRANCHES = 3
"""How many times as long as other previews a branch's newest one is kept."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What an operator wants to keep."""

    previews: timedelta = timedelta(days=30)
    """How long previews stay after they were last shown."""
    production: int = 10
    """How many of the newest production deployments stay."""


def last_shown(deployment: Deployment) -> datetime:
    """Return when a ready deployment was last what a hostname that moves had come to or was leaving, as far as it is
    known. While a hostname points to it, that may be long ago."""
    return deployment.shown_at or deployment.finished_at or deployment.updated_at


def due(
    deployments: Iterable[Deployment],
    *,
    live: Collection[str],
    branch_heads: Collection[str],
    now: datetime,
    keeping: Keeping,
) -> list[Deployment]:
    """Return those of a project's deployments that are to expire, oldest first.

    `live` are the ids of those that a hostname points to which is no branch's, above all the production site: they
    never expire. `branch_heads` are the ids of those that a branch's hostname points to. The production deployments
    must be all that are ready and have not expired.
    """
    there = sorted(filter(_is_there, deployments), key=lambda deployment: deployment.number)
    production = [each for each in there if each.environment is Environment.PRODUCTION]
    newest = {each.id for each in production[max(0, len(production) - keeping.production) :]}

    def is_due(deployment: Deployment) -> bool:
        age = now - last_shown(deployment)
        if deployment.id in live or age <= RECENT:
            return False
        if deployment.environment is Environment.PRODUCTION:
            return deployment.id not in newest
        return age > keeping.previews * (QUIET_BRANCHES if deployment.id in branch_heads else 1)

    return [each for each in there if is_due(each)]


def _is_there(deployment: Deployment) -> bool:
    return deployment.state is State.READY and deployment.expired_at is None
