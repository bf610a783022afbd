"""Looks out for pushes that were never heard of: GitHub drops a webhook whose payload is too large, and tries none
twice."""

import logging
from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from typing import Protocol
from zlib import crc32

from battleshiper.platform.bus.port import Bus
from battleshiper.platform.model.project import Access, Project
from battleshiper.platform.pipeline.requests import MintTicket, init_request
from battleshiper.platform.source.port import BranchMove, Head, Source, SourceError
from battleshiper.platform.store.port import Store
from battleshiper.platform.tickets.ticket import Requester

_log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 600
"""Webhooks that did not arrive are asked for again meanwhile."""


class HearPush(Protocol):
    """Decides on a push as if its webhook had come."""

    def __call__(self, repository_id: int, full_name: str, move: BranchMove, head: Head | None, /) -> None:
        """Decide on the push that moved a branch to `head`, or deleted it; once."""
        ...


class Lookout:
    """Goes through the repositories, some of them in each round of a minute: each one's turn comes every `turns`
    rounds, of which a day has more."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        source: Source,
        mint: MintTicket,
        hear: HearPush,
        clock: Callable[[], datetime],
        *,
        turns: int = 60,
    ) -> None:
        self._store = store
        self._bus = bus
        self._source = source
        self._mint = mint
        self._hear = hear
        self._clock = clock
        self._turns = turns

    def look(self) -> int:
        """Compare what GitHub says of the branches with what was decided on, have what is missing decided on, and
        return how much that was. A push whose webhook comes later builds nothing again."""
        turn = int(self._clock().timestamp() // 60) % self._turns
        count = 0
        built = [project for project in self._store.projects() if project.access is Access.GRANTED]
        for repository_id, projects in groupby(sorted(built, key=_repository), _repository):
            if crc32(str(repository_id).encode()) % self._turns == turn:
                count += self._look(list(projects))
        return count

    def _look(self, projects: list[Project]) -> int:
        try:
            return sum(map(self._look_at_production, projects)) + self._look_at_branches(projects)
        except SourceError as error:
            _log.warning("Whether a push of %s was missed cannot be told: %s", projects[0].repository, error)
            return 0

    def _look_at_production(self, project: Project) -> bool:
        """However long ago it was pushed."""
        repository = self._source.repository(project.installation_id, project.repository_id)
        if repository.head is None or self._has(project, repository.default_branch, repository.head.sha):
            return False
        request = init_request(
            self._mint,
            project.id,
            installation_id=project.installation_id,
            repository_id=project.repository_id,
            source=Requester.INIT,
            user=0,
        )
        self._bus.publish([request])
        return True

    def _look_at_branches(self, projects: list[Project]) -> int:
        """What there was before the App came is left alone: only moves of the last day are looked at."""
        repository = projects[0]
        count = 0
        for move in self._source.moves(repository.installation_id, repository.repository_id):
            concerned = [project for project in projects if move.moved_at > project.created_at.timestamp()]
            if not concerned or not all(self._is_unheard(project, move) for project in concerned):
                continue
            ids = repository.installation_id, repository.repository_id
            head = self._source.head(*ids, repository.repository, move.branch) if move.sha else None
            if move.sha == (head.sha if head else None):  # else it moved on meanwhile
                self._hear(repository.repository_id, repository.repository, move, head)
                count += 1
        return count

    def _is_unheard(self, project: Project, move: BranchMove) -> bool:
        may_come = self._clock().timestamp() - move.moved_at <= _PATIENCE_SECONDS
        if may_come or move.branch == project.production_branch:
            return False
        if move.sha is not None:
            return not self._has(project, move.branch, move.sha)
        retirement = self._store.retirement(project.repository_id, move.branch)
        return retirement is None and bool(self._store.deployments(project.id, branch=move.branch, limit=1))

    def _has(self, project: Project, branch: str, sha: str) -> bool:
        return any(each.commit.sha == sha for each in self._store.deployments(project.id, branch=branch))


def _repository(project: Project) -> int:
    return project.repository_id
