"""Sessions in SQLite."""

from typing import Any

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.model.session import Session
from battleshiper.platform.store.port import ConflictError, MissingError
from battleshiper.platform.store.sqlite.part import SqlitePart

_COLUMNS = "id, account_id, epoch, secret_sha256, previous_sha256, form_token, created_at, renewed_at, expires_at"
_ADD = f"INSERT INTO sessions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - columns are above
_FIND = f"SELECT {_COLUMNS} FROM sessions WHERE id = ? AND expires_at > ?"  # noqa: S608 - columns are above
_RENEW = f"""UPDATE sessions SET previous_sha256 = secret_sha256, secret_sha256 = ?, renewed_at = ?
    WHERE id = ? AND secret_sha256 = ? RETURNING {_COLUMNS}"""  # noqa: S608 - columns are above


class SqliteSessions(SqlitePart):
    """See `Sessions` in `store.port`."""

    def add_session(self, session: Session) -> None:
        """Keep a new session; those that have expired are forgotten."""
        values = (
            session.id,
            session.account_id,
            session.epoch,
            session.secret_sha256,
            session.previous_sha256,
            session.form_token,
            to_microseconds(session.created_at),
            to_microseconds(session.renewed_at),
            to_microseconds(session.expires_at),
        )
        now = self._now()

        def add(connection: Any) -> None:
            connection.execute("DELETE FROM sessions WHERE expires_at <= ?", (now,))
            connection.execute(_ADD, values)

        self._database.write(add)

    def session(self, session_id: str) -> Session:
        """Return a session that has not expired; raises MissingError."""
        values = (session_id, self._now())
        row = self._database.read(lambda connection: connection.execute(_FIND, values).fetchone())
        if row is None:
            raise MissingError("session", session_id)
        return _to_session(row)

    def renew_session(self, session: Session, secret_sha256: str) -> Session:
        """Give a session another secret; raises MissingError, or ConflictError when it was given another one."""
        values = (secret_sha256, self._now(), session.id, session.secret_sha256)
        row = self._database.write(lambda connection: connection.execute(_RENEW, values).fetchone())
        if row is None:
            self.session(session.id)
            raise ConflictError("the session was renewed meanwhile")
        return _to_session(row)

    def end_session(self, session_id: str) -> None:
        """End a session, which need not be there."""
        self._database.write(lambda connection: connection.execute("DELETE FROM sessions WHERE id = ?", (session_id,)))


def _to_session(row: Any) -> Session:
    id_, account_id, epoch, secret, previous, form_token, *moments = row
    return Session(id_, account_id, epoch, secret, previous, form_token, *map(from_microseconds, moments))
