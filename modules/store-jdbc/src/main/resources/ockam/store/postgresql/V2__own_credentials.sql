-- The credentials that identities of this node got from authorities, the last one of each: what they show to peers, in CBOR.
CREATE TABLE ockam_credential (
  subject     TEXT NOT NULL,
  authority   TEXT NOT NULL,
  credential  BYTEA NOT NULL,
  expires_at  BIGINT NOT NULL,
  PRIMARY KEY (subject, authority)
);
