// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Duration;
import ockam.wire.Attributes;
import ockam.wire.Identifier;

/**
 * What a credential is to say, for {@link Identities#issueCredential}.
 *
 * @param subject whom it is about
 * @param attributes what it says
 * @param validity for how long, in whole seconds, at least one
 * @param schema the number of the schema of the attributes, unsigned; those who verify do not look at it
 */
public record CredentialOptions(Identifier subject, Attributes attributes, Duration validity, long schema) {
    /** The schema of the credentials that Ockam's authorities issue to members (authority, section 4). */
    public static final long MEMBER_SCHEMA = 1;

    /** Checks the validity; throws {@link IllegalArgumentException} when it is shorter than a second. */
    public CredentialOptions {
        if (validity.toSeconds() < 1) {
            throw new IllegalArgumentException("a validity of " + validity + " is too short");
        }
    }

    /** Returns the options of a credential for a member. */
    public static CredentialOptions of(Identifier subject, Attributes attributes, Duration validity) {
        return new CredentialOptions(subject, attributes, validity, MEMBER_SCHEMA);
    }

    /** Returns the same options with a different schema. */
    public CredentialOptions withSchema(long number) {
        return new CredentialOptions(subject, attributes, validity, number);
    }
}
