// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import ockam.wire.Address;

/**
 * Published on the actor system's event stream for each message that went no further and whose sender was not told.
 *
 * <p>It does not contain the payload. Subscribe with
 * {@code system.eventStream().tell(new EventStream.Subscribe<>(MessageDropped.class, ref))}.
 *
 * @param node name of the node
 * @param reason why it was dropped
 * @param address where it happened: the address that could not be reached, the one that the message was for, or the one that it was sent from
 */
public record MessageDropped(String node, DropReason reason, Address address) {}
