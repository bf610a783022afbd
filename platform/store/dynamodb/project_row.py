"""Projects as rows."""

from battleshiper.platform.database.moment import from_microseconds
from battleshiper.platform.model.project import Access, Project
from battleshiper.platform.model.settings import read_project_settings, write_project_settings
from battleshiper.platform.store.change import read_surfaces
from battleshiper.platform.store.dynamodb.table import project_key
from battleshiper.platform.store.dynamodb.values import Row, Value, keyed
from battleshiper.platform.store.port import NewProject


def to_row(new: NewProject, name: str, now: int) -> dict[str, Value | None]:
    """Return the row of a new project, without deployments."""
    values: dict[str, Value | None] = {
        "id": new.id,
        "name": name,
        "installation_id": new.installation_id,
        "account_id": new.account_id,
        "repository_id": new.repository_id,
        "repository": new.repository,
        "root_directory": new.root_directory,
        "created_at": now,
        "settings": write_project_settings(new.settings),
        "production_branch": new.settings.production_branch,
        "last_number": 0,
        "revision": 0,
    }
    return keyed(project_key(new.id), values)


def to_project(row: Row) -> Project:
    """Return the project in a row."""
    return Project(
        row["id"],
        row["name"],
        row["installation_id"],
        row["account_id"],
        row["repository_id"],
        row["repository"],
        row.get("production_branch"),
        row["root_directory"],
        from_microseconds(row["created_at"]),
        read_surfaces(row.get("surfaces")),
        Access(row.get("access", Access.GRANTED)),
        read_project_settings(row.get("settings")),
    )
