-- `branch` is NULL for the production branch.
CREATE TABLE hooks (
    project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    branch TEXT,
    sha256 TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (project_id, id)
) STRICT, WITHOUT ROWID;
