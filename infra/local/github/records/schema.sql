CREATE TABLE IF NOT EXISTS facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Apps that were made from a manifest. The newest that has a key is the one that is played.
CREATE TABLE IF NOT EXISTS apps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    manifest TEXT NOT NULL, -- JSON
    client_id TEXT NOT NULL,
    webhook_secret TEXT NOT NULL,
    public_key TEXT NOT NULL DEFAULT '',
    code_digest TEXT, -- NULL: spent
    code_expires_at REAL NOT NULL,
    created_at TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS repositories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    default_branch TEXT NOT NULL,
    created_at TEXT NOT NULL,
    pushed_at TEXT, -- until the first push has landed the repository is known to nobody
    last_number INTEGER NOT NULL DEFAULT 0
);

-- The refs that pushes were recorded for. What git has beyond them is a push that is still to be recorded.
CREATE TABLE IF NOT EXISTS refs (
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    name TEXT NOT NULL,
    sha TEXT NOT NULL,
    PRIMARY KEY (repository_id, name)
);

CREATE TABLE IF NOT EXISTS tokens (
    digest TEXT PRIMARY KEY,
    expires_at REAL NOT NULL,
    repository_ids TEXT, -- JSON; NULL: all
    permissions TEXT NOT NULL -- JSON
);

CREATE TABLE IF NOT EXISTS statuses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    sha TEXT NOT NULL,
    state TEXT NOT NULL,
    context TEXT NOT NULL,
    description TEXT,
    target_url TEXT,
    creator TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS statuses_of_a_commit ON statuses (repository_id, sha, context);

CREATE TABLE IF NOT EXISTS deployments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    sha TEXT NOT NULL,
    ref TEXT NOT NULL,
    task TEXT NOT NULL,
    environment TEXT NOT NULL,
    description TEXT,
    payload TEXT NOT NULL, -- JSON
    transient INTEGER NOT NULL,
    production INTEGER NOT NULL,
    creator TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS deployments_of_a_repository ON deployments (repository_id, environment);

CREATE TABLE IF NOT EXISTS deployment_statuses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    deployment_id INTEGER NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    description TEXT NOT NULL,
    environment TEXT NOT NULL,
    environment_url TEXT NOT NULL,
    log_url TEXT NOT NULL,
    creator TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS statuses_of_a_deployment ON deployment_statuses (deployment_id);

CREATE TABLE IF NOT EXISTS pulls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    body TEXT,
    creator TEXT NOT NULL,
    draft INTEGER NOT NULL,
    state TEXT NOT NULL,
    head TEXT NOT NULL,
    head_sha TEXT NOT NULL,
    base TEXT NOT NULL,
    base_sha TEXT NOT NULL,
    merge_sha TEXT, -- of the commit that merged it
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    closed_at TEXT,
    merged_at TEXT,
    UNIQUE (repository_id, number)
);

CREATE TABLE IF NOT EXISTS comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES repositories (id),
    number INTEGER NOT NULL, -- of the pull request
    body TEXT NOT NULL,
    creator TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS comments_of_a_pull ON comments (repository_id, number);

CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guid TEXT NOT NULL,
    event TEXT NOT NULL,
    action TEXT,
    repository_id INTEGER,
    payload TEXT NOT NULL, -- the very text that is signed and sent
    redelivery INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    delivered_at TEXT, -- NULL: not tried yet
    duration REAL NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT '',
    status_code INTEGER NOT NULL DEFAULT 0,
    request_headers TEXT NOT NULL DEFAULT '{}',
    response_headers TEXT NOT NULL DEFAULT '{}',
    response_payload TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS deliveries_to_try ON deliveries (id) WHERE delivered_at IS NULL;
