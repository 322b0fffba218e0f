// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.MemoryTransport;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a remote relay lets out that others have sent through it: never more than they could have sent themselves. */
@ExtendWith(ActorTestKitExtension.class)
class IntroductionsTest {
    private static final Address MAIN = Address.of("main");
    private static final Address WORKER = Address.of("worker");
    private static final Address OPENED = Address.of("opened");

    private final Address connection;
    private final Introductions introductions;

    IntroductionsTest(OckamTestKit kit) {
        Node alice = kit.node("alice");
        MemoryTransport.Link link = MemoryTransport.create().connect(alice, kit.node("cloud"));
        connection = link.first().address();
        alice.allow(OPENED).from(link.first());
        introductions = new Introductions(NodeAccess.router(alice).flowControls(), MAIN);
    }

    private boolean letsOut(Address destination) {
        return introductions.allows(
                MAIN,
                destination,
                LocalMessage.of(
                        Route.of(destination), Route.of(connection, Address.of("app")), ByteString.emptyByteString()));
    }

    private boolean letsItRegister() {
        return introductions.allows(
                MAIN, connection, LocalMessage.of(Route.of(connection), Route.of(MAIN), ByteString.emptyByteString()));
    }

    @Test
    void whatIsOpenedToTheConnection() {
        introductions.open(connection);

        assertThat(letsOut(OPENED)).isTrue();
        assertThat(letsOut(WORKER)).isFalse();
        assertThat(letsOut(MAIN)).isFalse();
        assertThat(letsItRegister()).isTrue();
    }

    @Test
    void everythingIfTheServiceIsOnTheSameNode() {
        introductions.open(Address.of("static_forwarding_service"));

        assertThat(letsOut(WORKER)).isTrue();
        assertThat(letsOut(MAIN)).isFalse();
    }

    /** What was sent while it was open may still wait at its address when it closes, because no confirmation came, say. */
    @Test
    void nothingBetweenTwoAttempts() {
        assertThat(letsOut(WORKER)).isFalse();
        introductions.open(connection);
        introductions.close();

        assertThat(letsOut(WORKER)).isFalse();
        assertThat(letsOut(OPENED)).isFalse();
        assertThat(letsItRegister()).isTrue();

        introductions.open(connection);
        assertThat(letsOut(OPENED)).isTrue();
        assertThat(letsOut(WORKER)).isFalse();
    }
}
