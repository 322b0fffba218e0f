// SPDX-License-Identifier: Apache-2.0

package ockam.vault.pkcs11;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import ockam.vault.P256PublicKey;
import ockam.vault.P256Signature;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One token, by its key store; blocks. Thread safe: the key store locks itself, and signatures are made beside each other.
 *
 * <p>A key is looked up in the token each time, as this takes no longer than a signature, and another process may have deleted it. The key
 * store keeps a list of what there was when it was loaded, so what is not in the list is looked for in a new one.
 */
final class Token {
    private static final String STORE = "PKCS11";

    private final Provider provider;
    private final Supplier<char[]> pin;
    private @Nullable KeyStore opened; // guarded by this
    private boolean denied; // guarded by this

    /**
     * Something that is done with the token.
     *
     * @param <T> the result
     */
    private interface Work<T> {
        T with(KeyStore keys) throws GeneralSecurityException, IOException;
    }

    Token(Provider provider, Supplier<char[]> pin) {
        this.provider = provider;
        this.pin = pin;
    }

    P256PublicKey generate(String alias) {
        return run(keys -> {
            Optional<P256PublicKey> known = publicKey(keys, alias);
            return known.isPresent() ? known.get() : generate(keys, alias);
        });
    }

    /** The pair lives in a session until the key store has taken it into the token: whoever fails in between leaves nothing there. */
    private P256PublicKey generate(KeyStore keys, String alias) throws GeneralSecurityException, IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        if (pair.getPrivate().getEncoded() != null) {
            throw new VaultException(
                    Reason.UNSUPPORTED, "the provider makes private keys that can be read out of the token");
        }
        P256PublicKey publicKey = P256PublicKey.ofX509(pair.getPublic().getEncoded());
        Certificate certificate = SelfSigned.certificate(publicKey, pair, provider);
        keys.setKeyEntry(alias, pair.getPrivate(), null, new Certificate[] {certificate});
        return publicKey;
    }

    Optional<P256PublicKey> find(String alias) {
        return run(keys -> publicKey(keys, alias));
    }

    P256Signature sign(String alias, byte[] message) {
        return run(keys -> {
            PrivateKey key = privateKey(keys, alias)
                    .orElseThrow(() -> new VaultException(Reason.UNKNOWN_KEY, "no key " + alias + " in this token"));
            var signer = java.security.Signature.getInstance("SHA256withECDSAinP1363Format", provider);
            signer.initSign(key);
            signer.update(message);
            return P256Signature.of(signer.sign());
        });
    }

    boolean delete(String alias) {
        return run(keys -> {
            boolean there = privateKey(keys, alias).isPresent();
            if (there) {
                keys.deleteEntry(alias);
            }
            return there;
        });
    }

    private static Optional<P256PublicKey> publicKey(KeyStore keys, String alias) throws GeneralSecurityException {
        return privateKey(keys, alias).isEmpty()
                ? Optional.empty()
                : Optional.of(P256PublicKey.ofX509(
                        keys.getCertificate(alias).getPublicKey().getEncoded()));
    }

    private static Optional<PrivateKey> privateKey(KeyStore keys, String alias) throws GeneralSecurityException {
        if (!keys.isKeyEntry(alias)) {
            listAnew(keys);
        }
        return keys.isKeyEntry(alias) && keys.getKey(alias, null) instanceof PrivateKey key
                ? Optional.of(key)
                : Optional.empty();
    }

    private <T> T run(Work<T> work) {
        try {
            return work.with(open());
        } catch (VaultException e) {
            note(e);
            throw e;
        } catch (GeneralSecurityException | IOException | ProviderException e) {
            VaultException failure = Providers.failure(e);
            note(failure);
            throw failure;
        }
    }

    private synchronized KeyStore open() {
        if (denied) {
            throw new VaultException(
                    Reason.DENIED, "the token refused the PIN, which is not tried again lest it lock itself");
        }
        KeyStore keys = opened;
        if (keys == null) {
            keys = keyStore();
            try {
                logIn(keys);
            } catch (GeneralSecurityException | IOException | ProviderException e) {
                VaultException failure = Providers.failure(e);
                note(failure); // before the next thread comes in, which would try the PIN again
                throw failure;
            }
            opened = keys;
        }
        return keys;
    }

    private KeyStore keyStore() {
        try {
            return KeyStore.getInstance(STORE, provider);
        } catch (KeyStoreException e) { // the provider offers one only while there is a token
            throw new VaultException(Reason.UNAVAILABLE, "there is no token in the slot", e);
        }
    }

    private void logIn(KeyStore keys) throws GeneralSecurityException, IOException {
        char[] secret = pin.get();
        try {
            keys.load(null, secret);
        } finally {
            Arrays.fill(secret, '\0');
        }
    }

    /** Without the PIN, which is needed only if the token has logged this process out; then the token is opened anew the next time. */
    private static void listAnew(KeyStore keys) throws GeneralSecurityException {
        try {
            keys.load(null, null);
        } catch (IOException e) {
            throw new VaultException(Reason.UNAVAILABLE, "the token does not list its keys any more", e);
        }
    }

    /** A token that was away is opened anew, with a log-in; one that refused the PIN never. */
    private synchronized void note(VaultException failure) {
        switch (failure.reason()) {
            case DENIED -> denied = true;
            case UNAVAILABLE -> opened = null;
            default -> {}
        }
    }

    @Override
    public String toString() {
        return provider.getName();
    }
}
