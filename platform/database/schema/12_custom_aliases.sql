-- `branch` is NULL for production.
CREATE TABLE custom_aliases (
    label TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
    account_id INTEGER NOT NULL,
    branch TEXT,
    held_at INTEGER NOT NULL,
    is_released INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX custom_aliases_by_project ON custom_aliases (project_id);
CREATE INDEX custom_aliases_by_account ON custom_aliases (account_id);
