-- With which change of the authority a statement was verified: it is void when the authority has a later one. Of those that are kept already it
-- is not known, so peers have to show their credentials again.
DELETE FROM ockam_statement;
ALTER TABLE ockam_statement ADD COLUMN authority_change BLOB NOT NULL DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000';
