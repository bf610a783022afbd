"""Deliveries in SQLite."""

import json
import sqlite3
from collections.abc import Callable, Sequence

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.delivery import Decision, Delivery, Verdict
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.project import Installation
from battleshiper.platform.store.port import Acceptance, Known, NewDeployment, NewProject
from battleshiper.platform.store.sqlite.access_rows import keep_facts, keep_grant, keep_installation
from battleshiper.platform.store.sqlite.deployment_rows import insert_deployment
from battleshiper.platform.store.sqlite.known import SqliteKnown
from battleshiper.platform.store.sqlite.part import SqlitePart
from battleshiper.platform.store.sqlite.project_rows import insert_project
from battleshiper.platform.store.sqlite.pull_rows import forget_retirement, keep_pull, keep_retirement

_INSERT = "INSERT INTO deliveries (id, event, repository, received_at, decisions) VALUES (?, ?, ?, ?, ?)"
_SELECT = "SELECT id, event, repository, received_at, decisions FROM deliveries ORDER BY sequence DESC LIMIT ?"


class SqliteDeliveries(SqlitePart):
    """See `Deliveries` in `store.port`."""

    def accept(
        self,
        delivery: Delivery,
        *,
        installations: Sequence[Installation] = (),
        projects: Sequence[NewProject] = (),
        deployments: Sequence[NewDeployment] = (),
        events: Sequence[Event] = (),
    ) -> bool:
        """Record a delivery with everything that was decided on it; False when it was recorded before."""
        acceptance = Acceptance(delivery, installations, projects, deployments, events)

        def accept(connection: sqlite3.Connection) -> bool:
            if _is_recorded(connection, delivery.id):
                return False
            self._record(connection, acceptance)
            return True

        return self._database.write(accept)

    async def decide_soon(self, delivery_id: str, decide: Callable[[Known], Acceptance]) -> Acceptance | None:
        """Decide on a delivery and record it in one write; None when it was recorded before."""

        def accept(connection: sqlite3.Connection) -> Acceptance | None:
            if _is_recorded(connection, delivery_id):
                return None
            acceptance = decide(SqliteKnown(connection))
            self._record(connection, acceptance)
            return acceptance

        return await self._database.write_soon(accept)

    def has_delivery(self, delivery_id: str) -> bool:
        """Tell whether the delivery is recorded."""

        return self._database.read(lambda connection: _is_recorded(connection, delivery_id))

    def deliveries(self, limit: int = 50) -> list[Delivery]:
        """Return the latest deliveries, newest first."""

        def select(connection: sqlite3.Connection) -> list[Delivery]:
            return [
                Delivery(delivery_id, event, repository, from_microseconds(received_at), _from_json(decisions))
                for delivery_id, event, repository, received_at, decisions in connection.execute(_SELECT, (limit,))
            ]

        return self._database.read(select)

    def _record(self, connection: sqlite3.Connection, acceptance: Acceptance) -> None:
        now = self._now()
        connection.execute(_INSERT, _to_row(acceptance.delivery))
        for installation in acceptance.installations:
            keep_installation(connection, installation)
        for grant in acceptance.grants:
            keep_grant(connection, grant)
        for repository in acceptance.repositories:
            keep_facts(connection, repository)
        for project in acceptance.projects:
            insert_project(connection, project, now)
        for pull in acceptance.pulls:
            keep_pull(connection, pull)
        for retirement in acceptance.retirements:
            keep_retirement(connection, retirement)
        for repository_id, branch in acceptance.brought_back:
            forget_retirement(connection, repository_id, branch)
        told = [insert_deployment(connection, deployment, now) for deployment in acceptance.deployments]
        if told or acceptance.events:
            self._enqueue(connection, [*told, *acceptance.events])


def _is_recorded(connection: sqlite3.Connection, delivery_id: str) -> bool:
    statement = "SELECT 1 FROM deliveries WHERE id = ?"
    return connection.execute(statement, (storable(delivery_id),)).fetchone() is not None


def _to_row(delivery: Delivery) -> tuple[object, ...]:
    return (
        storable(delivery.id),
        storable(delivery.event),
        None if delivery.repository is None else storable(delivery.repository),
        to_microseconds(delivery.received_at),
        _to_json(delivery.decisions),
    )


def _to_json(decisions: Sequence[Decision]) -> str:
    return json.dumps([[each.verdict.value, each.reason, each.project_id, each.deployment_id] for each in decisions])


def _from_json(decisions: str) -> tuple[Decision, ...]:
    return tuple(Decision(Verdict(verdict), *rest) for verdict, *rest in json.loads(decisions))
