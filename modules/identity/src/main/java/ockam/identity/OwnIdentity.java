// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Optional;
import ockam.vault.AgreementKey;
import ockam.vault.SigningKey;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * All that is to be remembered of an own identity: one record of an {@link IdentityRepository}, without anything secret,
 * since private keys are in the vault.
 *
 * <p>It is replaced as a whole, and only by the record with the next {@link #revision()}: so two writers never mix their
 * changes. Every {@code with} method gives that next record. Immutable.
 */
public final class OwnIdentity {
    private final ChangeHistory history;
    private final SigningKey key;
    private final IdentityOptions options;
    private final @Nullable AttestedKey<AgreementKey> secureChannelKey;
    private final @Nullable AttestedKey<SigningKey> credentialKey;
    private final long revision;

    private OwnIdentity(
            ChangeHistory history,
            SigningKey key,
            IdentityOptions options,
            @Nullable AttestedKey<AgreementKey> secureChannelKey,
            @Nullable AttestedKey<SigningKey> credentialKey,
            long revision) {
        this.history = history;
        this.key = key;
        this.options = options;
        this.secureChannelKey = secureChannelKey;
        this.credentialKey = credentialKey;
        this.revision = revision;
        if (!history.latest().content().publicKey().equals(key.publicKey())) {
            throw new IllegalArgumentException("not the latest key of " + history.identifier());
        }
    }

    /**
     * The first record of an identity, revision 0, without purpose keys. The key must be that of the latest change, else
     * {@link IllegalArgumentException}. Also the way to bring an identity along whose private key was put into the vault.
     */
    public static OwnIdentity create(ChangeHistory history, SigningKey key, IdentityOptions options) {
        return new OwnIdentity(history, key, options, null, null, 0);
    }

    /** The next record, after a change was appended to the history; the purpose keys stay, though outdated. */
    public OwnIdentity withRotation(ChangeHistory newHistory, SigningKey newKey) {
        return new OwnIdentity(newHistory, newKey, options, secureChannelKey, credentialKey, revision + 1);
    }

    /** The next record, with this key for secure channels. */
    public OwnIdentity withSecureChannelKey(AttestedKey<AgreementKey> newKey) {
        return new OwnIdentity(history, key, options, newKey, credentialKey, revision + 1);
    }

    /** The next record, with this key for credentials. */
    public OwnIdentity withCredentialKey(AttestedKey<SigningKey> newKey) {
        return new OwnIdentity(history, key, options, secureChannelKey, newKey, revision + 1);
    }

    /** The same record under this revision, for a repository that builds a record again from its parts. */
    public OwnIdentity atRevision(long number) {
        return new OwnIdentity(history, key, options, secureChannelKey, credentialKey, number);
    }

    /** The name of the identity. */
    public Identifier identifier() {
        return history.identifier();
    }

    /** The history up to the change whose key is here. */
    public ChangeHistory history() {
        return history;
    }

    /** The handle of the identity's latest key. */
    public SigningKey key() {
        return key;
    }

    /** How the identity was made. */
    public IdentityOptions options() {
        return options;
    }

    /** The key for secure channels made last; it may be outdated. */
    public Optional<AttestedKey<AgreementKey>> secureChannelKey() {
        return Optional.ofNullable(secureChannelKey);
    }

    /** The key for credentials made last; it may be outdated. */
    public Optional<AttestedKey<SigningKey>> credentialKey() {
        return Optional.ofNullable(credentialKey);
    }

    /** How many records of this identity there were before. */
    public long revision() {
        return revision;
    }

    @Override
    public String toString() {
        return "OwnIdentity(" + identifier() + ", revision " + revision + ")";
    }
}
