"""Sessions in DynamoDB."""

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.model.session import Session
from battleshiper.platform.store.dynamodb.account_keys import session_key
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import EXPIRES
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, Transaction
from battleshiper.platform.store.dynamodb.values import Row, Values, keyed
from battleshiper.platform.store.port import ConflictError, MissingError

_RENEW = "SET #previous_sha256 = #secret_sha256, #secret_sha256 = :new, #renewed_at = :now"


class DynamoSessions(DynamoPart):
    """See `Sessions` in `store.port`."""

    def add_session(self, session: Session) -> None:
        """Keep a new session. DynamoDB forgets it when it has expired."""
        row = keyed(
            session_key(session.id),
            {
                "id": session.id,
                "account_id": session.account_id,
                "epoch": session.epoch,
                "secret_sha256": session.secret_sha256,
                "previous_sha256": session.previous_sha256,
                "form_token": session.form_token,
                "created_at": to_microseconds(session.created_at),
                "renewed_at": to_microseconds(session.renewed_at),
                "expires_at": to_microseconds(session.expires_at),
                EXPIRES: int(session.expires_at.timestamp()) + 1,
            },
        )

        def add() -> None:
            transaction = Transaction()
            transaction.put(row, IS_NEW, refusal=ConflictError("the session is there already"))
            self._rows.commit(transaction)

        self._again(add)

    def session(self, session_id: str) -> Session:
        """Return a session that has not expired; raises MissingError."""
        row = self._rows.find(session_key(session_id))
        if row is None or row["expires_at"] <= self._now():
            raise MissingError("session", session_id)
        return _to_session(row)

    def renew_session(self, session: Session, secret_sha256: str) -> Session:
        """Give a session another secret; raises MissingError, or ConflictError when it was given another one."""
        values: Values = {"new": secret_sha256, "now": self._now(), "seen": session.secret_sha256}
        row = self._again(lambda: self._rows.update(session_key(session.id), _RENEW, "#secret_sha256 = :seen", values))
        if row is None:
            self.session(session.id)
            raise ConflictError("the session was renewed meanwhile")
        return _to_session(row)

    def end_session(self, session_id: str) -> None:
        """End a session, which need not be there."""
        self._rows.delete_all([session_key(session_id)])


def _to_session(row: Row) -> Session:
    return Session(
        row["id"],
        row["account_id"],
        row["epoch"],
        row["secret_sha256"],
        row["previous_sha256"],
        row["form_token"],
        from_microseconds(row["created_at"]),
        from_microseconds(row["renewed_at"]),
        from_microseconds(row["expires_at"]),
    )
