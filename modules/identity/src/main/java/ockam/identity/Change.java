// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.util.Objects;
import java.util.Optional;
import ockam.vault.Signature;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import org.jspecify.annotations.Nullable;

/**
 * One step in the life of an identity: signed data that names a new key (secure channel, section 4.4).
 *
 * <p>The data are the bytes as received; hash and signatures cover these bytes, and they are exported unchanged. Whether they can
 * be read and whether the signatures are valid is only known once the history has been verified. Immutable.
 */
public final class Change {
    private final ByteString data;
    private final ChangeHash hash;
    private final Signature signature;
    private final @Nullable Signature previousSignature;

    Change(ByteString data, Signature signature, @Nullable Signature previousSignature) {
        this(data, ChangeHash.ofData(data), signature, previousSignature);
    }

    private Change(ByteString data, ChangeHash hash, Signature signature, @Nullable Signature previousSignature) {
        this.data = data;
        this.hash = hash;
        this.signature = signature;
        this.previousSignature = previousSignature;
    }

    /** Returns the signed bytes as received. */
    public ByteString data() {
        return data;
    }

    /** Returns the name of the change: the hash of its data. */
    public ChangeHash hash() {
        return hash;
    }

    /** Returns the signature by the change's own key. */
    public Signature signature() {
        return signature;
    }

    /** Returns the signature by the key of the previous change; on a first change it has no meaning. */
    public Optional<Signature> previousSignature() {
        return Optional.ofNullable(previousSignature);
    }

    /**
     * Returns the content of the change. Never fails for a change of a verified history; for any other, throws
     * {@link IdentityException} with {@code MALFORMED}, {@code WRONG_DATA_TYPE} or {@code UNKNOWN_VERSION}.
     */
    public ChangeData content() {
        return VersionedData.contentOf(data, VersionedData.Type.CHANGE, ChangeData::readFrom);
    }

    /** Returns the same change, keeping only its own bytes in memory. */
    Change detached() {
        return new Change(data.compact(), hash, signature, previousSignature);
    }

    int encodedSize() {
        CborWriter writer = CborWriter.create(data.length() + 160);
        writeTo(writer);
        return writer.position();
    }

    void writeTo(CborWriter writer) {
        writer.array(previousSignature == null ? 2 : 3).bytes(data);
        IdentityCbor.write(signature, writer);
        if (previousSignature != null) {
            IdentityCbor.write(previousSignature, writer);
        }
    }

    static Change readFrom(CborReader reader) {
        return reader.struct(fields -> new Change(
                fields.bytes(), IdentityCbor.readSignature(fields), fields.optional(IdentityCbor::readSignature)));
    }

    /** Compares the bytes, including the signatures. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Change that
                && hash.equals(that.hash)
                && signature.equals(that.signature)
                && Objects.equals(previousSignature, that.previousSignature);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    @Override
    public String toString() {
        return "Change(" + hash + ")";
    }
}
