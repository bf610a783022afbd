"""The audit log of one machine is only added to, whatever a statement says."""

import sqlite3
from datetime import UTC, datetime

import pytest

from battleshiper.platform.database.database import Database
from battleshiper.platform.model.audit import AuditEntry
from battleshiper.platform.store.sqlite.store import SqliteStore


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET actor = 'somebody else'"])
def test_no_statement_changes_it(tmp_path, statement: str) -> None:
    """The database itself refuses."""
    database = Database(tmp_path / "battleshiper.db")
    store = SqliteStore(database, lambda *_: None, lambda: datetime.now(UTC))
    entry = AuditEntry("e1", datetime(2026, 1, 2, tzinfo=UTC), "ada (7)", "roles.set", "bob (8)")
    store.record(entry)
    with pytest.raises(sqlite3.DatabaseError, match="only added to"):
        database.write(lambda connection: connection.execute(statement))
    assert store.audit() == [entry]
    database.close()
