"""The audit log in SQLite. Triggers keep every entry as it was written."""

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.audit import AuditEntry
from battleshiper.platform.store.sqlite.part import SqlitePart

_RECORD = "INSERT INTO audit (id, at, actor, action, subject, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)"
_LATEST = "SELECT id, at, actor, action, subject, before, after FROM audit ORDER BY sequence DESC LIMIT ?"


class SqliteAudits(SqlitePart):
    """See `Audits` in `store.port`."""

    def record(self, entry: AuditEntry) -> None:
        """Add an entry."""
        texts = map(storable, (entry.actor, entry.action, entry.subject, entry.before, entry.after))
        values = (entry.id, to_microseconds(entry.at), *texts)
        self._database.write(lambda connection: connection.execute(_RECORD, values))

    def audit(self, limit: int = 50) -> list[AuditEntry]:
        """Return the latest entries, newest first."""
        return self._database.read(
            lambda connection: [
                AuditEntry(id_, from_microseconds(at), *texts)
                for id_, at, *texts in connection.execute(_LATEST, (limit,))
            ]
        )
