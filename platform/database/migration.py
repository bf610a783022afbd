"""The schema, as the steps that lead to it. A step that was released is never changed; a new one is added."""

import sqlite3
from pathlib import Path

from battleshiper.platform.database.error import DatabaseTooNewError

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE installations (
            id INTEGER PRIMARY KEY,
            account_id INTEGER NOT NULL,
            account TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE projects (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            installation_id INTEGER NOT NULL,
            account_id INTEGER NOT NULL,
            repository_id INTEGER NOT NULL,
            repository TEXT NOT NULL,
            production_branch TEXT,
            root_directory TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_number INTEGER NOT NULL DEFAULT 0,
            UNIQUE (repository_id, root_directory)
        ) STRICT""",
        """CREATE TABLE deployments (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
            number INTEGER NOT NULL,
            sha TEXT NOT NULL,
            branch TEXT NOT NULL,
            message TEXT NOT NULL,
            author TEXT NOT NULL,
            parent_sha TEXT,
            pushed_at INTEGER NOT NULL,
            environment TEXT NOT NULL,
            origin TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            version INTEGER NOT NULL,
            url TEXT,
            function TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            building_at INTEGER,
            deploying_at INTEGER,
            finished_at INTEGER
        ) STRICT""",
        "CREATE INDEX deployments_by_project ON deployments (project_id)",
        "CREATE INDEX deployments_by_branch ON deployments (project_id, branch)",
        "CREATE INDEX deployments_unfinished ON deployments (sequence) WHERE finished_at IS NULL",
        """CREATE TABLE deliveries (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            event TEXT NOT NULL,
            repository TEXT,
            received_at INTEGER NOT NULL,
            decisions TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE aliases (
            label TEXT PRIMARY KEY,
            project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
            deployment_id TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
            newest INTEGER NOT NULL,
            moves INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX aliases_by_project ON aliases (project_id)",
        "CREATE INDEX aliases_by_deployment ON aliases (deployment_id)",
        """CREATE TABLE spent_tickets (
            id TEXT PRIMARY KEY,
            spender TEXT NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX spent_tickets_by_end ON spent_tickets (expires_at)",
        """CREATE TABLE claims (
            sha256 TEXT PRIMARY KEY,
            deployment_id TEXT NOT NULL UNIQUE REFERENCES deployments (id) ON DELETE CASCADE,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE reports (
            deployment_id TEXT PRIMARY KEY REFERENCES deployments (id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            github_deployment_id INTEGER
        ) STRICT, WITHOUT ROWID""",
        # `due` is NULL while an older event of the same group is unfinished. `sequence` may be used again when its
        # event is gone: a counter (AUTOINCREMENT) would cost every insert another write.
        """CREATE TABLE events (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            type TEXT NOT NULL,
            detail TEXT NOT NULL,
            group_name TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            due INTEGER
        ) STRICT""",
        "CREATE INDEX events_due ON events (type, due) WHERE due IS NOT NULL",
        "CREATE INDEX events_by_group ON events (group_name) WHERE group_name <> ''",
        """CREATE TABLE dead_letters (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            type TEXT NOT NULL,
            detail TEXT NOT NULL,
            group_name TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            error TEXT NOT NULL,
            died_at INTEGER NOT NULL
        ) STRICT""",
        """CREATE TABLE jobs (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            project_id TEXT NOT NULL,
            account_id INTEGER NOT NULL,
            deploy_ticket TEXT NOT NULL,
            seconds INTEGER NOT NULL,
            attempt INTEGER NOT NULL DEFAULT 0,
            running INTEGER NOT NULL DEFAULT 0
        ) STRICT""",
        """CREATE TABLE routes (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
    ),
    (
        """CREATE TABLE deleted_projects (
            id TEXT PRIMARY KEY,
            deleted_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE remains (
            project_id TEXT NOT NULL REFERENCES deleted_projects ON DELETE CASCADE,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            PRIMARY KEY (project_id, kind, key)
        ) STRICT, WITHOUT ROWID""",
    ),
    ("ALTER TABLE jobs ADD COLUMN interruptions INTEGER NOT NULL DEFAULT 0",),
    (
        "ALTER TABLE claims ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE claims ADD COLUMN spent INTEGER NOT NULL DEFAULT 0",
    ),
    ("CREATE INDEX claims_by_end ON claims (expires_at)",),
    (
        "ALTER TABLE deployments ADD COLUMN shown_at INTEGER",
        "ALTER TABLE deployments ADD COLUMN expired_at INTEGER",
        # `labels` is a JSON array.
        """CREATE TABLE expiring (
            deployment_id TEXT PRIMARY KEY REFERENCES deployments (id) ON DELETE CASCADE,
            labels TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX deployments_never_ready ON deployments (finished_at) WHERE state <> 'ready'",
    ),
    (
        "ALTER TABLE deployments ADD COLUMN retired_at INTEGER",
        """CREATE TABLE pull_requests (
            repository_id INTEGER NOT NULL,
            number INTEGER NOT NULL,
            branch TEXT NOT NULL,
            sha TEXT NOT NULL,
            is_open INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            comment_id INTEGER,
            comment_fingerprint TEXT,
            PRIMARY KEY (repository_id, number)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX pull_requests_by_branch ON pull_requests (repository_id, branch)",
        """CREATE TABLE retirements (
            repository_id INTEGER NOT NULL,
            branch TEXT NOT NULL,
            reason TEXT NOT NULL,
            retired_at INTEGER NOT NULL,
            PRIMARY KEY (repository_id, branch)
        ) STRICT, WITHOUT ROWID""",
        # Words with spaces between them; NULL is all there are.
        "ALTER TABLE projects ADD COLUMN surfaces TEXT",
        "ALTER TABLE deployments ADD COLUMN tree TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE deployments ADD COLUMN is_portable INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX deployments_by_tree ON deployments (project_id, tree) WHERE is_portable",
    ),
    (
        "ALTER TABLE installations ADD COLUMN standing TEXT NOT NULL DEFAULT 'active'",
        "ALTER TABLE installations ADD COLUMN told_at INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE projects ADD COLUMN access TEXT NOT NULL DEFAULT 'granted'",
        """CREATE TABLE grants (
            repository_id INTEGER NOT NULL,
            installation_id INTEGER NOT NULL,
            is_given INTEGER NOT NULL,
            told_at INTEGER NOT NULL,
            PRIMARY KEY (repository_id, installation_id)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE repositories (
            id INTEGER PRIMARY KEY,
            full_name TEXT NOT NULL,
            default_branch TEXT,
            is_archived INTEGER NOT NULL,
            is_deleted INTEGER NOT NULL,
            told_at INTEGER NOT NULL
        ) STRICT""",
    ),
    (
        """CREATE TABLE variables (
            project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            scope TEXT NOT NULL,
            sealed TEXT NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (project_id, name, scope)
        ) STRICT, WITHOUT ROWID""",
    ),
    (
        """CREATE TABLE accounts (
            id INTEGER PRIMARY KEY,
            login TEXT NOT NULL,
            name TEXT NOT NULL,
            avatar_url TEXT NOT NULL,
            roles TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            signed_in_at INTEGER NOT NULL,
            user_tokens TEXT,
            permissions TEXT,
            permissions_at INTEGER
        ) STRICT""",
        """CREATE TABLE access_tokens (
            id TEXT NOT NULL,
            account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            scopes TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            PRIMARY KEY (account_id, id)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            before TEXT NOT NULL,
            after TEXT NOT NULL
        ) STRICT""",
        """CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
        """CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
        """CREATE TABLE subscriptions (
            name TEXT PRIMARY KEY,
            limits TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE subscribers (
            account_id INTEGER PRIMARY KEY,
            subscription TEXT NOT NULL REFERENCES subscriptions (name)
        ) STRICT""",
        """CREATE TABLE usage (
            account_id INTEGER NOT NULL,
            counter TEXT NOT NULL,
            day TEXT NOT NULL,
            key TEXT NOT NULL,
            PRIMARY KEY (account_id, counter, day, key)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE sessions (
            id TEXT PRIMARY KEY,
            account_id INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            secret_sha256 TEXT NOT NULL,
            previous_sha256 TEXT NOT NULL,
            form_token TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            renewed_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID""",
    ),
)


def migrate(connection: sqlite3.Connection, path: Path, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS) -> None:
    """Bring the file to the newest schema, whole or not at all; raises DatabaseTooNewError."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(migrations):
            raise DatabaseTooNewError(path, version, len(migrations))
        for migration in migrations[version:]:
            for statement in migration:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
