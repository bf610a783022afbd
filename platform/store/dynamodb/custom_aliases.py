"""Hostnames that projects hold beside their own, in DynamoDB."""

from battleshiper.platform.database.moment import to_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.custom_alias import CustomAlias
from battleshiper.platform.store.dynamodb.account_keys import held_key, held_prefix, holdings_key
from battleshiper.platform.store.dynamodb.alias_row import to_custom_alias
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import (
    SORT,
    label_key,
    label_pointer,
    project_key,
    project_partition,
    shards,
    target_of,
)
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.values import Values, keyed
from battleshiper.platform.store.port import ConflictError, Count, MissingError

_MINE = "#project_id = :project_id AND attribute_exists(#held_at)"
_MAY_HOLD = f"{IS_NEW} OR ({_MINE})"
_IS_HELD = f"{_MINE} AND attribute_not_exists(#is_released)"
_IS_RELEASED = f"{_MINE} AND attribute_exists(#is_released)"


class DynamoCustomAliases(DynamoPart):
    """See `CustomAliases` in `store.port`."""

    def custom_aliases(self, project_id: str | None = None) -> list[CustomAlias]:
        """Return all, or a project's, by label."""
        if project_id is None:
            rows = [row for shard in shards("LABELS") for row in self._rows.below(shard)]
        else:
            pointers = self._rows.below(project_partition(project_id), "LABEL#")
            found = self._rows.find_all(label_key(target_of(pointer[SORT])) for pointer in pointers)
            # A pointer may be left of a label that is somebody else's by now.
            rows = [row for row in found if row["project_id"] == project_id]
        return sorted(filter(None, map(to_custom_alias, rows)), key=lambda alias: alias.label)

    def holder(self, label: str) -> str | None:
        """Return the id of the project that a label is of."""
        row = self._rows.find(label_key(label))
        return None if row is None else str(row["project_id"])

    def hold_alias(self, alias: CustomAlias, most: int | None) -> Count:
        """Let a project hold a label, unless its account holds `most` others; raises MissingError or ConflictError."""

        def hold() -> Count:
            taken = ConflictError(f"the hostname {alias.label!r} is taken")
            row = self._rows.find(label_key(alias.label))
            before = None if row is None else to_custom_alias(row)
            if row is not None and (before is None or before.project_id != alias.project_id):
                raise taken
            mine = held_key(alias.account_id, alias.label)
            seen = (self._rows.find(holdings_key(alias.account_id)) or {}).get("revision")
            others = sum(row[SORT] != mine[1] for row in self._rows.below(*held_prefix(alias.account_id)))
            if most is not None and others >= most:
                return Count(others, is_counted=False)
            transaction = Transaction()
            gone = MissingError("project", alias.project_id)
            transaction.check(project_key(alias.project_id), IS_THERE, refusal=gone)
            transaction.put(keyed(label_key(alias.label), _values(alias)), _MAY_HOLD, {"project_id": alias.project_id})
            transaction.put(keyed(label_pointer(alias.project_id, alias.label)))
            transaction.put(keyed(mine))
            if before is not None and before.account_id != alias.account_id:
                transaction.delete(held_key(before.account_id, alias.label))
            # Somebody who counted before this cannot write after it.
            condition, values = (IS_NEW, {}) if seen is None else ("#revision = :seen", {"seen": seen})
            transaction.update(holdings_key(alias.account_id), "ADD #revision :one", condition, {**values, "one": 1})
            self._rows.commit(transaction)
            return Count(others + 1, is_counted=True)

        return self._again(hold)

    def held_aliases(self, account_id: int) -> int:
        """Return how many labels an account holds."""
        return sum(1 for _ in self._rows.below(*held_prefix(account_id)))

    def release_alias(self, alias: CustomAlias) -> bool:
        """Let a label follow nothing; False when it was not held."""

        def release() -> bool:
            row = self._rows.find(label_key(alias.label))
            held = None if row is None else to_custom_alias(row)
            if held is None or held.project_id != alias.project_id or held.is_released:
                return False
            transaction = Transaction()
            values: Values = {"project_id": alias.project_id, "yes": True}
            transaction.update(label_key(alias.label), "SET #is_released = :yes", _IS_HELD, values)
            transaction.delete(held_key(held.account_id, alias.label))
            self._rows.commit(transaction)
            return True

        return self._again(release)

    def forget_alias(self, alias: CustomAlias) -> None:
        """Forget a label that was released."""

        def forget() -> None:
            row = self._rows.find(label_key(alias.label))
            held = None if row is None else to_custom_alias(row)
            if held is None or held.project_id != alias.project_id or not held.is_released:
                return
            transaction = Transaction()
            transaction.delete(label_key(alias.label), _IS_RELEASED, {"project_id": alias.project_id})
            transaction.delete(label_pointer(alias.project_id, alias.label))
            self._rows.commit(transaction)

        self._again(forget)


def _values(alias: CustomAlias) -> Values:
    values: Values = {
        "label": alias.label,
        "project_id": alias.project_id,
        "account_id": alias.account_id,
        "held_at": to_microseconds(alias.held_at),
    }
    return values if alias.branch is None else {**values, "branch": storable(alias.branch)}
