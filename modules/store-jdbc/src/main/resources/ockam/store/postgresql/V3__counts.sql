-- How many members and tokens each authority has: to count a long list for each new one would take longer than all the rest. Counted again
-- when an authority starts.
CREATE TABLE ockam_authority (
  authority  TEXT PRIMARY KEY,
  members    BIGINT NOT NULL DEFAULT 0,
  tokens     BIGINT NOT NULL DEFAULT 0
);
INSERT INTO ockam_authority (authority, members) SELECT authority, COUNT(*) FROM ockam_member GROUP BY authority;
INSERT INTO ockam_authority (authority, tokens)
  SELECT authority, COUNT(*) FROM ockam_token WHERE 1 = 1 GROUP BY authority
  ON CONFLICT (authority) DO UPDATE SET tokens = excluded.tokens;

-- Those that have ended make room for new ones.
CREATE INDEX ockam_token_by_end ON ockam_token (authority, expires_at);
