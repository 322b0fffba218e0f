-- How many members each authority has: to count a long list for each new member would take longer than all the rest. Counted again when an
-- authority starts.
CREATE TABLE ockam_authority (
  authority  TEXT PRIMARY KEY,
  members    INTEGER NOT NULL
);
INSERT INTO ockam_authority (authority, members) SELECT authority, COUNT(*) FROM ockam_member GROUP BY authority;
