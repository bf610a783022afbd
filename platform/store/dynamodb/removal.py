"""Deleting projects in DynamoDB, and what remains of them.

The project's own row goes first, with its place among its repository's projects, and leaves a note of its end: from
then on nothing can be added to it. What hangs on it follows, some rows at a time, each with a note of what it leaves
elsewhere. Whoever is cut off in between begins again and goes on where the rows are still there.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from battleshiper.platform.database.moment import from_microseconds
from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.store.dynamodb.account_keys import held_key
from battleshiper.platform.store.dynamodb.alias_row import to_alias, to_custom_alias
from battleshiper.platform.store.dynamodb.deployment_row import to_deployment
from battleshiper.platform.store.dynamodb.order import position_of
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import (
    SORT,
    Key,
    branch_pointer,
    deleted_key,
    deployment_key,
    expiring_key,
    failure_key,
    hooks_partition,
    label_key,
    label_pointer,
    number_pointer,
    project_key,
    project_partition,
    remains_partition,
    repository_key,
    root_attribute,
    shards,
    target_of,
    tree_pointer,
    unfinished_key,
    variables_partition,
)
from battleshiper.platform.store.dynamodb.transaction import Transaction
from battleshiper.platform.store.dynamodb.values import Row, Value, key_of, keyed
from battleshiper.platform.store.port import Remains

_BATCH = 16
"""Of labels or deployments at once: six writes each, which is as many as a transaction takes."""
_KINDS = ("label", "finished", "unfinished")


class DynamoRemoval(DynamoPart):
    """See `Projects` in `store.port`."""

    def delete_project(self, project_id: str) -> None:
        """Forget a project with all that hangs on it, but for what remains elsewhere."""
        self._again(lambda: self._delete_row(project_id))
        if self._rows.find(deleted_key(project_id)) is None:
            return
        for partition in (variables_partition(project_id), hooks_partition(project_id)):
            self._rows.delete_all(key_of(row) for row in self._rows.below(partition))
        partition = project_partition(project_id)
        for labels in _batches(self._targets(partition, "LABEL#")):
            self._again(lambda labels=labels: self._delete_labels(project_id, labels))  # type: ignore[misc]
        for ids in _batches(self._targets(partition, "DEPLOYMENT#")):
            self._again(lambda ids=ids: self._delete_deployments(project_id, ids))  # type: ignore[misc]

    def remains(self) -> list[Remains]:
        """Return what deleted projects left, oldest first."""
        rows = [row for shard in shards("DELETED") for row in self._rows.below(shard)]
        return [self._remains(row) for row in sorted(rows, key=lambda row: (row["deleted_at"], row["id"]))]

    def forget_remains(self, project_id: str) -> None:
        """Forget what a deleted project left."""
        self._rows.delete_all(key_of(row) for row in self._rows.below(remains_partition(project_id)))
        self._rows.delete_all([deleted_key(project_id)])

    def _delete_row(self, project_id: str) -> None:
        row = self._rows.find(project_key(project_id))
        if row is None:
            return
        root = root_attribute(row["root_directory"])
        transaction = Transaction()
        transaction.delete(project_key(project_id), "#revision = :seen", {"seen": row["revision"]})
        transaction.update(
            repository_key(row["repository_id"]), f"REMOVE #{root} ADD #revision :one", values={"one": 1}
        )
        transaction.put(keyed(deleted_key(project_id), {"id": project_id, "deleted_at": self._now()}))
        self._rows.commit(transaction)

    def _delete_labels(self, project_id: str, labels: Sequence[str]) -> None:
        found = {row[SORT]: row for row in self._rows.find_all(label_key(label) for label in labels)}
        transaction = Transaction()
        for label in labels:
            transaction.delete(label_pointer(project_id, label))
            row = found.get(label_key(label)[1])
            if row is None:  # of a deployment that has expired, and whose route may be left
                transaction.put(_remain(project_id, "label", label))
                continue
            if row["project_id"] != project_id:
                continue
            transaction.delete(key_of(row), "#project_id = :project_id", {"project_id": project_id})
            if custom := to_custom_alias(row):
                transaction.delete(held_key(custom.account_id, label))
            if custom or to_alias(row):
                transaction.put(_remain(project_id, "label", label))
        self._rows.commit(transaction)

    def _delete_deployments(self, project_id: str, ids: Sequence[str]) -> None:
        transaction = Transaction()
        for each in map(to_deployment, self._rows.find_all(map(deployment_key, ids))):
            transaction.delete(deployment_key(each.id), "#version = :seen", {"seen": each.version})
            transaction.delete(number_pointer(project_id, each.number, each.id))
            transaction.delete(branch_pointer(project_id, each.commit.branch, each.number, each.id))
            transaction.delete(_note_of(each))
            if each.commit.tree:
                transaction.delete(tree_pointer(project_id, each.commit.tree, each.number, each.id))
            kind = "finished" if each.state.is_final else "unfinished"
            transaction.put(_remain(project_id, kind, each.id))
        self._rows.commit(transaction)

    def _targets(self, partition: str, prefix: str) -> Iterator[str]:
        return (target_of(pointer[SORT]) for pointer in self._rows.below(partition, prefix))

    def _remains(self, row: Row) -> Remains:
        keys: dict[str, list[str]] = {kind: [] for kind in _KINDS}
        for each in self._rows.below(remains_partition(row["id"])):
            keys[each["kind"]].append(each["key"])
        deleted_at = from_microseconds(row["deleted_at"])
        labels, finished, unfinished = (tuple(keys[kind]) for kind in _KINDS)
        return Remains(row["id"], deleted_at, labels, finished, unfinished)


def _note_of(deployment: Deployment) -> Key:
    """Return where else something may be said of a deployment in its state."""
    if deployment.finished_at is None:
        return unfinished_key(deployment.id)
    if deployment.state is State.READY:
        return expiring_key(deployment.id)
    return failure_key(position_of(deployment.finished_at), deployment.id)


def _remain(project_id: str, kind: str, key: str) -> dict[str, Value | None]:
    return keyed((remains_partition(project_id), f"{kind}#{key}"), {"kind": kind, "key": key})


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(keys)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
