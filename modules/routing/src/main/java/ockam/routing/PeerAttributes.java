// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import java.time.Instant;
import java.util.Optional;
import ockam.wire.Attributes;
import ockam.wire.Identifier;

/**
 * What an authority says about the peer of a secure channel, and for how long it counts (secure channel, section 7.2). Immutable.
 *
 * @param authority who says it
 * @param attributes what it says
 * @param expiresAt when it ends, to the second: from then on, it counts no longer, although the channel stays open
 */
public record PeerAttributes(Identifier authority, Attributes attributes, Instant expiresAt) {

    /** Returns whether it counts at this moment. */
    public boolean isValidAt(Instant moment) {
        return isValidAt(moment.getEpochSecond());
    }

    boolean isValidAt(long epochSecond) {
        return epochSecond < expiresAt.getEpochSecond();
    }

    /** Returns the value of an attribute, expired or not, as a text; empty if there is none, or if it is not UTF-8. */
    public Optional<String> text(String name) {
        return attributes.text(name);
    }

    /** Prints no attributes. */
    @Override
    public String toString() {
        return "PeerAttributes(by " + authority + ", " + attributes + ", until " + expiresAt + ")";
    }
}
