// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.util.Objects;
import java.util.Optional;
import ockam.vault.VerifyingKey;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import org.jspecify.annotations.Nullable;

/**
 * The content of a change: the key that is valid from then on, and for how long it may attest (secure channel, section 4.4).
 *
 * <p>Read from the signed bytes of a {@link Change}, which are never encoded again from it. Immutable.
 */
public final class ChangeData {
    private final @Nullable ChangeHash previousChange;
    private final VerifyingKey publicKey;
    private final boolean revokesPurposeKeys;
    private final Timestamp validFrom;
    private final Timestamp validUntil;

    ChangeData(
            @Nullable ChangeHash previousChange,
            VerifyingKey publicKey,
            boolean revokesPurposeKeys,
            Timestamp validFrom,
            Timestamp validUntil) {
        this.previousChange = previousChange;
        this.publicKey = publicKey;
        this.revokesPurposeKeys = revokesPurposeKeys;
        this.validFrom = validFrom;
        this.validUntil = validUntil;
    }

    /** Returns the hash of the previous change; empty in the first. */
    public Optional<ChangeHash> previousChange() {
        return Optional.ofNullable(previousChange);
    }

    /** Returns the key that signs from this change on. */
    public VerifyingKey publicKey() {
        return publicKey;
    }

    /**
     * Returns whether the change declares earlier attestations void. Has no effect: every change makes them void (secure channel,
     * section 4.8).
     */
    public boolean revokesPurposeKeys() {
        return revokesPurposeKeys;
    }

    /** Returns the time from which the key may sign attestations. */
    public Timestamp validFrom() {
        return validFrom;
    }

    /** Returns the time until which the key may sign attestations, and until which they may last. */
    public Timestamp validUntil() {
        return validUntil;
    }

    ByteString encodeSigned() {
        CborWriter writer = CborWriter.create(128).array(5);
        writer.optional(previousChange, ChangeHash::writeTo);
        IdentityCbor.write(publicKey, writer);
        writer.bool(revokesPurposeKeys).unsigned(validFrom.seconds()).unsigned(validUntil.seconds());
        return VersionedData.encode(VersionedData.Type.CHANGE, writer);
    }

    static ChangeData readFrom(CborReader reader) {
        return reader.struct(fields -> new ChangeData(
                fields.optional(ChangeHash::readFrom),
                IdentityCbor.readVerifyingKey(fields),
                fields.bool(),
                new Timestamp(fields.unsigned()),
                new Timestamp(fields.unsigned())));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChangeData that
                && Objects.equals(previousChange, that.previousChange)
                && publicKey.equals(that.publicKey)
                && revokesPurposeKeys == that.revokesPurposeKeys
                && validFrom.equals(that.validFrom)
                && validUntil.equals(that.validUntil);
    }

    @Override
    public int hashCode() {
        return Objects.hash(previousChange, publicKey, revokesPurposeKeys, validFrom, validUntil);
    }

    @Override
    public String toString() {
        return "ChangeData(" + publicKey + ", valid " + validFrom + " to " + validUntil + ")";
    }
}
