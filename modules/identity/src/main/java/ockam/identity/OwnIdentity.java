// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Optional;
import ockam.vault.AgreementKey;
import ockam.vault.KeyId;
import ockam.vault.SigningKey;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * Everything to be remembered about an identity of this node: one record of an {@link IdentityRepository}. It holds nothing
 * secret, because private keys are in the vault.
 *
 * <p>It is replaced as a whole, and only by the record with the next {@link #revision()}, so two writers never mix their changes.
 * Every {@code with} method returns that next record. Immutable.
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
     * Returns the first record of an identity, revision 0, without purpose keys. The key must be that of the latest change,
     * otherwise throws {@link IllegalArgumentException}. Can also be used to import an identity whose private key was imported
     * into the vault.
     */
    public static OwnIdentity create(ChangeHistory history, SigningKey key, IdentityOptions options) {
        return new OwnIdentity(history, key, options, null, null, 0);
    }

    /** Returns the next record, after a change was appended to the history; the purpose keys are kept, although outdated. */
    public OwnIdentity withRotation(ChangeHistory newHistory, SigningKey newKey) {
        return new OwnIdentity(newHistory, newKey, options, secureChannelKey, credentialKey, revision + 1);
    }

    /** Returns the next record, with this key for secure channels. */
    public OwnIdentity withSecureChannelKey(AttestedKey<AgreementKey> newKey) {
        return new OwnIdentity(history, key, options, newKey, credentialKey, revision + 1);
    }

    /** Returns the next record, with this key for credentials. */
    public OwnIdentity withCredentialKey(AttestedKey<SigningKey> newKey) {
        return new OwnIdentity(history, key, options, secureChannelKey, newKey, revision + 1);
    }

    /** Returns the same record with this revision, for a repository that rebuilds a record from its parts. */
    public OwnIdentity atRevision(long number) {
        return new OwnIdentity(history, key, options, secureChannelKey, credentialKey, number);
    }

    /** Returns whether this is one of its keys. */
    boolean names(KeyId id) {
        return key.id().equals(id)
                || secureChannelKey().filter(own -> own.key().id().equals(id)).isPresent()
                || credentialKey().filter(own -> own.key().id().equals(id)).isPresent();
    }

    /** Returns the name of the identity. */
    public Identifier identifier() {
        return history.identifier();
    }

    /** Returns the history up to the change whose key is here. */
    public ChangeHistory history() {
        return history;
    }

    /** Returns the handle of the identity's latest key. */
    public SigningKey key() {
        return key;
    }

    /** Returns the options of the identity. */
    public IdentityOptions options() {
        return options;
    }

    /** Returns the latest key for secure channels; it may be outdated. */
    public Optional<AttestedKey<AgreementKey>> secureChannelKey() {
        return Optional.ofNullable(secureChannelKey);
    }

    /** Returns the latest key for credentials; it may be outdated. */
    public Optional<AttestedKey<SigningKey>> credentialKey() {
        return Optional.ofNullable(credentialKey);
    }

    /** Returns how many records of this identity there were before. */
    public long revision() {
        return revision;
    }

    @Override
    public String toString() {
        return "OwnIdentity(" + identifier() + ", revision " + revision + ")";
    }
}
