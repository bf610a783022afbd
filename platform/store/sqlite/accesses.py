"""Accesses in SQLite."""

import sqlite3
from collections.abc import Sequence

from battleshiper.platform.model.access import Grant, RepositoryFacts, followed
from battleshiper.platform.model.project import Installation, Project
from battleshiper.platform.store.port import MissingError
from battleshiper.platform.store.sqlite.access_rows import (
    find_facts,
    find_grants,
    find_installation,
    keep_facts,
    keep_grant,
    keep_installation,
)
from battleshiper.platform.store.sqlite.part import SqlitePart
from battleshiper.platform.store.sqlite.project_rows import select_projects

_SET = """UPDATE projects SET installation_id = ?, account_id = ?, repository = ?, production_branch = ?, access = ?
    WHERE id = ?"""


class SqliteAccesses(SqlitePart):
    """See `Accesses` in `store.port`."""

    def learn(
        self,
        *,
        installations: Sequence[Installation] = (),
        grants: Sequence[Grant] = (),
        repositories: Sequence[RepositoryFacts] = (),
    ) -> None:
        """Remember what GitHub answered, where nothing newer is known."""

        def learn(connection: sqlite3.Connection) -> None:
            for installation in installations:
                keep_installation(connection, installation)
            for grant in grants:
                keep_grant(connection, grant)
            for repository in repositories:
                keep_facts(connection, repository)

        self._database.write(learn)

    def follow(self, project_id: str) -> Project:
        """Let a project be as what is known of its repository says; raises MissingError."""

        def follow(connection: sqlite3.Connection) -> Project:
            found = select_projects(connection, "id = ?", project_id)
            if not found:
                raise MissingError("project", project_id)
            grants = find_grants(connection, found[0].repository_id)
            ids = {found[0].installation_id, *(grant.installation_id for grant in grants)}
            known = (find_installation(connection, each) for each in ids)
            installations = {installation.id: installation for installation in known if installation}
            now = followed(found[0], grants, installations, find_facts(connection, found[0].repository_id))
            values = (now.installation_id, now.account_id, now.repository, now.production_branch, now.access.value)
            connection.execute(_SET, (*values, now.id))
            return now

        return self._database.write(follow)
