// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

/**
 * What became of a message that was handed to the node: it is on its way, or it was {@link Refused}.
 *
 * <p>{@link #isAccepted} does not guarantee delivery: access control may still deny the message, which the sender is not told (routing,
 * section 5.2), or it may be lost further along its route.
 */
public sealed interface SendResult {
    /** The message is on its way. */
    enum Accepted implements SendResult {
        /** The only instance. */
        INSTANCE;

        @Override
        public String toString() {
            return "Accepted";
        }
    }

    /**
     * The message was not accepted, and nothing was sent.
     *
     * @param reason why
     */
    record Refused(DropReason reason) implements SendResult {}

    /** The message is on its way. */
    static SendResult accepted() {
        return Accepted.INSTANCE;
    }

    /** The message was not accepted. */
    static SendResult refused(DropReason reason) {
        return new Refused(reason);
    }

    /** Whether the message is on its way. */
    default boolean isAccepted() {
        return this == Accepted.INSTANCE;
    }
}
