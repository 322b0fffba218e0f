// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import ockam.vault.VaultException.Reason;

/** The secrets and cipher keys of one vault that have not been erased yet; thread safe. */
final class LiveKeys {
    private final AtomicLong counter = new AtomicLong();
    private final Set<SoftwareSecret> secrets = ConcurrentHashMap.newKeySet();
    private final Set<SoftwareAeadKey> aeadKeys = ConcurrentHashMap.newKeySet();

    /** Takes ownership of the array. */
    SoftwareSecret addSecret(byte[] owned) {
        var secret = new SoftwareSecret(nextId(), new SecretBytes(owned), secrets::remove);
        secrets.add(secret);
        return secret;
    }

    SoftwareAeadKey addAeadKey(AesGcm cipher) {
        var key = new SoftwareAeadKey(nextId(), cipher, this);
        aeadKeys.add(key);
        return key;
    }

    void forget(SoftwareAeadKey key) {
        aeadKeys.remove(key);
    }

    /** Returns the secret as one of this vault. */
    SoftwareSecret own(Secret secret) {
        // In this order: a secret of this vault that is erased in the meantime must fail as erased, not as unknown.
        if (secret instanceof SoftwareSecret own && (secrets.contains(own) || own.isErased())) {
            return own;
        }
        throw new VaultException(Reason.UNKNOWN_KEY, secret + " is not from this vault");
    }

    int secretCount() {
        return secrets.size();
    }

    int aeadKeyCount() {
        return aeadKeys.size();
    }

    void eraseAll() {
        secrets.forEach(SoftwareSecret::erase);
        aeadKeys.forEach(SoftwareAeadKey::erase);
    }

    private KeyId nextId() {
        return new KeyId(Long.toString(counter.incrementAndGet()));
    }
}
