"""The environment variables of projects in SQLite."""

import sqlite3

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.variable import Variable
from battleshiper.platform.store.port import MissingError
from battleshiper.platform.store.sqlite.part import SqlitePart

_SELECT = "SELECT name, scope, sealed, updated_at FROM variables WHERE project_id = ? ORDER BY name, scope"
_KEEP = """INSERT INTO variables (project_id, name, scope, sealed, updated_at) SELECT id, ?2, ?3, ?4, ?5 FROM projects
    WHERE id = ?1 ON CONFLICT (project_id, name, scope)
    DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at"""
_FORGET = "DELETE FROM variables WHERE project_id = ? AND name = ? AND scope = ?"


class SqliteVariables(SqlitePart):
    """See `Variables` in `store.port`."""

    def variables(self, project_id: str) -> list[Variable]:
        """Return a project's variables by name and scope."""

        def select(connection: sqlite3.Connection) -> list[Variable]:
            return [
                Variable(name, scope, sealed, from_microseconds(updated_at))
                for name, scope, sealed, updated_at in connection.execute(_SELECT, (project_id,))
            ]

        return self._database.read(select)

    def keep_variable(self, project_id: str, variable: Variable) -> None:
        """Keep a variable in place of the one of its name and scope. Raises MissingError without the project."""
        values = (
            project_id,
            variable.name,
            storable(variable.scope),
            variable.sealed,
            to_microseconds(variable.updated_at),
        )
        if not self._database.write(lambda connection: connection.execute(_KEEP, values).rowcount):
            raise MissingError("project", project_id)

    def forget_variable(self, project_id: str, name: str, scope: str) -> bool:
        """Forget a variable; False when there is none of this name and scope."""
        values = (project_id, name, storable(scope))
        return bool(self._database.write(lambda connection: connection.execute(_FORGET, values).rowcount))
