// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ockam.vault.AeadKey;
import ockam.vault.DerivedSecrets;
import ockam.vault.Secret;
import ockam.vault.SecureChannelVault;
import ockam.vault.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Noise's SymmetricState and the CipherState in it: hash, chaining key, key and nonce (secure channel, section 2.2).
 *
 * <p>A message is worked on in a {@link #fork()}: either the fork {@link #replaces} the state that it came from, or it is {@link
 * #discard}ed, and then nothing has changed. Confined to one thread at a time.
 */
final class SymmetricState {
    private static final byte[] NOTHING = new byte[0];

    private final SecureChannelVault vault;
    private final List<Secret> createdSecrets = new ArrayList<>();
    private final List<AeadKey> createdKeys = new ArrayList<>();
    private byte[] hash;
    private Secret chainingKey;
    private @Nullable AeadKey key;
    private long nonce;

    /** The state before the first message: protocol name as hash and chaining key, then the empty prologue. */
    static SymmetricState initial(SecureChannelVault vault, byte[] protocolName) {
        SymmetricState state = new SymmetricState(vault, protocolName.clone(), vault.secretOf(protocolName), null, 0);
        state.mixHash(NOTHING);
        return state;
    }

    private SymmetricState(
            SecureChannelVault vault, byte[] hash, Secret chainingKey, @Nullable AeadKey key, long nonce) {
        this.vault = vault;
        this.hash = hash;
        this.chainingKey = chainingKey;
        this.key = key;
        this.nonce = nonce;
    }

    byte[] hash() {
        return hash.clone();
    }

    SymmetricState fork() {
        return new SymmetricState(vault, hash, chainingKey, key, nonce);
    }

    void mixHash(byte[] data) {
        hash = Sha256.hash(hash, data);
    }

    /** Takes over a secret that is mixed in later, so that it is erased whatever happens. */
    Secret owning(Secret secret) {
        createdSecrets.add(secret);
        return secret;
    }

    /** Takes over the shared secret and erases it. */
    void mixKey(Secret sharedSecret) {
        createdSecrets.add(sharedSecret); // in case the vault fails
        DerivedSecrets derived = vault.derive(chainingKey, sharedSecret);
        createdSecrets.add(derived.first());
        createdSecrets.add(derived.second());
        sharedSecret.erase();
        AeadKey nextKey = vault.aeadKey(derived.second());
        createdKeys.add(nextKey);
        chainingKey = derived.first();
        key = nextKey;
        nonce = 0;
    }

    /** The ciphertext with its tag. Without a key, as before the first key agreement, the plaintext itself. */
    byte[] encryptAndHash(byte[] plaintext) {
        AeadKey current = key;
        byte[] out = plaintext.clone();
        if (current != null) {
            out = Arrays.copyOf(plaintext, plaintext.length + AeadKey.TAG_LENGTH);
            current.seal(nonce++, hash, out, 0, plaintext.length);
        }
        mixHash(out);
        return out;
    }

    byte[] decryptAndHash(byte[] ciphertext) {
        AeadKey current = key;
        byte[] out = ciphertext.clone();
        if (current != null) {
            if (ciphertext.length < AeadKey.TAG_LENGTH) {
                throw new NoiseException(NoiseException.Reason.TOO_SHORT);
            }
            out = new byte[ciphertext.length - AeadKey.TAG_LENGTH];
            if (!current.open(nonce++, hash, ciphertext, 0, ciphertext.length, out, 0)) {
                throw new NoiseException(NoiseException.Reason.NOT_AUTHENTIC);
            }
        }
        mixHash(ciphertext);
        return out;
    }

    /** Noise's Split: {@code k1} first, {@code k2} second. */
    DerivedSecrets split() {
        return vault.derive(chainingKey);
    }

    /** Erases what the old state and the steps in between held and this one does not need. */
    void replaces(SymmetricState old) {
        createdSecrets.add(old.chainingKey);
        if (old.key != null) {
            createdKeys.add(old.key);
        }
        createdSecrets.stream().filter(s -> s != chainingKey).forEach(Secret::erase);
        createdKeys.stream().filter(k -> k != key).forEach(AeadKey::erase);
        createdSecrets.clear();
        createdKeys.clear();
    }

    /** Erases what was created here; the state that this one was forked from is untouched. */
    void discard() {
        createdSecrets.forEach(Secret::erase);
        createdKeys.forEach(AeadKey::erase);
    }

    /** Erases everything. */
    void erase() {
        discard();
        chainingKey.erase();
        if (key != null) {
            key.erase();
        }
    }
}
