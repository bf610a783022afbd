"""Lets deployments expire that have been kept long enough, and clears away what is left of them.

The store has the first word: from then on nothing can point to the deployment. Then goes what leads to it, and last
what it was made of. Whatever dies in between is noted in the store until all is gone, and every step may be repeated.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from zlib import crc32

from battleshiper.platform.functions.port import Functions
from battleshiper.platform.logs.port import Logs
from battleshiper.platform.model.expiry import Keeping, due
from battleshiper.platform.model.project import Project
from battleshiper.platform.objects.port import Objects
from battleshiper.platform.pipeline.places import labels_of, record_key, site_prefix
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.store.port import ConflictError, Expiring, MissingError, Store

_log = logging.getLogger(__name__)

_MOST = 10
"""How many deployments one round may have to clear away. What is left is for the next one."""


class Expiry:
    """Goes through the projects, some of them in each round of a minute: each one's turn comes every `turns` rounds."""

    def __init__(
        self,
        store: Store,
        routing: Routing,
        functions: Functions,
        objects: Objects,
        logs: Logs,
        keeping: Keeping,
        clock: Callable[[], datetime],
        *,
        turns: int = 1,
    ) -> None:
        self._store = store
        self._routing = routing
        self._functions = functions
        self._objects = objects
        self._logs = logs
        self._keeping = keeping
        self._clock = clock
        self._turns = turns

    def expire(self) -> int:
        """Do a round, and return how many deployments were cleared away. May be cut off anywhere. Raises the last
        failure when all was tried: one that cannot be cleared away holds up no other until there are many of them."""
        turn = int(self._clock().timestamp() // 60) % self._turns
        pending = self._store.expiring()
        for project in self._store.projects():
            if len(pending) >= _MOST:
                break
            if crc32(project.id.encode()) % self._turns == turn:
                pending += self._end(project, _MOST - len(pending))
        failure: Exception | None = None
        cleared = 0
        for expiring in pending:
            try:
                self._clear(expiring)
                cleared += 1
            except Exception as error:
                _log.warning("Deployment %s cannot be cleared away", expiring.deployment.id, exc_info=True)
                failure = error
        if failure is not None:
            raise failure
        return cleared

    def _end(self, project: Project, most: int) -> list[Expiring]:
        """Let up to so many of a project's deployments expire."""
        deployments = self._store.kept(project.id)
        of_branches = {each.id: set(labels_of(project, each).of_branch) for each in deployments}
        live: set[str] = set()
        branch_heads: set[str] = set()
        for alias in self._store.aliases(project.id):
            if alias.moves:
                is_branch = alias.label in of_branches.get(alias.deployment_id, ())
                (branch_heads if is_branch else live).add(alias.deployment_id)
        ended: list[Expiring] = []
        found = due(deployments, live=live, branch_heads=branch_heads, now=self._clock(), keeping=self._keeping)
        for deployment in found[:most]:
            # Shown again, or gone with its project, meanwhile.
            with suppress(ConflictError, MissingError):
                ended.append(self._store.expire(deployment, of_branches[deployment.id]))
        return ended

    def _clear(self, expiring: Expiring) -> None:
        deployment = expiring.deployment
        try:
            self._routing.release(expiring)
        except MissingError:
            # Its project was deleted. The delete step clears away what is left, and learns of the routes by the record.
            self._store.forget_expiring(expiring)
            return
        if deployment.function is not None:
            self._functions.remove(deployment.function)
        self._objects.delete(site_prefix(deployment.project_id, deployment.id))
        # It tells which routes there were, and so comes last of the objects.
        self._objects.remove(record_key(deployment.project_id, deployment.id))
        self._logs.delete(deployment.id)
        self._store.forget_expiring(expiring)
