// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.util.Objects;
import java.util.Optional;
import ockam.wire.Attributes;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * The content of a credential: what an authority says about an identity, and for how long (secure channel, section 4.9).
 *
 * <p>Read from the signed bytes of a {@link Credential}, which are never encoded again from it. Immutable.
 */
public final class CredentialData {
    private final @Nullable Identifier subject;
    private final @Nullable ChangeHash subjectLatestChange;
    private final long schema;
    private final Attributes attributes;
    private final Timestamp createdAt;
    private final Timestamp expiresAt;

    CredentialData(
            @Nullable Identifier subject,
            @Nullable ChangeHash subjectLatestChange,
            long schema,
            Attributes attributes,
            Timestamp createdAt,
            Timestamp expiresAt) {
        this.subject = subject;
        this.subjectLatestChange = subjectLatestChange;
        this.schema = schema;
        this.attributes = attributes;
        this.createdAt = createdAt;
        this.expiresAt = expiresAt;
    }

    /** Returns whom it is about. The structure allows none, but such a credential never verifies. */
    public Optional<Identifier> subject() {
        return Optional.ofNullable(subject);
    }

    /** Returns the subject's latest change as far as the authority knew it; verifying does not look at it. */
    public Optional<ChangeHash> subjectLatestChange() {
        return Optional.ofNullable(subjectLatestChange);
    }

    /** Returns the number of the schema of the attributes, unsigned; verifying does not look at it. */
    public long schema() {
        return schema;
    }

    /** Returns what it says. */
    public Attributes attributes() {
        return attributes;
    }

    /** Returns when it was made. */
    public Timestamp createdAt() {
        return createdAt;
    }

    /** Returns until when it is valid. */
    public Timestamp expiresAt() {
        return expiresAt;
    }

    ByteString encodeSigned() {
        CborWriter writer = CborWriter.create(128 + attributes.length()).array(5);
        writer.optional(subject, Identifier::writeTo);
        writer.optional(subjectLatestChange, ChangeHash::writeTo);
        writer.array(2).unsigned(schema);
        attributes.writeTo(writer);
        writer.unsigned(createdAt.seconds()).unsigned(expiresAt.seconds());
        return VersionedData.encode(VersionedData.Type.CREDENTIAL, writer);
    }

    static CredentialData readFrom(CborReader reader) {
        return reader.struct(fields -> {
            Identifier subject = fields.optional(Identifier::readFrom);
            ChangeHash latestChange = fields.optional(ChangeHash::readFrom);
            WithSchema said = fields.struct(WithSchema::readFrom);
            return new CredentialData(
                    subject,
                    latestChange,
                    said.schema,
                    said.attributes,
                    new Timestamp(fields.unsigned()),
                    new Timestamp(fields.unsigned()));
        });
    }

    /** The part of the structure that has both. */
    private record WithSchema(long schema, Attributes attributes) {
        static WithSchema readFrom(CborReader fields) {
            return new WithSchema(fields.unsigned(), Attributes.readFrom(fields));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CredentialData that
                && Objects.equals(subject, that.subject)
                && Objects.equals(subjectLatestChange, that.subjectLatestChange)
                && schema == that.schema
                && attributes.equals(that.attributes)
                && createdAt.equals(that.createdAt)
                && expiresAt.equals(that.expiresAt);
    }

    @Override
    public int hashCode() {
        return Objects.hash(subject, subjectLatestChange, schema, attributes, createdAt, expiresAt);
    }

    /** Prints neither names nor values of attributes. */
    @Override
    public String toString() {
        return "CredentialData(" + subject + ", " + attributes + ", " + createdAt + " to " + expiresAt + ")";
    }
}
