"""Operations: what a person may do to a project's deployments. No step of these needs a new build but redeploy."""

from contextlib import suppress
from dataclasses import dataclass

from battleshiper.platform.builder.port import Builder
from battleshiper.platform.bus.port import Bus
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.expiry import last_shown
from battleshiper.platform.model.hostname import production_label
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.comparison import compared_again
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.pipeline.requests import MintTicket, build_request, delete_request
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.store.port import ConflictError, MissingError, NewDeployment, Store
from battleshiper.platform.tickets.ticket import Requester


class OperationRefusedError(Exception):
    """What was asked for cannot be done; the message says why and what can. `hint` is the part of it that is for who
    has the command line."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message} {hint}".rstrip())


@dataclass(frozen=True, slots=True)
class Move:
    """The production site now shows another deployment."""

    url: str
    before: Deployment
    after: Deployment


class Operations:
    """Acts on projects by a person's wish."""

    def __init__(
        self, store: Store, bus: Bus, routing: Routing, builder: Builder, mint: MintTicket, addresses: SiteAddresses
    ) -> None:
        self._store = store
        self._bus = bus
        self._routing = routing
        self._builder = builder
        self._mint = mint
        self._addresses = addresses

    def rollback(self, name: str, deployment_id: str | None = None) -> Move:
        """Show an earlier production deployment again: the named one, or the one before the present one."""
        project, live = self._live(name)
        if deployment_id is None:
            deployment_id = self.earlier(name).id
        return self._move(project, live, self._of(project, deployment_id))

    def earlier(self, name: str) -> Deployment:
        """Return the production deployment before the present one, which a rollback would show: the one shown last
        where a preview was promoted."""
        project, live = self._live(name)
        earlier = [
            deployment
            for deployment in self._store.deployments(project.id, limit=1000)
            if deployment.number < live.number
            and deployment.site is not None
            and deployment.environment is Environment.PRODUCTION
        ]
        if not earlier:
            raise OperationRefusedError(
                f"{name} has no earlier production deployment to go back to that has not expired."
            )
        return max(earlier, key=last_shown) if live.environment is Environment.PREVIEW else earlier[0]

    def promote(self, name: str, deployment_id: str) -> Move:
        """Show any ready deployment, a preview's too, as the production site."""
        project, live = self._live(name)
        return self._move(project, live, self._of(project, deployment_id))

    def redeploy(self, name: str, deployment_id: str | None = None, *, new_id: str | None = None) -> Deployment:
        """Build a deployment's commit again: the named one, or the project's latest. Who may ask twice for the same
        names the new deployment, and gets it as it is then."""
        project = self._project(name)
        if project.obstacle:
            raise OperationRefusedError(f"{project.obstacle} Nothing of {name} can be built until that is mended.")
        if deployment_id is not None:
            old = self._of(project, deployment_id)
        else:
            latest = self._store.deployments(project.id, limit=1)
            if not latest:
                raise OperationRefusedError(f"{name} has no deployment yet: push a commit first.")
            old = latest[0]
        # What was production before another branch became it must not take its place.
        is_past = project.production_branch not in (None, old.commit.branch)
        environment = Environment.PREVIEW if is_past else old.environment
        new = NewDeployment(new_id or new_identifier(), project.id, old.commit, environment, Origin.REDEPLOY)
        return self._create(new)

    def deploy(self, name: str, commit: Commit, *, new_id: str) -> Deployment:
        """Deploy a commit of a pull request as a preview; asked again, return the deployment as it is then."""
        project = self._project(name)
        return self._create(NewDeployment(new_id, project.id, commit, Environment.PREVIEW, Origin.PULL_REQUEST))

    def approve(self, name: str, deployment_id: str) -> Deployment:
        """Let a deployment begin that waits for it; asked again, return it as it is then."""
        project = self._project(name)
        deployment = self._of(project, deployment_id)
        if deployment.state is not State.AWAITING_APPROVAL:
            return deployment
        request = build_request(self._mint, project.id, deployment.id, source=Requester.OPERATOR, user=0)
        try:
            return self._store.advance(deployment, State.QUEUED, events=[request])
        except ConflictError:
            return self._of(project, deployment_id)

    def cancel(self, name: str, deployment_id: str, reason: str = "Canceled by an operator.") -> Deployment:
        """End a deployment that is not finished."""
        deployment = self._of(self._project(name), deployment_id)
        try:
            canceled = self._store.advance(deployment, State.CANCELED, reason=reason)
        except (ConflictError, ValueError) as error:
            raise OperationRefusedError(
                f"{deployment_id} is {deployment.state.value} and cannot be canceled."
            ) from error
        self._builder.cancel(deployment.id, canceled.reason)
        return canceled

    def delete(self, name: str) -> Project:
        """Ask for a project's end: its sites, builds and functions go; its repository is not touched."""
        project = self._project(name)
        self._bus.publish([delete_request(self._mint, project.id, source=Requester.OPERATOR, user=0)])
        return project

    def _create(self, new: NewDeployment) -> Deployment:
        request = build_request(self._mint, new.project_id, new.id, source=Requester.OPERATOR, user=0)
        try:
            return self._store.create_deployment(new, [request])
        except ConflictError:
            with suppress(MissingError):
                return self._store.deployment(new.id)
            raise

    def _move(self, project: Project, live: Deployment, target: Deployment) -> Move:
        if target.state is not State.READY:
            raise OperationRefusedError(f"{target.id} is {target.state.value}: only a ready deployment can be shown.")
        if target.expired_at is not None:
            raise _expired(project, target)
        label = production_label(project.name)
        try:
            self._routing.move(label, target)
        except ConflictError as error:
            if self._store.deployment(target.id).expired_at is None:
                raise
            raise _expired(project, target) from error
        if events := compared_again(self._store, project):
            self._bus.publish(events)
        return Move(self._addresses.url(label), live, target)

    def _live(self, name: str) -> tuple[Project, Deployment]:
        project = self._project(name)
        label = production_label(project.name)
        for alias in self._store.aliases(project.id):
            if alias.label == label:
                return project, self._store.deployment(alias.deployment_id)
        raise OperationRefusedError(f"{name} has no production deployment yet.")

    def _project(self, name: str) -> Project:
        try:
            return self._store.project_named(name)
        except MissingError as error:
            raise OperationRefusedError(
                f"There is no project {name!r}.", "`battleshiper projects` lists them."
            ) from error

    def _of(self, project: Project, deployment_id: str) -> Deployment:
        try:
            deployment = self._store.deployment(deployment_id)
            if deployment.project_id == project.id:
                return deployment
        except MissingError:
            pass
        raise OperationRefusedError(
            f"{project.name} has no deployment {deployment_id!r}.",
            f"`battleshiper deployments {project.name}` lists them.",
        )


def _expired(project: Project, target: Deployment) -> OperationRefusedError:
    return OperationRefusedError(
        f"{target.id} has expired and its files are gone.",
        f"Redeploy builds it again: `battleshiper redeploy {project.name} {target.id}`.",
    )
