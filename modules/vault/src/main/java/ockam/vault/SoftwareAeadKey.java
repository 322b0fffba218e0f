// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import ockam.vault.VaultException.Reason;
import org.jspecify.annotations.Nullable;

/** A cipher key in memory: the nonce rules and the life of a key around {@link AesGcm}. */
final class SoftwareAeadKey implements AeadKey {
    private final KeyId id;
    private final LiveKeys registry;
    private final AtomicReference<@Nullable AesGcm> cipher;

    /** The lowest nonce that may be used for the next seal, unsigned. */
    private long nextNonce;

    SoftwareAeadKey(KeyId id, AesGcm cipher, LiveKeys registry) {
        this.id = id;
        this.cipher = new AtomicReference<>(cipher);
        this.registry = registry;
    }

    @Override
    public KeyId id() {
        return id;
    }

    @Override
    public void seal(long nonce, byte[] aad, byte[] buffer, int offset, int length) {
        AesGcm live = live();
        if (nonce == RESERVED_NONCE) {
            throw new VaultException(Reason.INVALID_NONCE, "the highest nonce is reserved for rekeying");
        }
        if (Long.compareUnsigned(nonce, nextNonce) < 0) {
            throw new VaultException(
                    Reason.INVALID_NONCE,
                    "nonce " + Long.toUnsignedString(nonce) + " is not above the last one of " + this);
        }
        live.seal(bytesOf(nonce), aad, buffer, offset, length);
        nextNonce = nonce + 1;
    }

    @Override
    public boolean open(long nonce, byte[] aad, byte[] input, int offset, int length, byte[] output, int outputOffset) {
        return live().open(bytesOf(nonce), aad, input, offset, length, output, outputOffset);
    }

    @Override
    public AeadKey rekey() {
        return registry.addAeadKey(live().next(bytesOf(RESERVED_NONCE)));
    }

    @Override
    public void erase() {
        if (cipher.getAndSet(null) != null) {
            registry.forget(this);
        }
    }

    @Override
    public boolean isErased() {
        return cipher.get() == null;
    }

    @Override
    public String toString() {
        return "AeadKey(" + id + ")";
    }

    private AesGcm live() {
        AesGcm live = cipher.get();
        if (live == null) {
            throw new VaultException(Reason.ERASED, this + " was erased");
        }
        return live;
    }

    private static byte[] bytesOf(long nonce) {
        return ByteBuffer.allocate(AesGcm.NONCE_LENGTH)
                .putLong(AesGcm.NONCE_LENGTH - Long.BYTES, nonce)
                .array();
    }
}
