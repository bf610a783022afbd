"""New deployments, with the requests to build them."""

from collections.abc import Callable

from battleshiper.platform.model.delivery import Decision
from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.requests import MintTicket, build_request, init_request
from battleshiper.platform.store.port import NewDeployment
from battleshiper.platform.tickets.ticket import Requester
from battleshiper.webhooks.choice import Choice
from battleshiper.webhooks.plan import Plan


class Deployments:
    """Adds deployments to plans."""

    def __init__(self, mint: MintTicket, identify: Callable[[], str] = new_identifier) -> None:
        self._mint = mint
        self._identify = identify

    def add(
        self,
        plan: Plan,
        project: Project,
        commit: Commit,
        environment: Environment,
        origin: Origin,
        choice: Choice,
        *,
        user: int,
    ) -> None:
        """Add what was chosen for a project's commit: a deployment in the choice's state, or the reason for none. For a
        project that may not be built, ask to look whether that is so."""
        if project.obstacle:
            # GitHub tells of nothing that the App may not see, so what is known of it may be outdated.
            plan.events.append(
                init_request(
                    self._mint,
                    project.id,
                    installation_id=project.installation_id,
                    repository_id=project.repository_id,
                    source=Requester.WEBHOOK,
                    user=user,
                )
            )
            plan.ignore(f"{project.obstacle} It is built when GitHub says that this is over.", project.id)
            return
        if choice.state is None:
            plan.ignore(choice.reason, project.id)
            return
        deployment_id = self._identify()
        reason = "" if choice.state is State.QUEUED else choice.reason
        deployment = NewDeployment(deployment_id, project.id, commit, environment, origin, choice.state, reason)
        if choice.state is State.QUEUED:
            plan.events.append(
                build_request(self._mint, project.id, deployment_id, source=Requester.WEBHOOK, user=user)
            )
        plan.deployments.append(deployment)
        plan.decisions.append(Decision(choice.verdict, choice.reason, project.id, deployment_id))
