"""Apps that were made from a manifest. Of their codes only digests are kept, and of their keys the public half."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from sqlite3 import IntegrityError, Row

from battleshiper.infra.local.github.credentials import AppCredentials
from battleshiper.infra.local.github.manifest import Manifest, read_manifest, slug_of
from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.digest import digest

CODE_LIFETIME = timedelta(hours=1)
"""https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest"""

_FIRST_ID = 100  # below it are Apps that are given by settings


class NameTakenError(ValueError):
    """Another App has the name."""


@dataclass(frozen=True, slots=True)
class RegisteredApp:
    """An App. Without a `public_key` its code was not exchanged yet."""

    id: int
    slug: str
    manifest: Manifest
    client_id: str
    webhook_secret: str
    public_key: str
    client_secret_digest: str
    created_at: str


class Apps:
    """Remembers Apps."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def register(self, manifest: Manifest, text: str) -> str:
        """Keep a new App, whose manifest was read from `text`; return its code. Raises NameTakenError."""
        code, now = secrets.token_hex(20), self._clock()
        values: list[str | float] = [
            slug_of(manifest.name),
            manifest.name,
            text,
            f"Iv23{secrets.token_hex(8)}",
            secrets.token_hex(20),
            digest(code),
            (now + CODE_LIFETIME).timestamp(),
            write_moment(now),
        ]
        with self._database.transaction():
            number = max(_FIRST_ID, self._database.count("SELECT coalesce(max(id), 0) FROM apps")) + 1
            try:
                self._database.write(
                    "INSERT INTO apps (id, slug, name, manifest, client_id, webhook_secret, code_digest,"
                    " code_expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [number, *values],
                )
            except IntegrityError:
                raise NameTakenError(manifest.name) from None
        return code

    def convert(self, code: str, made: AppCredentials) -> RegisteredApp | None:
        """Give the App that `code` stands for what was made for it, once, of which only what is no secret is kept; None
        for a code that is unknown, spent or too old."""
        with self._database.transaction():
            row = self._database.row(
                "SELECT * FROM apps WHERE code_digest = ? AND code_expires_at > ?",
                [digest(code), self._clock().timestamp()],
            )
            if row is None:
                return None
            self._database.write(
                "UPDATE apps SET code_digest = NULL, public_key = ?, client_secret_digest = ? WHERE id = ?",
                [made.public_key, digest(made.client_secret), row["id"]],
            )
        return self.newest()

    def newest(self) -> RegisteredApp | None:
        """Return the newest App that has a key."""
        row = self._database.row("SELECT * FROM apps WHERE public_key != '' ORDER BY id DESC")
        return _read(row) if row else None


def _read(row: Row) -> RegisteredApp:
    manifest = read_manifest(row["manifest"], row["name"])
    return RegisteredApp(
        row["id"],
        row["slug"],
        manifest,
        row["client_id"],
        row["webhook_secret"],
        row["public_key"],
        row["client_secret_digest"],
        row["created_at"],
    )
