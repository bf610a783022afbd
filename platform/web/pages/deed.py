"""What a person may do to a deployment, and when a page offers it."""

from enum import StrEnum

from battleshiper.platform.model.deployment import Deployment, Environment, State
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.operations import OperationRefusedError


class Deed(StrEnum):
    """Each has an address of its own below the deployment's."""

    APPROVE = "approve"
    CANCEL = "cancel"
    PROMOTE = "promote"
    ROLLBACK = "rollback"
    REDEPLOY = "redeploy"


def deeds_for(project: Project, deployment: Deployment, live: Deployment | None) -> tuple[Deed, ...]:
    """Return what can be done, the likeliest first. `live` is what production shows."""
    if deployment.state is State.AWAITING_APPROVAL:
        return (Deed.APPROVE, Deed.CANCEL)
    if not deployment.state.is_final:
        return (Deed.CANCEL,)
    again = () if project.obstacle else (Deed.REDEPLOY,)
    if live is None or deployment.site is None or deployment.id == live.id or deployment.commit.is_outside:
        return again
    is_earlier = deployment.environment is Environment.PRODUCTION and deployment.number < live.number
    return (Deed.ROLLBACK if is_earlier else Deed.PROMOTE, *again)


def check_promotion(deployment: Deployment) -> None:
    """Raise OperationRefusedError for what must not become production."""
    if deployment.commit.is_outside:
        raise OperationRefusedError(
            "What comes from outside is built without what production needs. Merge its pull request instead."
        )
