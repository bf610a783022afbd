"""Projects in SQLite."""

import sqlite3
from collections.abc import Sequence

from battleshiper.platform.database.moment import from_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.project import Project, Surface
from battleshiper.platform.model.settings import ProjectSettings, write_project_settings
from battleshiper.platform.store.change import write_surfaces
from battleshiper.platform.store.port import ConflictError, MissingError, NewProject, Remains
from battleshiper.platform.store.sqlite.known import SqliteKnown
from battleshiper.platform.store.sqlite.part import SqlitePart
from battleshiper.platform.store.sqlite.project_rows import COLUMNS, insert_project, select_projects, to_project

_SET_SURFACES = f"UPDATE projects SET surfaces = ?2 WHERE id = ?1 RETURNING {COLUMNS}"  # noqa: S608 - constants
_SET_SETTINGS = f"""UPDATE projects SET settings = ?2, production_branch = coalesce(
    ?3, (SELECT default_branch FROM repositories WHERE repositories.id = repository_id), production_branch)
    WHERE id = ?1 RETURNING {COLUMNS}"""  # noqa: S608 - constants
_DELETE = (
    """INSERT INTO deleted_projects (id, deleted_at) SELECT id, :now FROM projects WHERE id = :id
        ON CONFLICT (id) DO UPDATE SET deleted_at = excluded.deleted_at""",
    """INSERT OR IGNORE INTO remains (project_id, kind, key)
        SELECT project_id, 'label', label FROM aliases WHERE project_id = :id
        UNION SELECT project_id, 'label', label FROM custom_aliases WHERE project_id = :id""",
    """INSERT OR IGNORE INTO remains (project_id, kind, key)
        SELECT project_id, 'label', label.value FROM expiring JOIN deployments ON deployments.id = deployment_id,
        json_each(expiring.labels) AS label WHERE project_id = :id""",
    """INSERT OR IGNORE INTO remains (project_id, kind, key)
        SELECT project_id, iif(finished_at IS NULL, 'unfinished', 'finished'), id FROM deployments
        WHERE project_id = :id""",
    "DELETE FROM projects WHERE id = :id",
)
_REMAINS = """SELECT id, deleted_at, kind, key FROM deleted_projects LEFT JOIN remains ON project_id = id
    ORDER BY deleted_at, id, kind, key"""


class SqliteProjects(SqlitePart):
    """See `Projects` in `store.port`."""

    def projects(self) -> list[Project]:
        """Return all projects by name."""
        return self._database.read(lambda connection: select_projects(connection, "true ORDER BY name"))

    def project(self, project_id: str) -> Project:
        """Return a project; raises MissingError."""
        return self._only_project("id = ?", project_id)

    def project_named(self, name: str) -> Project:
        """Return a project by its name; raises MissingError."""
        return self._only_project("name = ?", storable(name))

    def projects_of_repository(self, repository_id: int) -> list[Project]:
        """Return the projects built from a repository, by root directory."""
        return self._database.read(lambda connection: SqliteKnown(connection).projects_of_repository(repository_id))

    def create_project(self, project: NewProject, events: Sequence[Event] = ()) -> Project:
        """Create a project; raises ConflictError when its place or every name is taken."""

        def create(connection: sqlite3.Connection) -> Project:
            if not insert_project(connection, project, self._now()):
                raise ConflictError(f"there is a project for {project.place} already")
            self._enqueue(connection, events)
            return select_projects(connection, "id = ?", project.id)[0]

        return self._database.write(create)

    def set_surfaces(self, project_id: str, surfaces: frozenset[Surface]) -> Project:
        """Remember where a project's deployments are shown on GitHub; raises MissingError."""
        return self._change(_SET_SURFACES, project_id, write_surfaces(surfaces))

    def set_settings(self, project_id: str, settings: ProjectSettings) -> Project:
        """Remember what a project is told, and let it follow that; raises MissingError."""
        branch = None if settings.production_branch is None else storable(settings.production_branch)
        return self._change(_SET_SETTINGS, project_id, write_project_settings(settings), branch)

    def delete_project(self, project_id: str) -> None:
        """Forget a project and, by the schema's cascades, all that hangs on it, but for what remains elsewhere."""
        values = {"id": project_id, "now": self._now()}

        def delete(connection: sqlite3.Connection) -> None:
            for statement in _DELETE:
                connection.execute(statement, values)

        self._database.write(delete)

    def remains(self) -> list[Remains]:
        """Return what deleted projects left, oldest first."""
        found: dict[str, tuple[int, dict[str, list[str]]]] = {}
        rows = self._database.read(lambda connection: connection.execute(_REMAINS).fetchall())
        for project_id, deleted_at, kind, key in rows:
            _, keys = found.setdefault(project_id, (deleted_at, {"label": [], "finished": [], "unfinished": []}))
            if kind is not None:
                keys[kind].append(key)
        return [
            Remains(
                project_id,
                from_microseconds(deleted_at),
                tuple(keys["label"]),
                tuple(keys["finished"]),
                tuple(keys["unfinished"]),
            )
            for project_id, (deleted_at, keys) in found.items()
        ]

    def forget_remains(self, project_id: str) -> None:
        """Forget what a deleted project left."""
        forget = "DELETE FROM deleted_projects WHERE id = ?"
        self._database.write(lambda connection: connection.execute(forget, (project_id,)))

    def _change(self, statement: str, project_id: str, *values: str | None) -> Project:
        row = self._database.write(lambda connection: connection.execute(statement, (project_id, *values)).fetchone())
        if row is None:
            raise MissingError("project", project_id)
        return to_project(row)

    def _only_project(self, condition: str, key: str) -> Project:
        found = self._database.read(lambda connection: select_projects(connection, condition, key))
        if not found:
            raise MissingError("project", key)
        return found[0]
