// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Instant;
import ockam.wire.Attributes;
import ockam.wire.Identifier;

/**
 * What an authority says about an identity: the content of a credential that was verified (secure channel, section 4.11).
 * {@link Identities#verifyCredential} returns it, and an {@link AttributeStore} keeps it.
 *
 * @param subject whom it is about
 * @param authority who says it
 * @param schema the number of the schema, unsigned
 * @param attributes what it says
 * @param createdAt when the credential was made
 * @param expiresAt when it ends: from this second on, it counts no longer
 */
public record AttestedAttributes(
        Identifier subject,
        Identifier authority,
        long schema,
        Attributes attributes,
        Timestamp createdAt,
        Timestamp expiresAt) {

    /** Returns whether it still counts at this moment. */
    public boolean isValidAt(Instant moment) {
        return Timestamp.of(moment).isBefore(expiresAt);
    }

    /** Returns whether it was made before the other one; of two made in the same second, whether it ends earlier. */
    public boolean isOlderThan(AttestedAttributes other) {
        int made = createdAt.compareTo(other.createdAt);
        return made < 0 || (made == 0 && expiresAt.isBefore(other.expiresAt));
    }

    AttestedAttributes withAttributes(Attributes others) {
        return new AttestedAttributes(subject, authority, schema, others, createdAt, expiresAt);
    }
}
