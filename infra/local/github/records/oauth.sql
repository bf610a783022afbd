-- People who let the App act for them: codes on their way to the App, devices that wait, and tokens.

ALTER TABLE apps ADD COLUMN client_secret_digest TEXT NOT NULL DEFAULT '';

CREATE TABLE authorization_codes (
    digest TEXT PRIMARY KEY,
    account_key INTEGER NOT NULL, -- 0: the account that the settings name
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL, -- of PKCE; empty: none was sent
    expires_at REAL NOT NULL
);

CREATE TABLE devices (
    digest TEXT PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    standing TEXT NOT NULL,
    account_key INTEGER NOT NULL DEFAULT 0,
    pace INTEGER NOT NULL, -- seconds between two questions
    asked_at REAL NOT NULL,
    expires_at REAL NOT NULL
);

CREATE TABLE user_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest TEXT NOT NULL UNIQUE,
    last_eight TEXT NOT NULL,
    refresh_digest TEXT NOT NULL UNIQUE,
    account_key INTEGER NOT NULL,
    repository_id INTEGER, -- NULL: all that the App has
    by_device INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    expires_at REAL NOT NULL,
    refresh_expires_at REAL NOT NULL
);
