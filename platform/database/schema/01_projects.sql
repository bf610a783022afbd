CREATE TABLE installations (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    account TEXT NOT NULL
) STRICT;
CREATE TABLE projects (
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
) STRICT;
CREATE TABLE deployments (
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
) STRICT;
CREATE INDEX deployments_by_project ON deployments (project_id);
CREATE INDEX deployments_by_branch ON deployments (project_id, branch);
CREATE INDEX deployments_unfinished ON deployments (sequence) WHERE finished_at IS NULL;
CREATE TABLE deliveries (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL,
    repository TEXT,
    received_at INTEGER NOT NULL,
    decisions TEXT NOT NULL
) STRICT;
CREATE TABLE aliases (
    label TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
    deployment_id TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    newest INTEGER NOT NULL,
    moves INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_project ON aliases (project_id);
CREATE INDEX aliases_by_deployment ON aliases (deployment_id);
CREATE TABLE spent_tickets (
    id TEXT PRIMARY KEY,
    spender TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_tickets_by_end ON spent_tickets (expires_at);
CREATE TABLE claims (
    sha256 TEXT PRIMARY KEY,
    deployment_id TEXT NOT NULL UNIQUE REFERENCES deployments (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE reports (
    deployment_id TEXT PRIMARY KEY REFERENCES deployments (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    github_deployment_id INTEGER
) STRICT, WITHOUT ROWID;
-- `due` is NULL while an older event of the same group is unfinished. `sequence` may be used again when its
-- event is gone: a counter (AUTOINCREMENT) would cost every insert another write.
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    detail TEXT NOT NULL,
    group_name TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due INTEGER
) STRICT;
CREATE INDEX events_due ON events (type, due) WHERE due IS NOT NULL;
CREATE INDEX events_by_group ON events (group_name) WHERE group_name <> '';
CREATE TABLE dead_letters (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    detail TEXT NOT NULL,
    group_name TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    died_at INTEGER NOT NULL
) STRICT;
CREATE TABLE jobs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    project_id TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    deploy_ticket TEXT NOT NULL,
    seconds INTEGER NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    running INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE routes (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
