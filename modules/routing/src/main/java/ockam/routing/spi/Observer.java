// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import ockam.wire.Address;
import ockam.wire.Route;

/**
 * INTERNAL API. Sees what happens on a node. A node without observers makes no events.
 *
 * <p>It is called on the thread on which things happen, also from several at once: it must be thread safe and quick, and must not block. An
 * exception that it throws is logged and changes nothing.
 */
@InternalApi
@FunctionalInterface
public interface Observer {
    /** Something has happened. */
    void on(Event event);

    /**
     * Something that happened, told so that one can read it without knowing its class. Each module has a sealed interface of its own for what
     * can happen there. An event never shows a payload.
     */
    interface Event {
        /** What happened, in lower case with hyphens. */
        String name();

        /** The name of the node on which it happened. */
        String node();

        /** The addresses concerned; for a message, where it was sent from and where it arrived. */
        List<Address> addresses();

        /** The onward route of a message. */
        default Route route() {
            return Route.empty();
        }

        /** The bytes of payload of a message. */
        default int size() {
            return 0;
        }

        /** The same for all messages that are made from one another on a node: forwarded, sealed, opened, answered. */
        default OptionalLong correlation() {
            return OptionalLong.empty();
        }

        /** What else is to be known, as text. */
        default Map<String, String> attributes() {
            return Map.of();
        }
    }
}
