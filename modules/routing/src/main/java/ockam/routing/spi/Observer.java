// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import ockam.wire.Address;
import ockam.wire.Route;

/**
 * INTERNAL API. Sees what happens on a node. A node without observers creates no events.
 *
 * <p>It is called on the thread where the event happens, possibly on several threads at the same time: it must be thread safe and quick,
 * and must not block. An exception that it throws is logged and changes nothing.
 */
@InternalApi
@FunctionalInterface
public interface Observer {
    /** Receives an event. */
    void on(Event event);

    /**
     * Learns of a message that is delivered. These are most of all events by far: an observer that only counts them does so here, and no event
     * is made for it.
     *
     * @param node the name of the node on which it happened
     * @param form what the message is, as its sender says
     * @param event makes the event
     */
    default void onDelivered(String node, Form form, Supplier<Event> event) {
        on(event.get());
    }

    /**
     * Something that happened, in a form that can be read without knowing its class. Each module has its own sealed interface for what can
     * happen there. An event never shows a payload.
     */
    interface Event {
        /** What happened, in lower case with hyphens. */
        String name();

        /** The name of the node on which it happened. */
        String node();

        /** The addresses involved; for a delivered message, where it was sent from and where it arrived. */
        List<Address> addresses();

        /** The onward route of a message. */
        default Route route() {
            return Route.empty();
        }

        /** The return route of a message. */
        default Route returnRoute() {
            return Route.empty();
        }

        /** The bytes of payload of a message. */
        default int size() {
            return 0;
        }

        /** A number shared by all messages that are made from one another on a node: forwarded, sealed, opened, replied. */
        default OptionalLong correlation() {
            return OptionalLong.empty();
        }

        /** Further details, as text. */
        default Map<String, String> attributes() {
            return Map.of();
        }
    }
}
