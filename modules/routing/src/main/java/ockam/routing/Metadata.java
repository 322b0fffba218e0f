// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import java.util.Map;

/**
 * What a node knows about one of its addresses, for callers that look for a route out of the node (routing, section 7.2).
 *
 * @param terminal whether the next address of a route after this one is on another node
 * @param attributes names and values, local to the node
 */
public record Metadata(boolean terminal, Map<String, String> attributes) {
    /** The attribute of a connection that says what is at its other end, as text. */
    public static final String REMOTE = "remote";

    private static final Metadata NONE = new Metadata(false, Map.of());

    /** Copies the attributes. */
    public Metadata {
        attributes = Map.copyOf(attributes);
    }

    /** Not terminal, no attributes. */
    public static Metadata none() {
        return NONE;
    }

    /** Terminal, with the given attributes. */
    public static Metadata terminal(Map<String, String> attributes) {
        return new Metadata(true, attributes);
    }
}
