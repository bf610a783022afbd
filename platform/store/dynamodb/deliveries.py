"""Deliveries in DynamoDB.

A delivery and all that was decided on it are one transaction. Only where that is more than a transaction takes (a push
to twenty projects of one repository, an App installed on many repositories) projects are written before it, some at a
time, each with its deployments and events; the delivery comes last. If the platform dies in between, the delivery is
not recorded, comes again, and what is written already is not written twice.
"""

import asyncio
from collections.abc import Callable, Sequence

from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.project import Installation
from battleshiper.platform.store.change import changed
from battleshiper.platform.store.dynamodb.access_row import add_installation
from battleshiper.platform.store.dynamodb.delivery_row import to_delivery, to_row
from battleshiper.platform.store.dynamodb.draft import Draft
from battleshiper.platform.store.dynamodb.known import DynamoKnown
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.portion import Portion, portions
from battleshiper.platform.store.dynamodb.snapshot import Snapshot
from battleshiper.platform.store.dynamodb.table import delivery_key
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, Transaction
from battleshiper.platform.store.port import Acceptance, Known, NewDeployment, NewProject


class DynamoDeliveries(DynamoPart):
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
        return self._decide(delivery.id, lambda _: acceptance) is not None

    async def decide_soon(self, delivery_id: str, decide: Callable[[Known], Acceptance]) -> Acceptance | None:
        """Decide on a delivery and record it in one write; None when it was recorded before."""
        return await asyncio.to_thread(self._decide, delivery_id, decide)

    def has_delivery(self, delivery_id: str) -> bool:
        """Tell whether the delivery is recorded."""
        return self._rows.find(delivery_key(delivery_id)) is not None

    def deliveries(self, limit: int = 50) -> list[Delivery]:
        """Return the latest deliveries, newest first."""
        return [to_delivery(row) for row in self._latest("DELIVERIES", limit)]

    def _decide(self, delivery_id: str, decide: Callable[[Known], Acceptance]) -> Acceptance | None:
        def step() -> Acceptance | None:
            if self.has_delivery(delivery_id):
                return None
            snapshot = Snapshot(self._rows)
            acceptance = decide(DynamoKnown(snapshot))
            self._record(acceptance, snapshot)
            return acceptance

        # One after the other in this process: at once they would only be in each other's way.
        with self._deciding:
            return self._again(step)

    def _record(self, acceptance: Acceptance, snapshot: Snapshot) -> None:
        *early, last = portions(acceptance, snapshot.projects, besides=len(snapshot.repositories))
        for portion in early:
            self._write(Transaction(), portion, snapshot.part(portion.project_ids))
        transaction = Transaction()
        transaction.put(to_row(acceptance.delivery, self._order.next()), IS_NEW)
        for installation in acceptance.installations:
            add_installation(transaction, self._rows, installation)
        self._write(transaction, last, snapshot.part(last.project_ids), acceptance)

    def _write(
        self, transaction: Transaction, portion: Portion, snapshot: Snapshot, whole: Acceptance | None = None
    ) -> None:
        draft = Draft(snapshot, transaction, self._order, self._clock())
        if whole is not None:
            draft.add_pulls(whole)
        draft.add_accesses(portion.grants, portion.repositories)
        for project in portion.projects:
            draft.add_project(project)
        told = []
        for new in portion.deployments:
            made = draft.add_deployment(new)
            told.append(changed(made.id, made.project_id, made.commit.sha, made.version, made.state))
        draft.hold()
        self._relay.commit(transaction, [*told, *portion.events])
