// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import java.time.Clock;
import java.util.Set;
import ockam.wire.Identifier;

/** Who may have which name at a relay service. It is asked on the service's thread and must not block; one that throws refuses. */
@FunctionalInterface
public interface RelayPolicy {
    /** Whether a registration is confirmed. A node that is refused gets no answer. */
    boolean allows(RelayRequest request);

    /** Anyone may register, and nobody gets a name that {@linkplain RelayRequest#takesOver somebody else} holds. */
    static RelayPolicy firstComeFirstServed() {
        return request -> !request.takesOver();
    }

    /** The same for those who have proved an identity, that is, who come through a channel. */
    static RelayPolicy identitiesOnly() {
        return firstComeFirstServed().and(request -> request.peer().isPresent());
    }

    /** The same for these identities. */
    static RelayPolicy only(Set<Identifier> identities) {
        Set<Identifier> allowed = Set.copyOf(identities);
        return firstComeFirstServed()
                .and(request -> request.peer()
                        .filter(peer -> allowed.contains(peer.identifier()))
                        .isPresent());
    }

    /**
     * Those of whom this authority says that they may: in the attribute {@code ockam-relay} of the peer is the name that it may have, or
     * {@code *} for any name, also one that the service makes up (authority, section 8.6). It is looked at when a node registers, and not
     * later: a relay stays when the attributes end. Whoever may have a name gets it from whoever holds it; {@code and} the policy of {@link
     * #firstComeFirstServed} changes that.
     */
    static RelayPolicy attribute(Identifier authority) {
        return attribute(authority, Clock.systemUTC());
    }

    /** The same with another clock, by which attributes end. */
    static RelayPolicy attribute(Identifier authority, Clock clock) {
        return request -> request.peer()
                .flatMap(peer -> peer.attributes(authority))
                .filter(said -> said.isValidAt(clock.instant()))
                .flatMap(said -> said.text("ockam-relay"))
                .filter(name -> name.equals("*") || name.equals(request.name()))
                .isPresent();
    }

    /** Whoever has asked last has the name, as with services in Rust (services, section 1.3): anyone can take it from anyone. */
    static RelayPolicy lastComeFirstServed() {
        return request -> true;
    }

    /** What both allow. */
    default RelayPolicy and(RelayPolicy other) {
        return request -> allows(request) && other.allows(request);
    }
}
