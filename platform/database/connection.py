"""How we open SQLite."""

import sqlite3
from pathlib import Path

from battleshiper.platform.database.error import EngineTooOldError

_NEEDED = (3, 37, 0)  # STRICT tables
_BUSY_SECONDS = 10.0
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    f"journal_size_limit = {64 * 1024**2}",
)


def connect(path: Path) -> sqlite3.Connection:
    """Open the file so that what is committed survives a power cut. Transactions are the caller's business.

    Raises EngineTooOldError and what SQLite raises. The connection may change threads, but must not be used by two
    at once.
    """
    if sqlite3.sqlite_version_info < _NEEDED:
        raise EngineTooOldError(sqlite3.sqlite_version, ".".join(map(str, _NEEDED)))
    connection = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection
