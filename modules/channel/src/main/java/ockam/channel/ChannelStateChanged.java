// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import ockam.wire.Address;
import ockam.wire.Identifier;

/**
 * Published on the actor system's event stream when what one end of a secure channel knows about it changes, also when it is open and when
 * it is closed. Subscribe with {@code system.eventStream().tell(new EventStream.Subscribe<>(ChannelStateChanged.class, ref))}.
 *
 * @param node the name of the node where the end lives
 * @param channel the address of the channel
 * @param peer the verified identity of the other end
 * @param state what it knows now
 */
public record ChannelStateChanged(String node, Address channel, Identifier peer, ChannelState state) {}
