"""Build hooks in DynamoDB."""

from datetime import datetime

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.hook import Hook
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import hook_key, hooks_partition, project_key
from battleshiper.platform.store.dynamodb.transaction import IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.values import Row, Values, keyed
from battleshiper.platform.store.port import MissingError


class DynamoHooks(DynamoPart):
    """See `Hooks` in `store.port`."""

    def hooks(self, project_id: str) -> list[Hook]:
        """Return a project's hooks, oldest first."""
        found = map(_to_hook, self._rows.below(hooks_partition(project_id)))
        return sorted(found, key=lambda hook: (hook.created_at, hook.id))

    def hook(self, project_id: str, hook_id: str) -> Hook:
        """Return a hook; raises MissingError."""
        row = self._rows.find(hook_key(project_id, hook_id))
        if row is None:
            raise MissingError("hook", hook_id)
        return _to_hook(row)

    def add_hook(self, hook: Hook) -> None:
        """Keep a new hook. Raises MissingError without the project."""
        values: Values = {
            "id": hook.id,
            "project_id": hook.project_id,
            "name": storable(hook.name),
            "sha256": hook.sha256,
            "created_at": to_microseconds(hook.created_at),
        }
        if hook.branch is not None:
            values = {**values, "branch": storable(hook.branch)}

        def add() -> None:
            transaction = Transaction()
            gone = MissingError("project", hook.project_id)
            transaction.check(project_key(hook.project_id), IS_THERE, refusal=gone)
            transaction.put(keyed(hook_key(hook.project_id, hook.id), values))
            self._rows.commit(transaction)

        self._again(add)

    def note_hook_use(self, hook: Hook, at: datetime) -> None:
        """Remember when a hook was used."""
        values: Values = {"used_at": to_microseconds(at)}
        key = hook_key(hook.project_id, hook.id)
        self._again(lambda: self._rows.update(key, "SET #used_at = :used_at", IS_THERE, values))

    def remove_hook(self, project_id: str, hook_id: str) -> bool:
        """Forget a hook; False when there is none."""
        return self._rows.delete(hook_key(project_id, hook_id), IS_THERE)


def _to_hook(row: Row) -> Hook:
    used = None if "used_at" not in row else from_microseconds(row["used_at"])
    created = from_microseconds(row["created_at"])
    return Hook(row["id"], row["project_id"], row["name"], row.get("branch"), row["sha256"], created, used)
