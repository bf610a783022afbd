"""Deployments that have been kept long enough, in DynamoDB.

Whatever points a label to a deployment, or takes one from it, counts up in the deployment's row (`shows`), and expiry
holds to that: of two at once, one is stale and looks again.
"""

from collections.abc import Collection, Sequence

from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.store.change import changed
from battleshiper.platform.store.dynamodb.alias_row import to_alias
from battleshiper.platform.store.dynamodb.deployment_row import to_deployment
from battleshiper.platform.store.dynamodb.table import (
    SORT,
    deployment_key,
    expiring_key,
    label_key,
    label_pointer,
    project_key,
    project_partition,
    shards,
    target_of,
)
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.transitions import DynamoTransitions
from battleshiper.platform.store.dynamodb.values import Values, keyed, setting
from battleshiper.platform.store.port import Alias, ConflictError, Expiring, MissingError

_STILL_POINTS = "#deployment_id = :deployment_id AND attribute_not_exists(#named)"
_AS_SEEN = "#version = :seen AND attribute_not_exists(#expired_at) AND "


class DynamoExpiries(DynamoTransitions):
    """See `Expiries` in `store.port`."""

    def kept(self, project_id: str) -> list[Deployment]:
        """Return a project's deployments that are ready and have a label of their own, oldest first."""
        own = {alias.deployment_id for alias in self._labels(project_id) if not alias.moves}
        found = map(to_deployment, self._rows.find_all(deployment_key(each) for each in sorted(own)))
        kept = (each for each in found if each.state is State.READY and each.expired_at is None)
        return sorted(kept, key=lambda deployment: deployment.number)

    def expire(self, deployment: Deployment, labels: Collection[str]) -> Expiring:
        """Let a ready deployment expire; raises MissingError or ConflictError."""

        def expire() -> Expiring:
            row = self._rows.find(deployment_key(deployment.id))
            if row is None:
                raise MissingError("deployment", deployment.id)
            current = to_deployment(row)
            if current != deployment or current.expired_at is not None or current.state is not State.READY:
                raise ConflictError(f"deployment {deployment.id!r} is not as it was any more")
            pointing = [each.label for each in self._labels(current.project_id) if each.deployment_id == current.id]
            if others := set(pointing) - set(labels):
                raise ConflictError(f"{min(others)!r} points to deployment {current.id!r}")
            return self._write_end(current, row.get("shows"), pointing)

        return self._again(expire)

    def expiring(self) -> list[Expiring]:
        """Return the expired deployments that are not cleared away yet."""
        notes = {row[SORT]: row["labels"].split() for shard in shards("EXPIRING") for row in self._rows.below(shard)}
        found = map(to_deployment, self._rows.find_all(map(deployment_key, sorted(notes))))
        return [Expiring(each, tuple(notes[each.id])) for each in found]

    def forget_expiring(self, expiring: Expiring) -> None:
        """Note that an expired deployment is cleared away."""
        project_id = expiring.deployment.project_id

        def forget() -> None:
            used = {row[SORT] for row in self._rows.find_all(map(label_key, expiring.labels))}
            transaction = Transaction()
            transaction.delete(expiring_key(expiring.deployment.id))
            for label in expiring.labels:
                # One that is used again has the same pointer.
                if label_key(label)[1] not in used:
                    transaction.check(label_key(label), IS_NEW)
                    transaction.delete(label_pointer(project_id, label))
            self._rows.commit(transaction)

        self._again(forget)

    def _write_end(self, current: Deployment, shows: int | None, pointing: Sequence[str]) -> Expiring:
        transaction, now = Transaction(), self._now()
        gone = MissingError("project", current.project_id)
        transaction.check(project_key(current.project_id), IS_THERE, refusal=gone)
        values: Values = {"expired_at": now, "updated_at": now, "version": current.version + 1}
        seen: Values = {"seen": current.version} if shows is None else {"seen": current.version, "shows": shows}
        condition = _AS_SEEN + ("attribute_not_exists(#shows)" if shows is None else "#shows = :shows")
        transaction.update(deployment_key(current.id), setting(values), condition, {**values, **seen})
        for label in pointing:
            # The project's pointer to it stays until its route is gone.
            transaction.delete(label_key(label), _STILL_POINTS, {"deployment_id": current.id})
        transaction.put(keyed(expiring_key(current.id), {"labels": " ".join(pointing)}))
        told = changed(current.id, current.project_id, current.commit.sha, current.version + 1, current.state)
        self._relay.commit(transaction, [told])
        return Expiring(self._find_deployment(current.id), tuple(pointing))

    def _labels(self, project_id: str) -> list[Alias]:
        pointers = self._rows.below(project_partition(project_id), "LABEL#")
        rows = self._rows.find_all(label_key(target_of(pointer[SORT])) for pointer in pointers)
        return [alias for alias in map(to_alias, rows) if alias is not None]
