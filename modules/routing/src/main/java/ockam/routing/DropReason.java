// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

/**
 * Why a message went no further. Each module has its own enum: {@link RoutingDropReason} has the reasons that can apply to any message, the
 * others have those of workers, mailboxes, streams and channels.
 *
 * <p>The same constant appears wherever the message is reported: in a {@link SendResult}, in the exception of a failed call or stream, in
 * {@link MessageDropped}, and in the counts of a node.
 */
public interface DropReason extends FailureReason {
    /** Returns whether the next message on the same route would fail as well. */
    boolean breaksRoute();
}
