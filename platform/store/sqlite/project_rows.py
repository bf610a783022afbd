"""Projects as rows."""

import sqlite3
from typing import Any

from battleshiper.platform.database.moment import from_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.project import Access, Project
from battleshiper.platform.model.settings import read_project_settings, write_project_settings
from battleshiper.platform.store.change import read_surfaces
from battleshiper.platform.store.port import ConflictError, NewProject

COLUMNS = """id, name, installation_id, account_id, repository_id, repository, production_branch, root_directory,
    created_at, surfaces, access, settings"""
_SELECT = f"SELECT {COLUMNS} FROM projects"  # noqa: S608 - constants
_INSERT = f"INSERT INTO projects ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 'granted', ?)"  # noqa: S608 - constants
_IS_TAKEN = """SELECT EXISTS (SELECT 1 FROM projects WHERE name = ?1) OR EXISTS (SELECT 1 FROM aliases WHERE label = ?1)
    OR EXISTS (SELECT 1 FROM custom_aliases WHERE label = ?1)"""


def to_project(row: tuple[Any, ...]) -> Project:
    """Return the project in a row of `COLUMNS`."""
    project_id, name, installation_id, account_id, *repository, created_at, surfaces, access, settings = row
    repository_id, full_name, production_branch, root_directory = repository
    return Project(
        project_id,
        name,
        installation_id,
        account_id,
        repository_id,
        full_name,
        production_branch,
        root_directory,
        from_microseconds(created_at),
        read_surfaces(surfaces),
        Access(access),
        read_project_settings(settings),
    )


def select_projects(connection: sqlite3.Connection, condition: str, *values: object) -> list[Project]:
    """Return the projects that `condition`, SQL of our own with a place for each value, selects."""
    return [to_project(row) for row in connection.execute(f"{_SELECT} WHERE {condition}", values)]


def insert_project(connection: sqlite3.Connection, project: NewProject, now: int) -> bool:
    """Create a project under the first of its names that is free, unless its repository and root directory have
    one; tell whether it was. Raises ConflictError when no name is free."""
    is_there = connection.execute(
        "SELECT 1 FROM projects WHERE repository_id = ? AND root_directory = ?",
        (project.repository_id, project.root_directory),
    ).fetchone()
    if is_there:
        return False
    for name in project.names:
        (is_taken,) = connection.execute(_IS_TAKEN, (name,)).fetchone()
        if not is_taken:
            break
    else:
        raise ConflictError(f"every name for the project of {project.repository} is taken: {', '.join(project.names)}")
    values = (
        project.id,
        name,
        project.installation_id,
        project.account_id,
        project.repository_id,
        storable(project.repository),
        project.settings.production_branch,
        project.root_directory,
        now,
        write_project_settings(project.settings),
    )
    connection.execute(_INSERT, values)
    return True
