// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.List;
import java.util.Map;
import ockam.routing.spi.Observer;
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
public record ChannelStateChanged(String node, Address channel, Identifier peer, ChannelState state)
        implements Observer.Event {
    /** {@code channel-state-changed}. */
    @Override
    public String name() {
        return "channel-state-changed";
    }

    /** The address of the channel. */
    @Override
    public List<Address> addresses() {
        return List.of(channel);
    }

    /** The state and the peer; for a closed channel, why. */
    @Override
    public Map<String, String> attributes() {
        return state instanceof ChannelState.Closed closed
                ? Map.of("state", "CLOSED", "reason", closed.reason().name(), "peer", peer.toString())
                : Map.of("state", state.toString(), "peer", peer.toString());
    }
}
