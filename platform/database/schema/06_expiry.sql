ALTER TABLE deployments ADD COLUMN shown_at INTEGER;
ALTER TABLE deployments ADD COLUMN expired_at INTEGER;
-- `labels` is a JSON array.
CREATE TABLE expiring (
    deployment_id TEXT PRIMARY KEY REFERENCES deployments (id) ON DELETE CASCADE,
    labels TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deployments_never_ready ON deployments (finished_at) WHERE state <> 'ready';
