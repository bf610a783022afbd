"""The init step: gets to know a new project's repository and asks for its first deployment."""

from contextlib import suppress

from battleshiper.platform.bus.port import GiveUpError, RetryLaterError
from battleshiper.platform.model.deployment import Commit, Environment, Origin
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.pipeline.requests import MintTicket, build_request
from battleshiper.platform.source.port import Source, SourceError
from battleshiper.platform.store.port import ConflictError, MissingError, NewDeployment, Store
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.ticket import Requester, Step, TicketRefusedError

_ASK_AGAIN_SECONDS = 15.0
_REQUESTERS = frozenset({Requester.WEBHOOK})


class Preparation:
    """Handles `battleshiper.init`."""

    def __init__(self, store: Store, gate: Gate, mint: MintTicket, source: Source) -> None:
        self._store = store
        self._gate = gate
        self._mint = mint
        self._source = source

    def prepare(self, event: Event) -> None:
        """Set the project's production branch and deploy its head, unless a push has brought one already."""
        try:
            project_id = event.detail["project"]
            ticket = self._gate.admit(
                event.detail["ticket"], Step.INIT, _REQUESTERS, project_id=project_id, spender=event.id
            )
            project = self._store.project(project_id)
        except MissingError:
            return  # its repository had a project before, which goes on as it is
        except (TicketRefusedError, KeyError) as error:
            raise GiveUpError(f"not a request that we take: {error}") from error
        try:
            repository = self._source.repository(project.installation_id, project.repository_id)
        except SourceError as error:
            if error.temporary:
                raise RetryLaterError(_ASK_AGAIN_SECONDS, str(error)) from error
            raise GiveUpError(str(error)) from error
        branch, head = repository.default_branch, repository.head
        self._store.set_repository(project.id, repository=repository.full_name, production_branch=branch)
        if head is None:
            return
        deployment = NewDeployment(
            new_identifier(),
            project.id,
            Commit(head.sha, branch, head.message, head.author, pushed_at=repository.pushed_at),
            Environment.PRODUCTION,
            Origin.INITIAL,
        )
        request = build_request(self._mint, project.id, deployment.id, source=Requester.INIT, user=ticket.grant.user)
        with suppress(ConflictError):  # a push of the branch was faster
            self._store.create_deployment(deployment, [request])
