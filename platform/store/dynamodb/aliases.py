"""Aliases in DynamoDB."""

from collections.abc import Sequence

from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.store.change import LATE, Change
from battleshiper.platform.store.dynamodb.alias_row import to_alias
from battleshiper.platform.store.dynamodb.deployment_row import moved
from battleshiper.platform.store.dynamodb.showing import NOT_EXPIRED, DynamoShowing, point
from battleshiper.platform.store.dynamodb.table import (
    SORT,
    label_key,
    project_key,
    project_partition,
    shards,
    target_of,
    tree_pointer,
)
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.values import Values, keyed, setting
from battleshiper.platform.store.port import Alias, ConflictError, MissingError

_AS_SEEN = "#project_id = :project_id AND #deployment_id = :seen_deployment AND #newest = :seen_newest"


class DynamoAliases(DynamoShowing):
    """See `Aliases` in `store.port`."""

    def aliases(self, project_id: str | None = None) -> list[Alias]:
        """Return all aliases, or a project's, by label."""
        if project_id is None:
            rows = [row for shard in shards("LABELS") for row in self._rows.below(shard)]
        else:
            pointers = self._rows.below(project_partition(project_id), "LABEL#")
            rows = list(self._rows.find_all(label_key(target_of(pointer[SORT])) for pointer in pointers))
        return sorted(filter(None, map(to_alias, rows)), key=lambda alias: alias.label)

    def go_live(
        self,
        deployment: Deployment,
        *,
        own: str,
        moving: Sequence[str],
        url: str,
        function: str | None,
        reason: str = "",
        is_portable: bool = False,
    ) -> Deployment:
        """Point the labels to a deployment and make it ready, or superseded; raises MissingError or ConflictError."""

        def publish() -> Deployment:
            wanted = self._find_deployment(deployment.id)
            if wanted.state is State.READY:
                return wanted
            if wanted.state is not State.DEPLOYING:
                raise ConflictError(f"deployment {wanted.id!r} is {wanted.state} and cannot go live")
            labels = list(dict.fromkeys([*moving, own]))
            current = self._current(labels)
            for label, row in current.items():
                if row["project_id"] != wanted.project_id:
                    raise ConflictError(f"the hostname {label!r} belongs to another project")
            transaction = Transaction()
            branch_key = self._retirement_key(wanted)
            retirement = None if branch_key is None else self._rows.find(branch_key)
            if any(row.get("newest", 0) > wanted.number for row in current.values()):
                change = Change(State.SUPERSEDED, LATE)
            elif retirement is not None:
                change = Change(State.CANCELED, retirement["reason"])
            else:
                if branch_key is not None:
                    transaction.check(branch_key, IS_NEW)
                change = Change(State.READY, reason, url, function)
                if is_portable and wanted.commit.tree:
                    pointer = tree_pointer(wanted.project_id, wanted.commit.tree, wanted.number, wanted.id)
                    transaction.put(keyed(pointer))
                gone = MissingError("deployment", wanted.id)
                transaction.check(project_key(wanted.project_id), IS_THERE, refusal=gone)
                before = {alias.deployment_id for alias in map(to_alias, current.values()) if alias}
                # Its own row is among them where somebody else has let it go live since it was read.
                self._note_shown(transaction, before - {wanted.id})
                for label in labels:
                    point(transaction, Alias(label, wanted.project_id, wanted.id, wanted.number, label != own))
            after = moved(wanted, change, self._clock())
            told = self._replace(transaction, wanted, after, None)
            self._relay.commit(transaction, [told])
            return after

        return self._again(publish)

    def move_alias(self, label: str, deployment: Deployment) -> Alias:
        """Point an existing label to any ready deployment of its project; raises MissingError or ConflictError."""

        def move() -> Alias:
            wanted = self._find_deployment(deployment.id)
            row = self._current([label]).get(label)
            current = None if row is None else to_alias(row)
            if current is None:
                raise MissingError("alias", label)
            if current.project_id != wanted.project_id:
                raise ConflictError(f"the hostname {label!r} belongs to another project")
            if not current.moves:
                raise ConflictError(f"the hostname {label!r} is a deployment's own and never moves")
            if wanted.state is not State.READY:
                raise ConflictError(f"deployment {wanted.id!r} is {wanted.state} and cannot be served")
            if wanted.expired_at is not None:
                raise ConflictError(f"deployment {wanted.id!r} has expired and cannot be served")
            alias = Alias(label, current.project_id, wanted.id, max(current.newest, wanted.number), current.moves)
            transaction = Transaction()
            gone = MissingError("deployment", wanted.id)
            transaction.check(project_key(wanted.project_id), IS_THERE, refusal=gone)
            values: Values = {"deployment_id": alias.deployment_id, "newest": alias.newest}
            seen: Values = {
                "project_id": current.project_id,
                "seen_deployment": current.deployment_id,
                "seen_newest": current.newest,
            }
            transaction.update(label_key(label), setting(values), _AS_SEEN, {**values, **seen})
            # It must not expire in the same moment.
            self._note_shown(transaction, [wanted.id], NOT_EXPIRED)
            self._note_shown(transaction, {current.deployment_id} - {wanted.id})
            self._rows.commit(transaction)
            return alias

        return self._again(move)
