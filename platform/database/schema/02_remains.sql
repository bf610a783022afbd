CREATE TABLE deleted_projects (
    id TEXT PRIMARY KEY,
    deleted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE remains (
    project_id TEXT NOT NULL REFERENCES deleted_projects ON DELETE CASCADE,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (project_id, kind, key)
) STRICT, WITHOUT ROWID;
