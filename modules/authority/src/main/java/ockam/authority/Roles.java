// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import java.util.Map;
import ockam.wire.Attributes;

/** The attributes that mean something to an authority (authority, sections 2.3 and 4). */
final class Roles {
    /** Attributes of a member that is an enroller, and nothing else. */
    static final Attributes ENROLLER = Attributes.ofTexts(Map.of("ockam-role", "enroller"));

    /** What the credential of an admin has, who is one by the account authority. */
    static final Map<String, String> ADMIN = Map.of("ockam-relay", "*", "ockam-tls-certificate", "true");

    static final String TRUST_CONTEXT = "trust_context_id";
    static final String PROJECT = "project";

    private Roles() {}

    /** Whether they make a member an enroller: exactly this value, in these letters. */
    static boolean isEnroller(Attributes attributes) {
        return attributes.text("ockam-role").equals(ENROLLER.text("ockam-role"));
    }
}
