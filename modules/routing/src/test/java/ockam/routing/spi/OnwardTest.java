// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ockam.routing.AccessControl;
import ockam.routing.Metadata;
import ockam.routing.Peer;
import ockam.routing.rule.Rule;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whom a route leads to: the peer of its first terminal address (authority, section 8.4), if there are only hops in front of it. */
class OnwardTest {
    @RegisterExtension
    static final RouterKit KIT = new RouterKit();

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Address SENDER = Address.of("sender");
    private static final Address HOP = Address.of("hop");
    private static final Address WORKER = Address.of("worker");
    private static final Peer ALICE = peer("0a");
    private static final Peer BOB = peer("0b");

    private final Router router = KIT.router();
    private final Endpoint toAlice = terminal("to-alice");
    private final Endpoint toBob = terminal("to-bob");

    OnwardTest() {
        terminal("connection");
        take(EndpointSpec.open(HOP).passingOn());
        take(EndpointSpec.open(WORKER));
        toAlice.leadsTo(ALICE);
        toBob.leadsTo(BOB);
    }

    private static Peer peer(String digits) {
        return new Peer(Identifier.parse("I" + digits.repeat(32)));
    }

    private Endpoint terminal(String address) {
        return take(new EndpointSpec(
                Address.of(address), AccessControl.allowAll(), AccessControl.allowAll(), Metadata.terminal(Map.of())));
    }

    private Endpoint take(EndpointSpec spec) {
        Registration registration = router.register(List.of(spec), ShutdownOrder.WORKERS);
        registration.open(new Registration.Handler(delivery -> {}, cause -> registration.end()));
        return registration.endpoint(spec.address());
    }

    @Test
    void isThePeerOfTheFirstTerminalAddress() {
        assertThat(router.peer(Route.of("to-alice"))).contains(ALICE);
        assertThat(router.peer(Route.of("hop", "hop", "to-bob", "to-alice", "x")))
                .contains(BOB);
    }

    @Test
    void isNobodyBehindAConnectionOrOnThisNode() {
        assertThat(router.peer(Route.of("connection", "to-alice"))).isEmpty();
        assertThat(router.peer(Route.of("hop", "nobody"))).isEmpty();
        assertThat(router.peer(Route.of("hop"))).isEmpty();
        assertThat(router.peer(Route.empty())).isEmpty();
    }

    /** The message would go there, and not to her; or to whoever takes the address in the meantime. */
    @Test
    void isNobodyBehindAWorkerOrAnAddressThatIsFree() {
        assertThat(router.peer(Route.of("worker", "to-alice"))).isEmpty();
        assertThat(router.peer(Route.of("hop", "worker", "to-alice"))).isEmpty();
        assertThat(router.peer(Route.of("nobody", "to-alice"))).isEmpty();
        assertThat(router.peer(Route.of("hop", "nobody", "to-alice"))).isEmpty();
    }

    /** The other address of a route with which a channel has just closed. */
    @Test
    void isNotThePeerOfTheNextChannelWhenOneHasClosed() {
        assertThat(router.peer(Route.of("to-alice", "to-bob"))).contains(ALICE);

        Objects.requireNonNull(router.find(Address.of("to-alice"))).end();
        assertThat(router.peer(Route.of("to-alice", "to-bob"))).isEmpty();
    }

    /** Also before it is compiled, so nothing has to be optimised away. */
    @Test
    void askingAnOutgoingControlAllocatesNothing() {
        AccessControl control = AccessControl.all(
                AccessControl.allowAll(), AccessControl.attributes(Rule.identifier(ALICE.identifier())));
        LocalMessage message = LocalMessage.of(
                Route.of("hop", "hop", "to-alice", "worker"), Route.empty(), ByteString.emptyByteString());
        int times = 1_000;
        ask(control, message, times); // for what is made once

        long before = THREADS.getCurrentThreadAllocatedBytes();
        ask(control, message, times);

        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(times);
    }

    private void ask(AccessControl control, LocalMessage message, int times) {
        int allowed = 0;
        for (int i = 0; i < times; i++) {
            allowed += control.allowsOut(SENDER, HOP, message, router) ? 1 : 0;
        }
        if (allowed != times) { // an assertion would allocate
            throw new AssertionError("not allowed");
        }
    }

    @Test
    void isKnownAsItIsNowUntilTheAddressIsFree() {
        toAlice.leadsTo(BOB);
        assertThat(router.peer(Route.of("to-alice"))).contains(BOB);

        Objects.requireNonNull(router.find(Address.of("to-alice"))).end();
        assertThat(router.peer(Route.of("to-alice"))).isEmpty();
    }
}
