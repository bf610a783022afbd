"""The audit log in DynamoDB."""

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.model.audit import AuditEntry
from battleshiper.platform.store.dynamodb.account_keys import audit_key
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import LISTING, POSITION, shard_of
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, Transaction
from battleshiper.platform.store.dynamodb.values import Row, keyed

_TEXTS = ("actor", "action", "subject", "before", "after")


class DynamoAudits(DynamoPart):
    """See `Audits` in `store.port`."""

    def record(self, entry: AuditEntry) -> None:
        """Add an entry."""
        values = {name: getattr(entry, name) for name in _TEXTS}
        listed = {LISTING: shard_of("AUDIT", entry.id), POSITION: self._order.next()}
        row = keyed(audit_key(entry.id), {**values, **listed, "id": entry.id, "at": to_microseconds(entry.at)})

        def record() -> None:
            transaction = Transaction()
            transaction.put(row, IS_NEW)
            self._rows.commit(transaction)

        self._again(record)

    def audit(self, limit: int = 50) -> list[AuditEntry]:
        """Return the latest entries, newest first."""
        return [_to_entry(row) for row in self._latest("AUDIT", limit)]


def _to_entry(row: Row) -> AuditEntry:
    return AuditEntry(row["id"], from_microseconds(row["at"]), *(row[name] for name in _TEXTS))
