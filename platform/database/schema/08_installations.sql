ALTER TABLE installations ADD COLUMN standing TEXT NOT NULL DEFAULT 'active';
ALTER TABLE installations ADD COLUMN told_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN access TEXT NOT NULL DEFAULT 'granted';
CREATE TABLE grants (
    repository_id INTEGER NOT NULL,
    installation_id INTEGER NOT NULL,
    is_given INTEGER NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (repository_id, installation_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE repositories (
    id INTEGER PRIMARY KEY,
    full_name TEXT NOT NULL,
    default_branch TEXT,
    is_archived INTEGER NOT NULL,
    is_deleted INTEGER NOT NULL,
    told_at INTEGER NOT NULL
) STRICT;
