// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpTransport;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;

/**
 * Two nodes with a TCP connection.
 *
 * @param fromAlice the connection, at Alice
 * @param fromBob the connection, at Bob
 */
record TcpPair(OckamTestKit kit, Node alice, Node bob, Connection fromAlice, Connection fromBob) {
    /** For what takes long on a busy machine. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The same, as a setting of a test class, in the long form for all that it does. */
    static final String PATIENT =
            "akka.actor.testkit.typed.single-expect-default = " + PATIENCE.toMinutes() * LongForm.or(1, 10) + "m\n";

    /** Connects two new nodes. */
    static TcpPair connect(OckamTestKit kit) {
        return connect(kit, TcpListener::hostAndPort);
    }

    /** Connects them through something between Alice and Bob's listener, which returns where it listens itself. */
    static TcpPair connect(OckamTestKit kit, Function<TcpListener, String> through) {
        Node alice = kit.node("alice");
        Node bob = kit.node("bob");
        TcpListener listener = kit.await(TcpTransport.create(bob).listen("127.0.0.1:0"));
        Connection fromAlice = kit.await(TcpTransport.create(alice).connect(through.apply(listener)));
        kit.eventually(() -> assertThat(listener.connections()).hasSize(1));
        return new TcpPair(kit, alice, bob, fromAlice, listener.connections().get(0));
    }

    /** Opens a channel from Alice to Bob, through which she can reach these addresses. */
    SecureChannel openChannel(Address... ofBob) {
        Party alices = kit.party();
        Party bobs = kit.party();
        SecureChannelListener.create(
                bob,
                Address.of("api"),
                bobs.identity(),
                alices.listenerOptions()
                        .withOpenTo(fromBob)
                        .withSetup(channel -> List.of(ofBob)
                                .forEach(address -> bob.allow(address).from(channel))));
        return kit.channel(alice, fromAlice.route("api"), alices, bobs);
    }

    /** Different bytes for different numbers. */
    static ByteString payload(int number, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (number >> (8 * (i % 4)));
        }
        return ByteString.fromArray(bytes);
    }
}
