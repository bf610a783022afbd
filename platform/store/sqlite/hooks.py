"""Build hooks in SQLite."""

from datetime import datetime
from typing import Any

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.hook import Hook
from battleshiper.platform.store.port import MissingError
from battleshiper.platform.store.sqlite.part import SqlitePart

_SELECT = "SELECT id, project_id, name, branch, sha256, created_at, used_at FROM hooks WHERE project_id = ?"
_ADD = """INSERT INTO hooks (project_id, id, name, branch, sha256, created_at) SELECT id, ?2, ?3, ?4, ?5, ?6
    FROM projects WHERE id = ?1"""
_USE = "UPDATE hooks SET used_at = ? WHERE project_id = ? AND id = ?"
_REMOVE = "DELETE FROM hooks WHERE project_id = ? AND id = ?"


class SqliteHooks(SqlitePart):
    """See `Hooks` in `store.port`."""

    def hooks(self, project_id: str) -> list[Hook]:
        """Return a project's hooks, oldest first."""
        statement = f"{_SELECT} ORDER BY created_at, id"
        rows = self._database.read(lambda connection: connection.execute(statement, (project_id,)).fetchall())
        return [_to_hook(*row) for row in rows]

    def hook(self, project_id: str, hook_id: str) -> Hook:
        """Return a hook; raises MissingError."""
        values = (storable(project_id), storable(hook_id))
        row = self._database.read(lambda connection: connection.execute(f"{_SELECT} AND id = ?", values).fetchone())
        if row is None:
            raise MissingError("hook", hook_id)
        return _to_hook(*row)

    def add_hook(self, hook: Hook) -> None:
        """Keep a new hook. Raises MissingError without the project."""
        branch = None if hook.branch is None else storable(hook.branch)
        values = (hook.project_id, hook.id, storable(hook.name), branch, hook.sha256, to_microseconds(hook.created_at))
        if not self._database.write(lambda connection: connection.execute(_ADD, values).rowcount):
            raise MissingError("project", hook.project_id)

    def note_hook_use(self, hook: Hook, at: datetime) -> None:
        """Remember when a hook was used."""
        values = (to_microseconds(at), hook.project_id, hook.id)
        self._database.write(lambda connection: connection.execute(_USE, values))

    def remove_hook(self, project_id: str, hook_id: str) -> bool:
        """Forget a hook; False when there is none."""
        values = (project_id, storable(hook_id))
        return bool(self._database.write(lambda connection: connection.execute(_REMOVE, values).rowcount))


def _to_hook(id_: str, project_id: str, name: str, branch: str | None, sha256: str, *moments: Any) -> Hook:
    created_at, used_at = moments
    used = None if used_at is None else from_microseconds(used_at)
    return Hook(id_, project_id, name, branch, sha256, from_microseconds(created_at), used)
