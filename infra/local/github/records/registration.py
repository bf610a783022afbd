"""The registration: when the App was installed, and the person's token."""

import secrets
from contextlib import suppress
from pathlib import Path

from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.database import Database


class Registration:
    """Remembers that the App was installed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def record(self) -> bool:
        """Note that the App is installed now; return False when it was so before."""
        with self._database.transaction():
            before = self._database.count("SELECT count(*) FROM facts WHERE name = 'installed_at'")
            self._database.write(
                "INSERT OR IGNORE INTO facts VALUES ('installed_at', ?)", [write_moment(self._clock())]
            )
        return not before

    def forget(self) -> None:
        """The App is installed nowhere any more."""
        self._database.write("DELETE FROM facts WHERE name = 'installed_at'")

    @property
    def is_installed(self) -> bool:
        """Whether the App is installed."""
        return bool(self._database.count("SELECT count(*) FROM facts WHERE name = 'installed_at'"))

    @property
    def installed_at(self) -> str:
        """The moment of the installation."""
        row = self._database.row("SELECT value FROM facts WHERE name = 'installed_at'")
        return str(row["value"]) if row else write_moment(self._clock())


def keep_personal_token(file: Path) -> str:
    """Return the token of the person at this machine, made at first; only its owner can read the file."""
    with suppress(FileExistsError):
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(f"ghp_{secrets.token_urlsafe(30)}\n", "utf-8")
    return file.read_text("utf-8").strip()
