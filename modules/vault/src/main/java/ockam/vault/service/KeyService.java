// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import ockam.vault.KeyId;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.VaultException.Reason;
import ockam.vault.VerifyingKey;

/**
 * Keeps private signing keys somewhere else, in a key management service or a token, and signs with them there. To be implemented for
 * each kind of service; {@link KeyServiceVault} makes a {@link ockam.vault.SigningVault} of it.
 *
 * <p><b>Implementations</b> are thread safe and do not block the caller, since it may be an actor. They do no more than ask: time-outs,
 * the bound on what is under way and repetitions are those of the vault. The vault may repeat whatever failed with
 * {@link Reason#UNAVAILABLE} or {@link Reason#OVERLOADED}, or had not ended in time, so each operation leaves the same behind when it is
 * done twice.
 *
 * <p><b>The end of a stage</b> frees the place of the request. A stage must therefore end some day, and not before the work of this process
 * ends. When the time is up, or the caller does not want the result any more, the vault calls
 * {@code stage.toCompletableFuture().cancel(true)}. A stage that can give its request up then does, as those of the JDK's HTTP client do; one
 * that cannot ends when the work ends. A service that the request has reached may still do what it says. The vault expects that for one more
 * timeout, and deletes a key again that may have been made in this time.
 *
 * <p><b>Failures</b> are {@link ockam.vault.VaultException}s with one of the reasons that follow; anything else becomes
 * {@link Reason#FAILED}. Their texts must be safe to log.
 *
 * <ul>
 *   <li>{@link Reason#UNKNOWN_KEY}: there is no key of this name;
 *   <li>{@link Reason#DENIED}: this node may not do that. It is not repeated, since repeating can lock a token or an account;
 *   <li>{@link Reason#UNAVAILABLE}: the service cannot be reached, or not at the moment;
 *   <li>{@link Reason#OVERLOADED}: it refuses work for the moment;
 *   <li>{@link Reason#UNSUPPORTED}: it will never do that;
 *   <li>{@link Reason#FAILED}: it failed in another way.
 * </ul>
 */
public interface KeyService {

    /** Returns which keys it can make, always the same. */
    Set<SignatureAlgorithm> algorithms();

    /**
     * Completes with the public half of the key of this name, which is generated there unless there is one already. The private half
     * stays there, also when this node restarts. A stage that fails with {@link Reason#DENIED}, {@link Reason#OVERLOADED} or
     * {@link Reason#UNSUPPORTED} has generated nothing; after other failures, or when it was cancelled, the vault deletes what there may be.
     *
     * @param id the name: 38 characters, only lower-case letters, digits and hyphens, if the vault made it
     * @param algorithm one of {@link #algorithms()}
     */
    CompletionStage<VerifyingKey> generate(KeyId id, SignatureAlgorithm algorithm);

    /** Completes with the public half of the key of this name; empty when there is none. */
    CompletionStage<Optional<VerifyingKey>> find(KeyId id);

    /**
     * Signs a message with a key, by the algorithm of its public half: for P-256 the SHA-256 of the message is signed. Most services
     * give the signature away in DER: see {@link ockam.vault.P256Signature#ofDer}. The array is the service's own.
     */
    CompletionStage<Signature> sign(SigningKey key, byte[] message);

    /** Deletes a key, or has it deleted later; {@code true} if it was there. */
    CompletionStage<Boolean> delete(KeyId id);
}
