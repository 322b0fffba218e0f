// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.Done;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.identity.CredentialAndPurposeKey;

/**
 * From where one side of a channel has the credential that it presents (authority, section 7). One retriever may serve any number of
 * channels and listeners of one identity. {@link #fixed} and {@link #cached} have a credential, or not; {@link ReplaceableCredential} is
 * given a newer one, and {@link RefreshingRetriever} keeps asking for one.
 *
 * <p>An implementation must be thread safe, and neither block nor throw.
 */
public interface CredentialRetriever {

    /**
     * Completes with the credential to present now. It may take its time, but a handshake waits for it, no longer than its own time-out. If
     * it fails, so does the handshake, with {@code CREDENTIAL_UNAVAILABLE}: before anything is sent to the peer, unless the credential ends
     * in the middle of the handshake. An open channel stays as it is: after {@link CredentialUnavailableException} until it is told of a newer
     * one, and after any other failure until it has asked again, with pauses of 1 s to 45 s.
     */
    CompletionStage<CredentialAndPurposeKey> credential();

    /**
     * Runs something, quick, on any thread, each time that {@link #credential} has a newer one. Returns what ends that, which may be run
     * more than once. Every open channel watches, and stops to watch when it closes; a retriever that nobody watches should have nothing
     * running.
     */
    Runnable watch(Runnable newer);

    /** Always has this credential, expired or not (authority, section 7: memory). */
    static CredentialRetriever fixed(CredentialAndPurposeKey credential) {
        return new FixedRetriever(credential);
    }

    /**
     * Looks for a credential each time that one is needed: in a file, a table, a memory. It presents a credential until the second in which
     * it ends, and fails with {@link CredentialUnavailableException} if none is found, or one that has ended (authority, section 7). Open
     * channels do not learn of a newer one.
     *
     * @param lookUp finds the credential; it must not block
     * @param clock tells what has expired
     */
    static CredentialRetriever cached(
            Supplier<? extends CompletionStage<Optional<CredentialAndPurposeKey>>> lookUp, Clock clock) {
        return new CachedRetriever(lookUp, ended -> CompletableFuture.completedStage(Done.getInstance()), clock);
    }

    /**
     * Does the same, and has a credential that has ended deleted (authority, section 7).
     *
     * @param delete removes a credential from where it was found; it must not block. If it fails, that is logged
     */
    static CredentialRetriever cached(
            Supplier<? extends CompletionStage<Optional<CredentialAndPurposeKey>>> lookUp,
            Function<? super CredentialAndPurposeKey, ? extends CompletionStage<?>> delete,
            Clock clock) {
        return new CachedRetriever(lookUp, delete, clock);
    }
}
