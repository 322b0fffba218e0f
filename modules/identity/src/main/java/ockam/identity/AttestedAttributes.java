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
 * @param authorityChange the authority's latest change when the credential was verified: when the authority has rotated its identity since, it
 *     counts no longer
 * @param schema the number of the schema, unsigned
 * @param attributes what it says
 * @param createdAt when the credential was made
 * @param expiresAt when it ends: from this second on, it counts no longer
 */
public record AttestedAttributes(
        Identifier subject,
        Identifier authority,
        ChangeHash authorityChange,
        long schema,
        Attributes attributes,
        Timestamp createdAt,
        Timestamp expiresAt) {

    /** Returns whether it has not ended at this moment. */
    public boolean isValidAt(Instant moment) {
        return Timestamp.of(moment).isBefore(expiresAt);
    }

    /**
     * Returns whether it was made before the other one; of two made in the same second, whether it ends earlier. One that was verified with
     * another change of the authority is never older, as one of the two is void.
     */
    public boolean isOlderThan(AttestedAttributes other) {
        if (!authorityChange.equals(other.authorityChange)) {
            return false;
        }
        int made = createdAt.compareTo(other.createdAt);
        return made < 0 || (made == 0 && expiresAt.isBefore(other.expiresAt));
    }

    AttestedAttributes withAttributes(Attributes others) {
        return new AttestedAttributes(subject, authority, authorityChange, schema, others, createdAt, expiresAt);
    }
}
