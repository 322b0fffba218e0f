// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.annotation.InternalApi;
import java.util.Set;
import ockam.routing.DropReason;
import ockam.routing.FlowControlId;
import ockam.routing.RoutingDropReason;
import ockam.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. What a transport says of a connection that it makes.
 *
 * @param remote what is at the other side, for people: the transport and its address, such as {@code tcp 127.0.0.1:4000}
 * @param id the id under which the connection brings messages in (routing, section 6.4)
 * @param spawner the id of the listener that accepted it, if one did
 * @param consumes the ids whose messages may leave through the connection
 * @param largest the most bytes that a message may have to fit through: payload, and both routes in CBOR
 * @param name the address of a name that outlives the connection, if it has one: replies to what comes in go there
 * @param unwritten why what the connection has not written when it ends is lost
 */
@InternalApi
public record ConnectionSpec(
        String remote,
        FlowControlId id,
        @Nullable FlowControlId spawner,
        Set<FlowControlId> consumes,
        int largest,
        @Nullable Address name,
        DropReason unwritten) {
    /** Copies the ids. */
    public ConnectionSpec {
        consumes = Set.copyOf(consumes);
    }

    /** A connection that this side opened, for messages of any size, through which nothing from outside may leave. */
    public static ConnectionSpec outgoing(String remote) {
        return new ConnectionSpec(
                remote,
                FlowControlId.random(),
                null,
                Set.of(),
                Integer.MAX_VALUE,
                null,
                RoutingDropReason.NO_SUCH_ADDRESS);
    }

    /** The same, accepted by a listener with this id. */
    public ConnectionSpec acceptedBy(FlowControlId listener) {
        return new ConnectionSpec(remote, id, listener, consumes, largest, name, unwritten);
    }

    /** The same, through which what comes in under these ids may leave. */
    public ConnectionSpec withConsumes(Set<FlowControlId> ids) {
        return new ConnectionSpec(remote, id, spawner, ids, largest, name, unwritten);
    }

    /** The same, for messages of at most so many bytes. */
    public ConnectionSpec withLargest(int bytes) {
        return new ConnectionSpec(remote, id, spawner, consumes, bytes, name, unwritten);
    }

    /**
     * The same, one of those that a name has one after the other.
     *
     * @param address of the name
     * @param id the id under which all of them bring messages in
     * @param missing why messages are lost while there is none
     */
    public ConnectionSpec named(Address address, FlowControlId id, DropReason missing) {
        return new ConnectionSpec(remote, this.id, id, consumes, largest, address, missing);
    }
}
