-- Tables of Ockam for Akka, for SQLite. Identifiers are texts, I and 64 hex digits; moments are seconds since 1970 UTC unless they say
-- otherwise; histories, attestations and attributes are CBOR, as in the protocol.

-- Something sealed with the key that private keys are sealed with, so that another key is noticed.
CREATE TABLE ockam_sealing (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  probe  BLOB NOT NULL
);

-- Private keys, sealed with AES-256-GCM: 12 bytes of nonce, the ciphertext, 16 bytes of tag.
CREATE TABLE ockam_private_key (
  key_id  TEXT PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('X25519', 'ED25519', 'P256')),
  sealed  BLOB NOT NULL
);

-- The latest known history of each identity, of this node or another. Retention: 0 may be forgotten, 1 of a peer that a policy names,
-- 2 is kept. Cost is what it counts among the bytes of those that are not kept.
CREATE TABLE ockam_history (
  identifier  TEXT PRIMARY KEY,
  retention   INTEGER NOT NULL CHECK (retention IN (0, 1, 2)),
  history     BLOB NOT NULL,
  cost        INTEGER NOT NULL,
  used_at     INTEGER NOT NULL -- milliseconds, when it was shown last
);
CREATE INDEX ockam_history_by_use ON ockam_history (retention, used_at, cost);

-- This node's identities: the history up to the change whose key is here, and its purpose keys with their attestations.
CREATE TABLE ockam_own_identity (
  identifier              TEXT PRIMARY KEY,
  revision                INTEGER NOT NULL,
  history                 BLOB NOT NULL,
  key_id                  TEXT NOT NULL,
  signature_algorithm     TEXT NOT NULL,
  credential_algorithm    TEXT NOT NULL,
  key_lifetime            INTEGER NOT NULL, -- seconds
  attestation_lifetime    INTEGER NOT NULL, -- seconds
  channel_key_id          TEXT,
  channel_attestation     BLOB,
  credential_key_id       TEXT,
  credential_attestation  BLOB
);

CREATE TABLE ockam_identity_name (
  name        TEXT PRIMARY KEY,
  identifier  TEXT NOT NULL REFERENCES ockam_own_identity (identifier)
);

-- What authorities said about peers, the newest statement of each.
CREATE TABLE ockam_statement (
  subject        TEXT NOT NULL,
  authority      TEXT NOT NULL,
  schema_number  INTEGER NOT NULL,
  attributes     BLOB NOT NULL,
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,
  cost           INTEGER NOT NULL,
  used_at        INTEGER NOT NULL, -- milliseconds, when it was shown last
  PRIMARY KEY (subject, authority)
);
CREATE INDEX ockam_statement_by_use ON ockam_statement (used_at, cost);

-- The members of authorities.
CREATE TABLE ockam_member (
  authority    TEXT NOT NULL,
  identifier   TEXT NOT NULL,
  attributes   BLOB NOT NULL,
  added_by     TEXT NOT NULL,
  added_at     INTEGER NOT NULL,
  pre_trusted  INTEGER NOT NULL CHECK (pre_trusted IN (0, 1)),
  PRIMARY KEY (authority, identifier)
);

-- The tokens of authorities, by the SHA-256 of their code in hex. The code itself is nowhere.
CREATE TABLE ockam_token (
  authority   TEXT NOT NULL,
  code_hash   TEXT NOT NULL,
  reference   TEXT NOT NULL,
  issuer      TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  uses        INTEGER NOT NULL CHECK (uses >= 0),
  attributes  BLOB NOT NULL,
  PRIMARY KEY (authority, code_hash)
);
