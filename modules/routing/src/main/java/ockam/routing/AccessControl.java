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
 * <p>It is asked on the thread that sends, before the message is queued, so it must be thread safe and quick, and must not block. One
 * that throws denies. A sender is never told of a denial.
 */
@FunctionalInterface
public interface AccessControl {
    /**
     * Whether the message may pass.
     *
     * @param source the address that really sent the message, whatever the return route says
     * @param destination the address that the message is about to be delivered to
     * @param message the message, with {@code destination} still at the front of its onward route
     */
    boolean allows(Address source, Address destination, LocalMessage message);

    /** Lets everything pass. */
    static AccessControl allowAll() {
        return (source, destination, message) -> true;
    }

    /** Lets nothing pass. */
    static AccessControl denyAll() {
        return (source, destination, message) -> false;
    }

    /** Lets pass what comes from one of these addresses; the return route does not matter. */
    static AccessControl allowSource(Address... sources) {
        Set<Address> allowed = Set.copyOf(Arrays.asList(sources));
        return (source, destination, message) -> allowed.contains(source);
    }

    /** Lets pass what has one of these addresses at the front of its onward route; later addresses do not matter. */
    static AccessControl allowOnward(Address... next) {
        Set<Address> allowed = Set.copyOf(Arrays.asList(next));
        return (source, destination, message) -> !message.onwardRoute().isEmpty()
                && allowed.contains(message.onwardRoute().next());
    }

    /** Lets pass what every one lets pass; an empty list lets everything pass. */
    static AccessControl all(AccessControl... controls) {
        List<AccessControl> list = List.of(controls);
        return (source, destination, message) -> list.stream().allMatch(c -> c.allows(source, destination, message));
    }

    /** Lets pass what at least one lets pass; an empty list lets nothing pass. */
    static AccessControl any(AccessControl... controls) {
        List<AccessControl> list = List.of(controls);
        return (source, destination, message) -> list.stream().anyMatch(c -> c.allows(source, destination, message));
    }

    /** Lets pass what came through a secure channel, whoever the peer is (secure channel, section 7.2). */
    static AccessControl anyPeer() {
        return (source, destination, message) -> Peer.of(message).isPresent();
    }

    /** Lets pass what came through a secure channel with one of these peers (secure channel, section 7.2). */
    static AccessControl peer(Identifier... peers) {
        Set<Identifier> allowed = Set.copyOf(Arrays.asList(peers));
        return (source, destination, message) ->
                Peer.of(message).map(Peer::identifier).filter(allowed::contains).isPresent();
    }
}
