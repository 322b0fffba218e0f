// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import ockam.routing.AccessControl;
import ockam.routing.Metadata;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;

/**
 * INTERNAL API. The description of an address to be registered.
 *
 * @param address must be free
 * @param incoming what may arrive
 * @param outgoing what may be sent from here
 * @param metadata what the node should know about it
 * @param largest the most bytes that a message to it may have: payload, and both routes in CBOR without this address. A larger one is refused
 *     as {@code TOO_LARGE} where it is sent
 * @param sends what messages are that leave from here
 * @param passesOn whether each message that arrives leaves from here as it is, to the next address of its route, as at a hop. Of others it is
 *     not known whom a route that goes by here leads to
 * @param awaitsAnswers whether messages are sent from here to get answers here, which a relay lets in ({@link FlowControls#join})
 */
@InternalApi
public record EndpointSpec(
        Address address,
        AccessControl incoming,
        AccessControl outgoing,
        Metadata metadata,
        int largest,
        Form sends,
        boolean passesOn,
        boolean awaitsAnswers) {
    /** The longest two routes, in CBOR. */
    private static final int LONGEST_ROUTES = 2 * Route.MAX_LENGTH * (Address.MAX_LENGTH + 8) + 16;

    /** An address that sends messages. */
    public EndpointSpec(
            Address address, AccessControl incoming, AccessControl outgoing, Metadata metadata, int largest) {
        this(address, incoming, outgoing, metadata, largest, Form.MESSAGE, false, false);
    }

    /** The same, for messages of any size. */
    public EndpointSpec(Address address, AccessControl incoming, AccessControl outgoing, Metadata metadata) {
        this(address, incoming, outgoing, metadata, Integer.MAX_VALUE);
    }

    /** The same, for messages of at most so many bytes. */
    public EndpointSpec withLargest(int bytes) {
        return new EndpointSpec(address, incoming, outgoing, metadata, bytes, sends, passesOn, awaitsAnswers);
    }

    /** The same, where something else is sent. */
    public EndpointSpec sending(Form form) {
        return new EndpointSpec(address, incoming, outgoing, metadata, largest, form, passesOn, awaitsAnswers);
    }

    /** The same, where each message is passed on as it is. */
    public EndpointSpec passingOn() {
        return new EndpointSpec(address, incoming, outgoing, metadata, largest, sends, true, awaitsAnswers);
    }

    /** The same, where answers are waited for. */
    public EndpointSpec awaitingAnswers() {
        return new EndpointSpec(address, incoming, outgoing, metadata, largest, sends, passesOn, true);
    }

    /** An address without rules. */
    public static EndpointSpec open(Address address) {
        return new EndpointSpec(address, AccessControl.allowAll(), AccessControl.allowAll(), Metadata.none());
    }

    boolean isTooLarge(LocalMessage message) {
        int payload = message.payload().size();
        return payload > largest - LONGEST_ROUTES // nearly all messages are smaller, and need no closer look
                && (long) payload
                                + message.onwardRoute().encodedSize()
                                - address.encodedSize()
                                + message.returnRoute().encodedSize()
                        > largest;
    }
}
