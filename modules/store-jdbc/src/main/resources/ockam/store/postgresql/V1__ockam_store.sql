-- Tables of Ockam for Akka, for PostgreSQL. Identifiers are texts, I and 64 hex digits; moments are seconds since 1970 UTC unless they say
-- otherwise; histories, attestations and attributes are CBOR, as in the protocol.

-- Something sealed with the key that private keys are sealed with, so that another key is noticed.
CREATE TABLE ockam_sealing (
  id     SMALLINT PRIMARY KEY CHECK (id = 1),
  probe  BYTEA NOT NULL
);

-- Private keys, sealed with AES-256-GCM: 12 bytes of nonce, the ciphertext, 16 bytes of tag.
CREATE TABLE ockam_private_key (
  key_id  TEXT PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('X25519', 'ED25519', 'P256')),
  sealed  BYTEA NOT NULL
);

-- The latest known history of each identity, of this node or another. Retention: 0 may be forgotten, 1 of a peer that a policy names,
-- 2 is kept. Cost is what it counts among the bytes of those that are not kept.
CREATE TABLE ockam_history (
  identifier  TEXT PRIMARY KEY,
  retention   SMALLINT NOT NULL CHECK (retention IN (0, 1, 2)),
  history     BYTEA NOT NULL,
  cost        BIGINT NOT NULL,
  used_at     BIGINT NOT NULL -- milliseconds, when it was shown last
);
CREATE INDEX ockam_history_by_use ON ockam_history (retention, used_at, cost);

-- This node's identities: the history up to the change whose key is here, and its purpose keys with their attestations.
CREATE TABLE ockam_own_identity (
  identifier              TEXT PRIMARY KEY,
  revision                BIGINT NOT NULL,
  history                 BYTEA NOT NULL,
  key_id                  TEXT NOT NULL,
  signature_algorithm     TEXT NOT NULL,
  credential_algorithm    TEXT NOT NULL,
  key_lifetime            BIGINT NOT NULL, -- seconds
  attestation_lifetime    BIGINT NOT NULL, -- seconds
  channel_key_id          TEXT,
  channel_attestation     BYTEA,
  credential_key_id       TEXT,
  credential_attestation  BYTEA
);

CREATE TABLE ockam_identity_name (
  name        TEXT PRIMARY KEY,
  identifier  TEXT NOT NULL REFERENCES ockam_own_identity (identifier)
);

-- What authorities said about peers, the newest statement of each.
CREATE TABLE ockam_statement (
  subject        TEXT NOT NULL,
  authority      TEXT NOT NULL,
  schema_number  BIGINT NOT NULL,
  attributes     BYTEA NOT NULL,
  created_at     BIGINT NOT NULL,
  expires_at     BIGINT NOT NULL,
  cost           BIGINT NOT NULL,
  used_at        BIGINT NOT NULL, -- milliseconds, when it was shown last
  PRIMARY KEY (subject, authority)
);
CREATE INDEX ockam_statement_by_use ON ockam_statement (used_at, cost);

-- The members of authorities.
CREATE TABLE ockam_member (
  authority    TEXT NOT NULL,
  identifier   TEXT NOT NULL,
  attributes   BYTEA NOT NULL,
  added_by     TEXT NOT NULL,
  added_at     BIGINT NOT NULL,
  pre_trusted  SMALLINT NOT NULL CHECK (pre_trusted IN (0, 1)),
  PRIMARY KEY (authority, identifier)
);

-- The tokens of authorities, by the SHA-256 of their code in hex. The code itself is nowhere.
CREATE TABLE ockam_token (
  authority   TEXT NOT NULL,
  code_hash   TEXT NOT NULL,
  reference   TEXT NOT NULL,
  issuer      TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  uses        BIGINT NOT NULL CHECK (uses >= 0),
  attributes  BYTEA NOT NULL,
  PRIMARY KEY (authority, code_hash)
);
