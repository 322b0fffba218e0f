// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import java.util.Optional;
import ockam.routing.Peer;
import ockam.wire.Address;

/**
 * A registration, as a policy sees it.
 *
 * @param name the name that was asked for, without the prefix of the service; a random one if the node has asked for none
 * @param peer who asks, if the message came through a channel
 * @param way the connection or the channel that it came by: the address at which it leaves this node again
 * @param holder the relay that has the name now, if there is one
 * @param isHoldersWay whether that was registered by the same way
 */
public record RelayRequest(
        String name, Optional<Peer> peer, Address way, Optional<RelayInfo> holder, boolean isHoldersWay) {
    /**
     * Whether a stranger would get the name of somebody else. A name belongs to the identity that holds it, also while that is gone. If it
     * was registered without an identity, it belongs to the connection that it was registered by, and when that has ended, to nobody.
     */
    public boolean takesOver() {
        return holder.map(held -> held.holder().isPresent()
                        ? !held.holder().equals(peer.map(Peer::identifier))
                        : !isHoldersWay && !held.isGone())
                .orElse(false);
    }
}
