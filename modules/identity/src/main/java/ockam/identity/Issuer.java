// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException.Reason;
import ockam.vault.Signature;
import ockam.vault.SigningKey;
import ockam.vault.SigningVault;

/** Creates and signs the changes and attestations of this node's identities (secure channel, sections 4.3, 4.4 and 4.7). */
final class Issuer {
    private final SigningVault vault;

    Issuer(SigningVault vault) {
        this.vault = vault;
    }

    /** Creates the history of a new identity. */
    CompletionStage<ChangeHistory> firstHistory(SigningKey key, Timestamp now, Duration lifetime) {
        var content = new ChangeData(null, key.publicKey(), false, now, now.plus(lifetime));
        ByteString data = content.encodeSigned();
        return sign(key, data).thenApply(signature -> new ChangeHistory(List.of(new Change(data, signature, null))));
    }

    /**
     * Appends one more change to the history, signed by the new and the previous key. Its validity begins now, but never before
     * that of the previous change, even if the clock has been set back since.
     */
    CompletionStage<ChangeHistory> nextHistory(
            ChangeHistory history, SigningKey previousKey, SigningKey key, Timestamp now, Duration lifetime) {
        Change last = history.latest();
        Timestamp from = Timestamp.later(now, last.content().validFrom());
        ByteString data = new ChangeData(last.hash(), key.publicKey(), false, from, from.plus(lifetime)).encodeSigned();
        return sign(key, data)
                .thenCompose(signature -> sign(previousKey, data).thenApply(previousSignature -> {
                    List<Change> changes = new ArrayList<>(history.changes());
                    changes.add(new Change(data, signature, previousSignature));
                    return new ChangeHistory(changes);
                }));
    }

    /** Creates the identity's statement that a key is its own, within the validity of the identity's latest key. */
    CompletionStage<PurposeKeyAttestation> attest(OwnIdentity own, PurposePublicKey publicKey, Timestamp now) {
        ChangeData latest = own.history().latest().content();
        Timestamp createdAt = Timestamp.later(now, latest.validFrom());
        if (createdAt.isAfter(latest.validUntil()) || createdAt.isAfter(now.plus(AttestationVerifier.CLOCK_SKEW))) {
            throw new IdentityException(
                    Reason.KEY_NOT_VALID_NOW,
                    "the key of " + own.identifier() + " may attest from " + latest.validFrom() + " to "
                            + latest.validUntil() + ", and it is " + now);
        }
        Timestamp expiresAt =
                Timestamp.earlier(createdAt.plus(own.options().attestationLifetime()), latest.validUntil());
        ByteString data = new PurposeKeyAttestationData(
                        own.identifier(), own.history().latest().hash(), publicKey, createdAt, expiresAt)
                .encodeSigned();
        return sign(own.key(), data).thenApply(signature -> new PurposeKeyAttestation(data, signature));
    }

    private CompletionStage<Signature> sign(SigningKey key, ByteString data) {
        return vault.sign(key, VersionedData.hash(data));
    }
}
