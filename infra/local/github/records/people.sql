-- Other people, and what they have: accounts, roles, forks, reactions.

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE COLLATE NOCASE,
    kind TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE TABLE personal_tokens (
    digest TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id)
);

CREATE TABLE owned_repositories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL DEFAULT 0, -- 0: the account that the settings name
    name TEXT NOT NULL COLLATE NOCASE,
    default_branch TEXT NOT NULL,
    created_at TEXT NOT NULL,
    pushed_at TEXT, -- until the first push has landed the repository is known to nobody
    last_number INTEGER NOT NULL DEFAULT 0,
    private INTEGER NOT NULL DEFAULT 1,
    archived INTEGER NOT NULL DEFAULT 0,
    installed INTEGER NOT NULL DEFAULT 1, -- whether the App's installation has it
    parent_id INTEGER, -- of a fork
    UNIQUE (owner_id, name)
);
INSERT INTO owned_repositories (id, name, default_branch, created_at, pushed_at, last_number)
SELECT id, name, default_branch, created_at, pushed_at, last_number FROM repositories;
DROP TABLE repositories;
ALTER TABLE owned_repositories RENAME TO repositories;
-- The first of all has a number that nobody takes for a count.
DELETE FROM sqlite_sequence WHERE name = 'repositories' AND seq = 0;
INSERT INTO sqlite_sequence (name, seq)
SELECT 'repositories', 8000 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'repositories');

CREATE TABLE former_names (
    owner_id INTEGER NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    PRIMARY KEY (owner_id, name)
);

CREATE TABLE roles (
    repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL,
    PRIMARY KEY (repository_id, account_id)
);

ALTER TABLE pulls ADD COLUMN head_repository_id INTEGER; -- NULL: it was deleted
ALTER TABLE pulls ADD COLUMN head_owner_id INTEGER NOT NULL DEFAULT 0;
UPDATE pulls SET head_repository_id = repository_id;
CREATE INDEX pulls_from_a_repository ON pulls (head_repository_id);

CREATE TABLE reactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    comment_id INTEGER NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    content TEXT NOT NULL,
    creator TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (comment_id, content, creator)
);
