// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

/**
 * Something that brings messages from outside into a node: a secure channel, or a listener for all the channels that it accepts.
 *
 * <p>Messages from a producer reach only the addresses that were opened to it with {@code node.allow(worker).from(producer)} (routing,
 * section 6).
 */
public interface Producer {
    /** The id under which the producer's consumers are kept. */
    FlowControlId flowControlId();

    /** Whether it brings in nothing more. Addresses that are opened to it then stay as they are. */
    default boolean hasEnded() {
        return false;
    }
}
