"""Reports in SQLite."""

import sqlite3

from battleshiper.platform.store.port import Report
from battleshiper.platform.store.sqlite.part import SqlitePart

_SELECT = "SELECT deployment_id, version, github_deployment_id FROM reports WHERE deployment_id = ?"
_SAVE = """INSERT INTO reports (deployment_id, version, github_deployment_id)
    SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM deployments WHERE id = ?1)
    ON CONFLICT (deployment_id) DO UPDATE SET
    version = max(version, excluded.version),
    github_deployment_id = iif(excluded.version >= version,
        coalesce(excluded.github_deployment_id, github_deployment_id),
        coalesce(github_deployment_id, excluded.github_deployment_id))"""


class SqliteReports(SqlitePart):
    """See `Reports` in `store.port`."""

    def report(self, deployment_id: str) -> Report:
        """Return what was reported, a fresh Report when nothing was."""

        def find(connection: sqlite3.Connection) -> Report:
            row = connection.execute(_SELECT, (deployment_id,)).fetchone()
            return Report(*row) if row else Report(deployment_id, 0, None)

        return self._database.read(find)

    def save_report(self, report: Report) -> None:
        """Remember what was reported. A lower version never replaces a higher one, no report loses the id of its
        GitHub Deployment, and one of a deployment that is gone is not kept."""
        values = (report.deployment_id, report.version, report.github_deployment_id)
        self._database.write(lambda connection: connection.execute(_SAVE, values))
