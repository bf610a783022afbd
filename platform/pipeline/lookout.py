"""Looks out for pushes that were never heard of: GitHub drops a webhook whose payload is too large, and tries none
twice."""

import logging
from collections.abc import Callable
from datetime import datetime
from zlib import crc32

from battleshiper.platform.bus.port import Bus
from battleshiper.platform.model.project import Access, Project
from battleshiper.platform.pipeline.requests import MintTicket, init_request
from battleshiper.platform.source.port import Source, SourceError
from battleshiper.platform.store.port import Store
from battleshiper.platform.tickets.ticket import Requester

_log = logging.getLogger(__name__)


class Lookout:
    """Goes through the projects, some of them in each round of a minute: each one's turn comes every `turns` rounds."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        source: Source,
        mint: MintTicket,
        clock: Callable[[], datetime],
        *,
        turns: int = 60,
    ) -> None:
        self._store = store
        self._bus = bus
        self._source = source
        self._mint = mint
        self._clock = clock
        self._turns = turns

    def look(self) -> int:
        """Compare the head of each project's production branch with what was decided on, ask the init step to deploy
        what is missing, and return for how many. A push whose webhook comes later builds nothing again."""
        turn = int(self._clock().timestamp() // 60) % self._turns
        count = 0
        for project in self._store.projects():
            if project.access is Access.GRANTED and crc32(project.id.encode()) % self._turns == turn:
                try:
                    count += self._look(project)
                except SourceError as error:
                    _log.warning("Whether a push of %s was missed cannot be told: %s", project.repository, error)
        return count

    def _look(self, project: Project) -> bool:
        repository = self._source.repository(project.installation_id, project.repository_id)
        if repository.head is None:
            return False
        known = self._store.deployments(project.id, branch=repository.default_branch)
        if any(deployment.commit.sha == repository.head.sha for deployment in known):
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
