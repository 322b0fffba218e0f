// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import ockam.identity.AttestedKey;
import ockam.identity.ChangeHistory;
import ockam.identity.Comparison;
import ockam.identity.IdentityException;
import ockam.identity.IdentityOptions;
import ockam.identity.IdentityRecords;
import ockam.identity.IdentityRepository.Retention;
import ockam.identity.OwnIdentity;
import ockam.identity.PurposeKeyAttestation;
import ockam.identity.PurposePublicKey;
import ockam.store.StoreException.Reason;
import ockam.vault.AgreementKey;
import ockam.vault.KeyId;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.VaultException;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/** Identities and histories in one transaction, and the private keys that they name. */
final class JdbcIdentities implements IdentityRecords {
    private record Known(ChangeHistory history, Retention retention, long usedAt) {}

    private final Sql sql;
    private final Locks locks;
    private final StoredVault vault;
    private final Room room;
    private final UseTimes times;
    private final Consumer<Runnable> afterCommit;
    private final boolean signingElsewhere;

    /** {@code signingElsewhere}: whether the private keys that sign are not in this database. */
    JdbcIdentities(
            Sql sql,
            Locks locks,
            StoredVault vault,
            Room room,
            UseTimes times,
            Consumer<Runnable> afterCommit,
            boolean signingElsewhere) {
        this.sql = sql;
        this.locks = locks;
        this.vault = vault;
        this.room = room;
        this.times = times;
        this.afterCommit = afterCommit;
        this.signingElsewhere = signingElsewhere;
    }

    @Override
    public Optional<ChangeHistory> history(Identifier identifier) {
        return known(identifier).map(Known::history);
    }

    @Override
    public Optional<Retention> retention(Identifier identifier) {
        return known(identifier).map(Known::retention);
    }

    private Optional<Known> known(Identifier identifier) {
        return sql.first(
                "SELECT history, retention, used_at FROM ockam_history WHERE identifier = ?",
                row -> new Known(Stored.history(row.getBytes(1)), retentionOf(row.getInt(2)), row.getLong(3)),
                identifier.toString());
    }

    @Override
    public Comparison update(ChangeHistory received, Retention retention) {
        locks.identity(received.identifier());
        Optional<Known> known = known(received.identifier());
        if (known.isEmpty()) {
            write(received, retention);
            return Comparison.FIRST_SEEN;
        }
        Known before = known.get();
        Comparison comparison = received.compareWith(before.history());
        if (comparison != Comparison.CONFLICT) {
            Retention stronger = number(retention) > number(before.retention()) ? retention : before.retention();
            if (comparison.isStored() || stronger != before.retention() || isLongAgo(before)) {
                write(comparison.isStored() ? received : before.history(), stronger);
            }
        }
        return comparison;
    }

    private boolean isLongAgo(Known known) {
        return known.retention() != Retention.KEPT && times.next() - known.usedAt() > UseTimes.COARSENESS;
    }

    private void write(ChangeHistory history, Retention retention) {
        sql.update(
                "INSERT INTO ockam_history (identifier, retention, history, cost, used_at) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (identifier) DO UPDATE SET retention = excluded.retention,"
                        + " history = excluded.history, cost = excluded.cost, used_at = excluded.used_at",
                history.identifier().toString(),
                number(retention),
                Stored.bytes(history),
                history.heldBytes(),
                times.next());
        if (retention != Retention.KEPT) {
            room.wrote(sql, history.heldBytes(), afterCommit);
        }
    }

    private static int number(Retention retention) {
        return switch (retention) {
            case EVICTABLE -> 0;
            case NAMED -> 1;
            case KEPT -> 2;
        };
    }

    private static Retention retentionOf(int number) {
        return switch (number) {
            case 0 -> Retention.EVICTABLE;
            case 1 -> Retention.NAMED;
            default -> Retention.KEPT;
        };
    }

    @Override
    public Optional<OwnIdentity> own(Identifier identifier) {
        return sql.first(
                "SELECT * FROM ockam_own_identity WHERE identifier = ?", JdbcIdentities::own, identifier.toString());
    }

    private static OwnIdentity own(ResultSet row) throws SQLException {
        try {
            ChangeHistory history = Stored.history(row.getBytes("history"));
            OwnIdentity own = OwnIdentity.create(
                    history,
                    new SigningKey(
                            new KeyId(row.getString("key_id")),
                            history.latest().content().publicKey()),
                    new IdentityOptions(
                            SignatureAlgorithm.valueOf(row.getString("signature_algorithm")),
                            SignatureAlgorithm.valueOf(row.getString("credential_algorithm")),
                            Duration.ofSeconds(row.getLong("key_lifetime")),
                            Duration.ofSeconds(row.getLong("attestation_lifetime"))));
            return withPurposeKeys(own, row).atRevision(row.getLong("revision"));
        } catch (IdentityException | VaultException | IllegalArgumentException e) {
            throw new StoreException(Reason.CORRUPT, "an identity in the store cannot be read", e);
        }
    }

    private static OwnIdentity withPurposeKeys(OwnIdentity own, ResultSet row) throws SQLException {
        OwnIdentity result = own;
        String channelKey = row.getString("channel_key_id");
        if (channelKey != null) {
            PurposeKeyAttestation attestation = Stored.attestation(row.getBytes("channel_attestation"));
            if (attestation.content().publicKey() instanceof PurposePublicKey.SecureChannelStatic key) {
                result = result.withSecureChannelKey(
                        new AttestedKey<>(new AgreementKey(new KeyId(channelKey), key.key()), attestation));
            }
        }
        String credentialKey = row.getString("credential_key_id");
        if (credentialKey != null) {
            PurposeKeyAttestation attestation = Stored.attestation(row.getBytes("credential_attestation"));
            if (attestation.content().publicKey() instanceof PurposePublicKey.CredentialSigning key) {
                result = result.withCredentialKey(
                        new AttestedKey<>(new SigningKey(new KeyId(credentialKey), key.key()), attestation));
            }
        }
        return result;
    }

    @Override
    public boolean storeOwn(OwnIdentity next) {
        locks.identity(next.identifier());
        Optional<OwnIdentity> stored = own(next.identifier());
        long expected = stored.map(before -> before.revision() + 1).orElse(0L);
        Comparison comparison = history(next.identifier())
                .map(known -> next.history().compareWith(known))
                .orElse(Comparison.FIRST_SEEN);
        if (next.revision() != expected || !(comparison.isStored() || comparison == Comparison.EQUAL)) {
            return false;
        }
        Set<KeyId> keys = keysOf(next);
        keys.stream()
                .filter(key -> !signingElsewhere || isChannelKey(next, key))
                .forEach(this::keep);
        write(next);
        write(next.history(), Retention.KEPT);
        stored.map(JdbcIdentities::keysOf).orElseGet(Set::of).stream()
                .filter(key -> !keys.contains(key))
                .forEach(key -> KeyTable.delete(sql, key));
        return true;
    }

    private static Set<KeyId> keysOf(OwnIdentity own) {
        Set<KeyId> keys = new HashSet<>();
        keys.add(own.key().id());
        own.secureChannelKey().ifPresent(key -> keys.add(key.key().id()));
        own.credentialKey().ifPresent(key -> keys.add(key.key().id()));
        return keys;
    }

    private static boolean isChannelKey(OwnIdentity own, KeyId key) {
        return own.secureChannelKey()
                .filter(channel -> channel.key().id().equals(key))
                .isPresent();
    }

    private void keep(KeyId key) {
        Optional<SealedKey> unsaved = vault.toBeStored(key);
        if (unsaved.isPresent()) {
            vault.requireSameKey(sql, locks);
            KeyTable.insert(sql, unsaved.get());
            afterCommit.accept(() -> vault.saved(key));
        } else if (KeyTable.find(sql, key).isEmpty()) {
            throw new VaultException(
                    VaultException.Reason.UNKNOWN_KEY,
                    "no private key " + key
                            + " in the vault of this store; if it is in a token or a service, use withSigning");
        }
    }

    private void write(OwnIdentity own) {
        AttestedKey<AgreementKey> channel = own.secureChannelKey().orElse(null);
        AttestedKey<SigningKey> credential = own.credentialKey().orElse(null);
        sql.update(
                "INSERT INTO ockam_own_identity (identifier, revision, history, key_id, signature_algorithm,"
                        + " credential_algorithm, key_lifetime, attestation_lifetime, channel_key_id,"
                        + " channel_attestation, credential_key_id, credential_attestation)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (identifier) DO UPDATE SET revision = excluded.revision,"
                        + " history = excluded.history, key_id = excluded.key_id,"
                        + " channel_key_id = excluded.channel_key_id,"
                        + " channel_attestation = excluded.channel_attestation,"
                        + " credential_key_id = excluded.credential_key_id,"
                        + " credential_attestation = excluded.credential_attestation",
                own.identifier().toString(),
                own.revision(),
                Stored.bytes(own.history()),
                own.key().id().value(),
                own.options().signatureAlgorithm().name(),
                own.options().credentialKeyAlgorithm().name(),
                own.options().keyLifetime().toSeconds(),
                own.options().attestationLifetime().toSeconds(),
                channel == null ? null : channel.key().id().value(),
                bytes(channel),
                credential == null ? null : credential.key().id().value(),
                bytes(credential));
    }

    private static byte @Nullable [] bytes(@Nullable AttestedKey<?> key) {
        return key == null ? null : Stored.bytes(key.attestation());
    }

    @Override
    public Optional<Identifier> named(String name) {
        return sql.first(
                "SELECT identifier FROM ockam_identity_name WHERE name = ?",
                row -> Stored.identifier(row.getString(1)),
                name);
    }

    @Override
    public boolean name(String name, Identifier own) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("the name of an identity has 1 to " + MAX_NAME_LENGTH + " characters");
        }
        if (sql.number("SELECT COUNT(*) FROM ockam_own_identity WHERE identifier = ?", own.toString()) == 0) {
            return false;
        }
        sql.update(
                "INSERT INTO ockam_identity_name (name, identifier) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                name,
                own.toString());
        return named(name).equals(Optional.of(own));
    }
}
