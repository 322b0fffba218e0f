// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.Optional;
import java.util.function.Consumer;
import ockam.vault.VaultException.Reason;

/** A secret in memory. */
final class SoftwareSecret implements Secret {
    private final KeyId id;
    private final SecretBytes bytes;
    private final Consumer<SoftwareSecret> onErased;

    /** Takes ownership of the bytes; {@code onErased} is called once, when they are gone. */
    SoftwareSecret(KeyId id, SecretBytes bytes, Consumer<SoftwareSecret> onErased) {
        this.id = id;
        this.bytes = bytes;
        this.onErased = onErased;
    }

    @Override
    public KeyId id() {
        return id;
    }

    /** Returns a copy, which the caller must overwrite after use. */
    byte[] copyBytes() {
        return bytes.copy().orElseThrow(this::erased);
    }

    /** Like {@link #copyBytes()}, but also erases this secret in the same step. */
    byte[] takeBytes() {
        Optional<byte[]> taken = bytes.take();
        taken.ifPresent(ignored -> onErased.accept(this));
        return taken.orElseThrow(this::erased);
    }

    @Override
    public void erase() {
        if (bytes.erase()) {
            onErased.accept(this);
        }
    }

    @Override
    public boolean isErased() {
        return bytes.isErased();
    }

    @Override
    public String toString() {
        return "Secret(" + id + ")";
    }

    private VaultException erased() {
        return new VaultException(Reason.ERASED, this + " was erased");
    }
}
