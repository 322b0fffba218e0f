// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

/**
 * Why a message went no further. Each module has an enum of its own: {@link RoutingDropReason} for what befalls any message, and others
 * for workers, channels and what else takes part in a route.
 *
 * <p>The same constant is told wherever the message is told of: in a {@link SendResult}, by the exception of a failed call or stream, in
 * {@link MessageDropped}, in the counts of a node.
 */
public interface DropReason extends FailureReason {
    /** Whether the next message on the same route would come to nothing, too. */
    boolean breaksRoute();
}
