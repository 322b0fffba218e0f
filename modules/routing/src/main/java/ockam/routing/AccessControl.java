// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ockam.routing.rule.Rule;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;

/**
 * Decides whether a message may leave an address (outgoing) or reach one (incoming); routing, sections 5.1 and 5.2.
 *
 * <p>It is called on the sender's thread, before the message is queued, so it must be thread safe and quick, and must not block. If it
 * throws, the message is denied. The sender is not told of a denial; the node counts and logs it.
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

    /**
     * Says why it denies a message, for the log: a clause that begins with a semicolon, such as {@code ; subject.role is missing}, or
     * nothing. Called only when the denial is logged, some time after {@link #allows}; it must be safe to print.
     */
    default String denial(Address source, Address destination, LocalMessage message) {
        return "";
    }

    /**
     * Returns whether the message may leave the address. An outgoing control is asked this instead of {@link #allows}, which it asks by
     * default; only one that looks at whom a message goes to does something else. So combine controls with {@link #all} and {@link #any}: code
     * that asks {@code allows} of another control asks it about where a message comes from.
     *
     * @param onward knows whom the message goes to
     */
    default boolean allowsOut(Address source, Address destination, LocalMessage message, Onward onward) {
        return allows(source, destination, message);
    }

    /** Says why an outgoing control denies a message, as {@link #denial} does. */
    default String denialOut(Address source, Address destination, LocalMessage message, Onward onward) {
        return denial(source, destination, message);
    }

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
        return new AccessControl() {
            @Override
            public boolean allows(Address source, Address destination, LocalMessage message) {
                // By index: this happens for each message, and must allocate nothing.
                for (int i = 0; i < list.size(); i++) {
                    if (!list.get(i).allows(source, destination, message)) {
                        return false;
                    }
                }
                return true;
            }

            @Override
            public boolean allowsOut(Address source, Address destination, LocalMessage message, Onward onward) {
                for (int i = 0; i < list.size(); i++) {
                    if (!list.get(i).allowsOut(source, destination, message, onward)) {
                        return false;
                    }
                }
                return true;
            }

            @Override
            public String denial(Address source, Address destination, LocalMessage message) {
                return list.stream()
                        .filter(control -> !control.allows(source, destination, message))
                        .findFirst()
                        .map(control -> control.denial(source, destination, message))
                        .orElse("");
            }

            @Override
            public String denialOut(Address source, Address destination, LocalMessage message, Onward onward) {
                return list.stream()
                        .filter(control -> !control.allowsOut(source, destination, message, onward))
                        .findFirst()
                        .map(control -> control.denialOut(source, destination, message, onward))
                        .orElse("");
            }
        };
    }

    /** Allows what at least one control allows; an empty list denies everything. */
    static AccessControl any(AccessControl... controls) {
        List<AccessControl> list = List.of(controls);
        return new AccessControl() {
            @Override
            public boolean allows(Address source, Address destination, LocalMessage message) {
                for (int i = 0; i < list.size(); i++) {
                    if (list.get(i).allows(source, destination, message)) {
                        return true;
                    }
                }
                return false;
            }

            @Override
            public boolean allowsOut(Address source, Address destination, LocalMessage message, Onward onward) {
                for (int i = 0; i < list.size(); i++) {
                    if (list.get(i).allowsOut(source, destination, message, onward)) {
                        return true;
                    }
                }
                return false;
            }

            @Override
            public String denial(Address source, Address destination, LocalMessage message) {
                return list.stream()
                        .map(control -> control.denial(source, destination, message))
                        .collect(Collectors.joining());
            }

            @Override
            public String denialOut(Address source, Address destination, LocalMessage message, Onward onward) {
                return list.stream()
                        .map(control -> control.denialOut(source, destination, message, onward))
                        .collect(Collectors.joining());
            }
        };
    }

    /** Allows what came through a secure channel with any peer, also as an outgoing control (secure channel, section 7.2). */
    static AccessControl anyPeer() {
        return (source, destination, message) -> Peer.find(message) != null;
    }

    /**
     * Allows what came through a secure channel with one of these peers, also as an outgoing control (secure channel, section 7.2). To let
     * out what goes <em>to</em> them, use {@link #attributes(Rule)} with {@link Rule#identifier}.
     */
    static AccessControl peer(Identifier... peers) {
        Set<Identifier> allowed = Set.copyOf(Arrays.asList(peers));
        return (source, destination, message) -> {
            Peer peer = Peer.find(message);
            return peer != null && allowed.contains(peer.identifier());
        };
    }

    /**
     * Allows what came through a secure channel with a peer that the rule allows, by what any of the authorities says that the channel
     * accepts (authority, section 8.4). As an outgoing control, allows what goes to such a peer: the one at the other end of the channel by
     * which the message leaves the node, at once or over hops ({@link Onward}); what leaves it otherwise, or stays, is denied.
     *
     * <p>What different authorities say is not mixed: one of them has to say enough. If none says anything, the rule is asked with nothing
     * but the identifier. It is asked for each message, when it is delivered, so a peer has access until its attributes end, to the second,
     * even if the channel stays open longer. When a message is denied, the log says which attribute was missing.
     */
    static AccessControl attributes(Rule rule) {
        return attributes(rule, Clock.systemUTC());
    }

    /** Does the same with another clock, of which only the seconds count. */
    static AccessControl attributes(Rule rule, Clock clock) {
        return ruled(new PeerRule(null, rule, clock));
    }

    /**
     * Does the same, but only what this authority says counts. If it says nothing, or what it said has ended, the rule is asked about a
     * peer that has no credential.
     */
    static AccessControl attributes(Identifier authority, Rule rule) {
        return attributes(authority, rule, Clock.systemUTC());
    }

    /** Does the same with another clock, of which only the seconds count. */
    static AccessControl attributes(Identifier authority, Rule rule, Clock clock) {
        return ruled(new PeerRule(authority, rule, clock));
    }

    private static AccessControl ruled(PeerRule rule) {
        return new AccessControl() {
            @Override
            public boolean allows(Address source, Address destination, LocalMessage message) {
                return rule.allows(Peer.find(message));
            }

            @Override
            public boolean allowsOut(Address source, Address destination, LocalMessage message, Onward onward) {
                return rule.allows(onward.peer(message.onwardRoute()).orElse(null));
            }

            @Override
            public String denial(Address source, Address destination, LocalMessage message) {
                return rule.denial(Peer.find(message), "; it did not come through a secure channel");
            }

            @Override
            public String denialOut(Address source, Address destination, LocalMessage message, Onward onward) {
                return rule.denial(
                        onward.peer(message.onwardRoute()).orElse(null),
                        "; it does not leave this node through a secure channel");
            }
        };
    }
}
