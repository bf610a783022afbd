-- What was done to branches.

CREATE TABLE activities (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL,
    ref TEXT NOT NULL,
    before TEXT NOT NULL, -- all zeros for a branch that was made
    after TEXT NOT NULL, -- all zeros for one that was deleted
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX activities_of_a_repository ON activities (repository_id, id);
