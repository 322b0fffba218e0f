// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import ockam.fixtures.SystemKit;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Ockam;
import ockam.routing.DropReason;
import ockam.routing.SendResult;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.Endpoint;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A node for actors that are moved by hand, a new one for each test. It delivers on the thread that sends, so what an actor sends has
 * arrived when the call that made it send returns.
 */
final class Bench extends SystemKit implements AfterEachCallback {
    /** When all this happens: identities and attestations of the worked examples are valid. */
    static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_100L), ZoneOffset.UTC);

    /** An address of the node, and what arrived there. */
    record Place(Endpoint endpoint, Queue<Delivery> arrived) {
        Address address() {
            return endpoint.address();
        }

        /** Takes the message that arrived first. */
        LocalMessage next() {
            Delivery first = arrived.poll();
            assertThat(first).as("nothing arrived at " + endpoint).isNotNull();
            return Objects.requireNonNull(first).message();
        }

        void assertNothingArrived() {
            assertThat(arrived).isEmpty();
        }

        void send(Route onward, Route back, byte[] payload) {
            send(LocalMessage.of(onward, back, ByteString.fromArray(payload)));
        }

        void send(LocalMessage message) {
            assertThat(endpoint.send(message)).isEqualTo(SendResult.accepted());
        }
    }

    private final Queue<Delivery> delivered = new ConcurrentLinkedQueue<>();
    private @Nullable Node node;
    private int nodesMade;

    @Override
    public void afterEach(ExtensionContext context) {
        // Tests look at what arrives, and need not settle it; a node that stops would wait for that.
        delivered.forEach(Delivery::release);
        delivered.clear();
        await(node().stop());
        assertThat(node().addressCount()).isZero();
        node = null;
    }

    /** The node of this test. */
    Node node() {
        Node present = node;
        if (present == null) {
            present = Ockam.get(system()).createNode("node-" + ++nodesMade);
            node = present;
        }
        return present;
    }

    Router router() {
        return NodeAccess.router(node());
    }

    Place place(String address) {
        return places(EndpointSpec.open(Address.of(address))).get(0);
    }

    /** Addresses that are held together; what arrives at one of them is seen at the first. */
    List<Place> places(EndpointSpec... specs) {
        Queue<Delivery> arrived = new ConcurrentLinkedQueue<>();
        Registration registration = router().register(List.of(specs), ShutdownOrder.MAILBOXES);
        registration.open(new Registration.Handler(
                delivery -> {
                    delivered.add(delivery);
                    arrived.add(delivery);
                },
                cause -> registration.end()));
        List<Place> places = new ArrayList<>();
        for (EndpointSpec spec : specs) {
            places.add(
                    new Place(registration.endpoint(spec.address()), places.isEmpty() ? arrived : new ArrayDeque<>()));
        }
        return places;
    }

    void assertDropped(DropReason reason, long count) {
        assertThat(node().dropped(reason)).as(reason.name()).isEqualTo(count);
    }

    /** Nothing was dropped. */
    void assertNothingDropped() {
        assertThat(node().dropped()).isZero();
    }
}
