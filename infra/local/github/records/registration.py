"""The registration: how the App is installed, and the person's token."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.database import Database


@dataclass(frozen=True, slots=True)
class Installation:
    """How the App is installed on the owner's account."""

    installed_at: str
    suspended_at: str | None = None
    selected: bool = False
    """Whether repositories were chosen, and new ones stay out."""


class Registration:
    """Remembers how the App is installed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def record(self) -> bool:
        """Note that the App is installed now; return False when it was so before."""
        with self._database.transaction():
            before = self.is_installed
            if not before:
                self._note("installed_at", write_moment(self._clock()))
        return not before

    def forget(self) -> None:
        """The App is installed nowhere any more."""
        self._database.write("DELETE FROM facts WHERE name IN ('installed_at', 'suspended_at', 'selected')")

    def suspend(self) -> bool:
        """Note that the App may do nothing for now; return False when it was so before."""
        if self.installation.suspended_at:
            return False
        self._note("suspended_at", write_moment(self._clock()))
        return True

    def unsuspend(self) -> bool:
        """Note that the App may go on; return False when it could before."""
        was_suspended = self.installation.suspended_at is not None
        self._database.write("DELETE FROM facts WHERE name = 'suspended_at'")
        return was_suspended

    def select(self) -> None:
        """Note that the App has chosen repositories only."""
        self._note("selected", "yes")

    @property
    def is_installed(self) -> bool:
        """Whether the App is installed."""
        return "installed_at" in self._facts()

    @property
    def is_suspended(self) -> bool:
        """Whether the App is installed, and may do nothing for now."""
        return "suspended_at" in self._facts()

    @property
    def installed_at(self) -> str:
        """The moment of the installation."""
        return self.installation.installed_at

    @property
    def installation(self) -> Installation:
        """How the App is installed; as if it were just now, where it is not."""
        facts = self._facts()
        installed_at = facts.get("installed_at") or write_moment(self._clock())
        return Installation(installed_at, facts.get("suspended_at"), "selected" in facts)

    def _facts(self) -> dict[str, str]:
        return {row["name"]: row["value"] for row in self._database.rows("SELECT name, value FROM facts")}

    def _note(self, name: str, value: str) -> None:
        self._database.write("INSERT OR REPLACE INTO facts VALUES (?, ?)", [name, value])


def keep_personal_token(file: Path) -> str:
    """Return the token of the person at this machine, made at first; only its owner can read the file."""
    with suppress(FileExistsError):
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(f"ghp_{secrets.token_urlsafe(30)}\n", "utf-8")
    return file.read_text("utf-8").strip()
