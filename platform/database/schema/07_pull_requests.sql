ALTER TABLE deployments ADD COLUMN retired_at INTEGER;
CREATE TABLE pull_requests (
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    branch TEXT NOT NULL,
    sha TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    comment_id INTEGER,
    comment_fingerprint TEXT,
    PRIMARY KEY (repository_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX pull_requests_by_branch ON pull_requests (repository_id, branch);
CREATE TABLE retirements (
    repository_id INTEGER NOT NULL,
    branch TEXT NOT NULL,
    reason TEXT NOT NULL,
    retired_at INTEGER NOT NULL,
    PRIMARY KEY (repository_id, branch)
) STRICT, WITHOUT ROWID;
-- Words with spaces between them; NULL is all there are.
ALTER TABLE projects ADD COLUMN surfaces TEXT;
ALTER TABLE deployments ADD COLUMN tree TEXT NOT NULL DEFAULT '';
ALTER TABLE deployments ADD COLUMN is_portable INTEGER NOT NULL DEFAULT 0;
CREATE INDEX deployments_by_tree ON deployments (project_id, tree) WHERE is_portable;
