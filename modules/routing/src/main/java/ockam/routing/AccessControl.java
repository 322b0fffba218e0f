// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;

/**
 * Decides whether a message may leave an address (outgoing) or reach one (incoming); routing, sections 5.1 and 5.2.
 *
 * <p>It is called on the sender's thread, before the message is queued, so it must be thread safe and quick, and must not block. If it
 * throws, the message is denied. The sender is not told of a denial.
 */
@FunctionalInterface
public interface AccessControl {
    /**
     * Returns whether the message may pass.
     *
     * @param source the address that really sent the message, whatever the return route says
     * @param destination the address that the message is about to be delivered to
     * @param message the message, with {@code destination} still at the front of its onward route
     */
    boolean allows(Address source, Address destination, LocalMessage message);

    /** Allows everything. */
    static AccessControl allowAll() {
        return (source, destination, message) -> true;
    }

    /** Denies everything. */
    static AccessControl denyAll() {
        return (source, destination, message) -> false;
    }

    /** Allows messages sent from one of these addresses; the return route does not matter. */
    static AccessControl allowSource(Address... sources) {
        Set<Address> allowed = Set.copyOf(Arrays.asList(sources));
        return (source, destination, message) -> allowed.contains(source);
    }

    /** Allows messages with one of these addresses at the front of the onward route; later addresses do not matter. */
    static AccessControl allowOnward(Address... next) {
        Set<Address> allowed = Set.copyOf(Arrays.asList(next));
        return (source, destination, message) -> !message.onwardRoute().isEmpty()
                && allowed.contains(message.onwardRoute().next());
    }

    /** Allows what every control allows; an empty list allows everything. */
    static AccessControl all(AccessControl... controls) {
        List<AccessControl> list = List.of(controls);
        return (source, destination, message) -> list.stream().allMatch(c -> c.allows(source, destination, message));
    }

    /** Allows what at least one control allows; an empty list denies everything. */
    static AccessControl any(AccessControl... controls) {
        List<AccessControl> list = List.of(controls);
        return (source, destination, message) -> list.stream().anyMatch(c -> c.allows(source, destination, message));
    }

    /** Allows what came through a secure channel with any peer (secure channel, section 7.2). */
    static AccessControl anyPeer() {
        return (source, destination, message) -> Peer.of(message).isPresent();
    }

    /** Allows what came through a secure channel with one of these peers (secure channel, section 7.2). */
    static AccessControl peer(Identifier... peers) {
        Set<Identifier> allowed = Set.copyOf(Arrays.asList(peers));
        return (source, destination, message) ->
                Peer.of(message).map(Peer::identifier).filter(allowed::contains).isPresent();
    }
}
