"""Projects in SQLite."""

from battleshiper.platform.database.text import storable
from battleshiper.platform.model.project import Project
from battleshiper.platform.store.port import MissingError
from battleshiper.platform.store.sqlite.known import SqliteKnown
from battleshiper.platform.store.sqlite.part import SqlitePart
from battleshiper.platform.store.sqlite.project_rows import COLUMNS, select_projects, to_project

_SET_REPOSITORY = f"""UPDATE projects SET repository = ?2, production_branch = ?3 WHERE id = ?1
    RETURNING {COLUMNS}"""  # noqa: S608 - constants


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

    def set_repository(self, project_id: str, *, repository: str, production_branch: str) -> Project:
        """Remember what GitHub says of the project's repository now; raises MissingError."""
        values = (project_id, storable(repository), storable(production_branch))
        row = self._database.write(lambda connection: connection.execute(_SET_REPOSITORY, values).fetchone())
        if row is None:
            raise MissingError("project", project_id)
        return to_project(row)

    def delete_project(self, project_id: str) -> None:
        """Forget a project and, by the schema's cascades, all that hangs on it."""
        self._database.write(lambda connection: connection.execute("DELETE FROM projects WHERE id = ?", (project_id,)))

    def _only_project(self, condition: str, key: str) -> Project:
        found = self._database.read(lambda connection: select_projects(connection, condition, key))
        if not found:
            raise MissingError("project", key)
        return found[0]
