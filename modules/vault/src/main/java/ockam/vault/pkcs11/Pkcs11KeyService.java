// SPDX-License-Identifier: Apache-2.0

package ockam.vault.pkcs11;

import java.security.Provider;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import ockam.vault.KeyId;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;
import ockam.vault.VerifyingKey;
import ockam.vault.service.KeyService;

/**
 * P-256 signing keys in a PKCS#11 token, through a provider of the Java platform: SunPKCS11, which the JDK has, with the library of the
 * token's maker. The keys are generated in the token, and their private halves never leave it (secure channel, section 4.2). They are entries
 * of its key store whose alias is the key's name, and stay there when this node restarts. A key has a certificate beside it, signed with
 * itself and only there because such a key store wants one; it says nothing and nobody looks at it. Other objects in the token are left alone.
 *
 * <p><b>Threads.</b> Nothing runs on the caller's thread but {@link #provider}. Work runs on the executor given, which must not be one of
 * actors, since a token can take its time. Its number of threads is the number of operations at the same time, and of PKCS#11 sessions
 * beyond the one of the key store: one for a token that allows only a few, as many as the token is fast otherwise. What waits for a thread
 * counts as under way in the vault, and is bounded by it; the executor's queue may be unbounded therefore. An executor that refuses work
 * makes the stage fail with {@link Reason#OVERLOADED}.
 *
 * <p><b>The PIN</b> is asked for when the token wants it: at the first operation, and when the token came back. A PIN that was refused is
 * never tried again by this object, because most tokens lock themselves after a few: everything then fails with {@link Reason#DENIED}, and a
 * new object has to be made. PKCS#11 logs in a whole process, not an object: if anything else in this process has logged in to the same
 * token, the PIN is not looked at.
 *
 * <p><b>Failures</b> are those of {@link KeyService}: {@link Reason#UNAVAILABLE} when there is no token in the slot, it was removed or has no
 * session left, {@link Reason#UNKNOWN_KEY} when the key is not there any more, {@link Reason#DENIED}, {@link Reason#UNSUPPORTED} for anything but
 * P-256, and {@link Reason#FAILED}, with the provider's exception as the cause.
 *
 * <p>An operation that runs cannot be stopped. One that still waits for a thread and is cancelled never begins.
 */
public final class Pkcs11KeyService implements KeyService {
    private static final Set<SignatureAlgorithm> ALGORITHMS = Set.of(SignatureAlgorithm.P256);

    private static final String PRIVATE_KEYS_STAY =
            "\nattributes(generate, CKO_PRIVATE_KEY, CKK_EC) = {\nCKA_SENSITIVE = true\nCKA_EXTRACTABLE = false\n}\n";

    private final Token token;
    private final Executor executor;

    private Pkcs11KeyService(Token token, Executor executor) {
        this.token = token;
        this.executor = executor;
    }

    /**
     * Returns a provider for one token, as the text of a configuration file of SunPKCS11 says: at least {@code name}, {@code library}, and a
     * {@code slot} or {@code slotListIndex}. That generated private keys cannot be read out is added here. The provider is not registered
     * with {@link java.security.Security}, so nothing else of the application uses the token.
     *
     * <p>SunPKCS11 takes a backslash and an n for the end of a line here, unlike in a file. A text that has them, such as the path
     * {@code C:\nfast\cknfast.dll}, is refused with {@link IllegalArgumentException}; {@code C:/nfast/cknfast.dll} is the same path.
     *
     * <p>Loads the library, which may block for a moment: to be called at the start, not by an actor. Fails with {@link Reason#UNAVAILABLE} if
     * there is no such library or slot, and with {@link Reason#UNSUPPORTED} on a Java platform without the module
     * {@code jdk.crypto.cryptoki}.
     */
    public static Provider provider(String configuration) {
        return Providers.sunPkcs11(configuration + PRIVATE_KEYS_STAY);
    }

    /**
     * Returns the keys of a token. It is not yet asked for anything.
     *
     * @param provider gives access to the token: from {@link #provider}, or one that was made in another way and has a key store
     *     {@code PKCS11}. It must make private keys that cannot be read out; others are refused with {@link Reason#UNSUPPORTED}
     * @param pin returns the PIN, in a new array each time, which is overwritten after use
     * @param executor runs everything that waits for the token
     */
    public static Pkcs11KeyService create(Provider provider, Supplier<char[]> pin, Executor executor) {
        return new Pkcs11KeyService(new Token(provider, pin), executor);
    }

    @Override
    public Set<SignatureAlgorithm> algorithms() {
        return ALGORITHMS;
    }

    @Override
    public CompletionStage<VerifyingKey> generate(KeyId id, SignatureAlgorithm algorithm) {
        return algorithm == SignatureAlgorithm.P256
                ? run(() -> token.generate(id.value()))
                : CompletableFuture.failedFuture(new VaultException(
                        Reason.UNSUPPORTED, "PKCS#11 tokens have P-256 keys here, not " + algorithm));
    }

    @Override
    public CompletionStage<Optional<VerifyingKey>> find(KeyId id) {
        return run(() -> token.find(id.value()).map(key -> key));
    }

    @Override
    public CompletionStage<Signature> sign(SigningKey key, byte[] message) {
        return run(() -> token.sign(key.id().value(), message));
    }

    @Override
    public CompletionStage<Boolean> delete(KeyId id) {
        return run(() -> token.delete(id.value()));
    }

    private <T> CompletionStage<T> run(Supplier<T> work) {
        var task = new TokenTask<>(work);
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new VaultException(Reason.OVERLOADED, "the executor of the token refused work", e));
        }
        return task;
    }

    @Override
    public String toString() {
        return "Pkcs11KeyService(" + token + ")";
    }
}
