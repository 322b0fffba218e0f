// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException.Reason;
import ockam.vault.Signature;
import ockam.vault.VerifyingKey;
import ockam.vault.VerifyingVault;

/**
 * Verifies change histories by the rules of secure channel, section 4.5. The rules that need no signature are checked for the
 * whole history first, so that a stranger cannot cause curve operations with a history that is invalid anyway.
 */
final class HistoryVerifier {
    private final VerifyingVault vault;

    HistoryVerifier(VerifyingVault vault) {
        this.vault = vault;
    }

    /** Completes with the same history, verified; or fails with the first rule that is broken. Signatures are verified one by one. */
    CompletionStage<ChangeHistory> verify(ChangeHistory history) {
        List<Change> changes = history.changes();
        List<ChangeData> contents = changes.stream().map(Change::content).toList();
        for (int i = 0; i < changes.size(); i++) {
            checkLink(changes, contents, i);
        }
        // One flat chain, built before the first result is there: no history is long enough to exhaust the stack.
        CompletionStage<ChangeHistory> chain = CompletableFuture.completedFuture(history);
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            chain = require(chain, contents.get(i).publicKey(), change, change.signature(), Reason.SIGNATURE_INVALID);
            if (i > 0) {
                VerifyingKey previousKey = contents.get(i - 1).publicKey();
                Signature previous = change.previousSignature().orElseThrow();
                chain = require(chain, previousKey, change, previous, Reason.PREVIOUS_SIGNATURE_INVALID);
            }
        }
        return chain;
    }

    private static void checkLink(List<Change> changes, List<ChangeData> contents, int index) {
        Change change = changes.get(index);
        ChangeData content = contents.get(index);
        Optional<ChangeHash> previous = content.previousChange();
        checkAlgorithm(content.publicKey(), change.signature());
        if (index == 0) { // a second signature on the first change is ignored
            if (previous.isPresent()) {
                throw new IdentityException(
                        Reason.FIRST_CHANGE_HAS_PREVIOUS, "the first change names a previous change");
            }
            return;
        }
        ChangeData contentBefore = contents.get(index - 1);
        if (!previous.equals(Optional.of(changes.get(index - 1).hash()))) {
            throw new IdentityException(
                    Reason.PREVIOUS_CHANGE_MISMATCH, "change " + index + " does not name the previous change");
        }
        if (content.validFrom().isBefore(contentBefore.validFrom())) {
            throw new IdentityException(
                    Reason.VALIDITY_DECREASES,
                    "the validity of change " + index + " begins before that of the previous one");
        }
        Signature previousSignature = change.previousSignature()
                .orElseThrow(() -> new IdentityException(
                        Reason.PREVIOUS_SIGNATURE_MISSING, "change " + index + " is not signed by the previous key"));
        checkAlgorithm(contentBefore.publicKey(), previousSignature);
    }

    static void checkAlgorithm(VerifyingKey key, Signature signature) {
        if (key.algorithm() != signature.algorithm()) {
            throw new IdentityException(
                    Reason.KEY_AND_SIGNATURE_DIFFER,
                    "a " + key.algorithm() + " key with a " + signature.algorithm() + " signature");
        }
    }

    private CompletionStage<ChangeHistory> require(
            CompletionStage<ChangeHistory> chain,
            VerifyingKey key,
            Change change,
            Signature signature,
            Reason otherwise) {
        return chain.thenCompose(history -> vault.verify(
                        key, change.hash().bytes().toArray(), signature)
                .thenApply(valid -> {
                    if (!valid) {
                        throw new IdentityException(
                                otherwise, "a signature of change " + change.hash() + " is invalid");
                    }
                    return history;
                }));
    }
}
