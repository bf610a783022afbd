"""The init step: gets to know a repository, new or not what it was, and deploys what is missing of it.

It does not repeat what happened but looks how things stand now, so the events that ask for it may come late, twice or
out of order.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from battleshiper.platform.builder.port import Builder
from battleshiper.platform.bus.port import Bus, GiveUpError, RetryLaterError
from battleshiper.platform.model.access import Grant, RepositoryFacts
from battleshiper.platform.model.deployment import Commit, Environment, Origin
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.project import Access, Installation, Project
from battleshiper.platform.pipeline.following import Following
from battleshiper.platform.pipeline.requests import MintTicket, build_request, init_request
from battleshiper.platform.source.port import Head, Repository, Source, SourceError
from battleshiper.platform.store.port import ConflictError, NewDeployment, Store
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.ticket import Requester, Step, TicketRefusedError

_ASK_AGAIN_SECONDS = 15.0
_UNSEEN = frozenset({Access.REMOVED, Access.UNINSTALLED})


class Preparation:
    """Handles `battleshiper.init`."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        gate: Gate,
        mint: MintTicket,
        source: Source,
        builder: Builder,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._bus = bus
        self._gate = gate
        self._mint = mint
        self._source = source
        self._following = Following(store, builder)
        self._clock = clock

    def prepare(self, event: Event) -> None:
        """Let a repository's projects be as it is now and deploy its head, unless a push has brought that already.
        Where a whole installation is meant, ask for that for each of its repositories. May be repeated from any point.
        """
        detail = event.detail
        try:
            installation_id, project_id = int(detail["installation"]), detail["project"]
            ticket = self._gate.admit(
                detail["ticket"], Step.INIT, frozenset(Requester), project_id=project_id, spender=event.id
            )
            repository_id = int(detail.get("repository", "0"))
        except (TicketRefusedError, KeyError, ValueError) as error:
            raise GiveUpError(f"not a request that we take: {error}") from error
        if repository_id:
            self._prepare(installation_id, repository_id, ticket.grant.user)
        else:
            self._follow(installation_id, ticket.grant.user, is_back=detail.get("back") == "yes")

    def _follow(self, installation_id: int, user: int, *, is_back: bool) -> None:
        projects = [each for each in self._store.projects() if each.installation_id == installation_id]
        projects = self._following.follow(projects)
        if not is_back:
            return
        # What was pushed meanwhile GitHub told to nobody.
        self._bus.publish(
            [
                init_request(
                    self._mint,
                    project.id,
                    installation_id=project.installation_id,
                    repository_id=project.repository_id,
                    source=Requester.INIT,
                    user=user,
                )
                for project in projects
            ]
        )

    def _prepare(self, installation_id: int, repository_id: int, user: int) -> None:
        projects = self._following.follow(self._store.projects_of_repository(repository_id))
        if not projects:
            return  # deleted meanwhile
        now = int(self._clock().timestamp())
        try:
            repository = self._source.repository(installation_id, repository_id)
        except SourceError as error:
            if error.temporary:
                raise RetryLaterError(_ASK_AGAIN_SECONDS, str(error)) from error
            if not any(project.access is Access.GRANTED for project in projects):
                return  # as was to be expected
            self._store.learn(grants=[Grant(repository_id, installation_id, is_given=False, told_at=now)])
            self._following.follow(projects)
            raise GiveUpError(str(error)) from error
        # Only where this is news it has the time of the answer: else GitHub's own times order what is told next.
        known = {project.access for project in projects}
        account = Installation(installation_id, projects[0].account_id, repository.full_name.partition("/")[0])
        self._store.learn(
            installations=[replace(account, told_at=now)] if Access.SUSPENDED in known else [],
            grants=[Grant(repository_id, installation_id, is_given=True, told_at=now)] if known & _UNSEEN else [],
            repositories=[_facts(repository_id, repository, now)],
        )
        for project in self._following.follow(projects):
            if project.access is Access.GRANTED:
                self._deploy(project, repository, user)

    def _deploy(self, project: Project, repository: Repository, user: int) -> None:
        branch = project.production_branch or repository.default_branch
        head = repository.head if branch == repository.default_branch else self._head(project, branch)
        if head is None:
            return
        commit = Commit(head.sha, branch, head.message, head.author, pushed_at=repository.pushed_at)
        for origin in (Origin.INITIAL, Origin.MISSED):
            deployment = NewDeployment(new_identifier(), project.id, commit, Environment.PRODUCTION, origin)
            request = build_request(self._mint, project.id, deployment.id, source=Requester.INIT, user=user)
            with suppress(ConflictError):  # the branch has one already, and maybe one of this commit
                self._store.create_deployment(deployment, [request])
                return

    def _head(self, project: Project, branch: str) -> Head | None:
        try:
            return self._source.head(project.installation_id, project.repository_id, project.repository, branch)
        except SourceError as error:
            raise RetryLaterError(_ASK_AGAIN_SECONDS, str(error)) from error


def _facts(repository_id: int, told: Repository, now: int) -> RepositoryFacts:
    return RepositoryFacts(
        repository_id,
        told.full_name,
        told.default_branch,
        is_archived=told.is_archived,
        is_deleted=False,
        told_at=told.updated_at or now,
    )
