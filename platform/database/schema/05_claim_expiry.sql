CREATE INDEX claims_by_end ON claims (expires_at);
