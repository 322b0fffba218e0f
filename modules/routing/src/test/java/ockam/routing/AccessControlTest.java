// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.List;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.LocalInfo;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;

/** What each rule allows, asked without a node. */
class AccessControlTest {
    private static final Address FRIEND = Address.of("friend");
    private static final Address STRANGER = Address.of("stranger");
    private static final Address WORKER = Address.of("worker");
    private static final Address OTHER = Address.of("other");
    private static final Identifier ALICE = identifier('a');
    private static final Identifier BOB = identifier('b');

    private static Identifier identifier(char digit) {
        return Identifier.parse("I" + String.valueOf(digit).repeat(64));
    }

    private static LocalMessage message(Route onward, Route back) {
        return LocalMessage.of(onward, back, ByteString.emptyByteString());
    }

    private static LocalMessage messageTo(Address next) {
        return message(Route.of(next), Route.of(FRIEND));
    }

    private record Note(String text) implements LocalInfo {}

    private static LocalMessage messageFrom(LocalInfo... info) {
        return messageTo(WORKER).withLocalInfo(List.of(info));
    }

    @Test
    void allowAllAndDenyAllAreConstant() {
        assertThat(AccessControl.allowAll().allows(STRANGER, OTHER, messageTo(WORKER)))
                .isTrue();
        assertThat(AccessControl.denyAll().allows(FRIEND, WORKER, messageTo(WORKER)))
                .isFalse();
    }

    @Test
    void allowSourceLooksAtTheSourceWhateverTheReturnRouteSays() {
        AccessControl control = AccessControl.allowSource(FRIEND);

        assertThat(control.allows(FRIEND, WORKER, message(Route.of(WORKER), Route.of(STRANGER))))
                .isTrue();
        assertThat(control.allows(STRANGER, WORKER, message(Route.of(WORKER), Route.of(FRIEND))))
                .isFalse();
    }

    @Test
    void allowSourceTakesSeveralAndRepeatedAddresses() {
        AccessControl control = AccessControl.allowSource(FRIEND, OTHER, FRIEND);

        assertThat(control.allows(OTHER, WORKER, messageTo(WORKER))).isTrue();
        assertThat(control.allows(FRIEND, WORKER, messageTo(WORKER))).isTrue();
        assertThat(control.allows(STRANGER, WORKER, messageTo(WORKER))).isFalse();
        assertThat(AccessControl.allowSource().allows(FRIEND, WORKER, messageTo(WORKER)))
                .isFalse();
    }

    @Test
    void allowOnwardLooksAtTheFrontOfTheRouteAndNotAtTheDestination() {
        AccessControl control = AccessControl.allowOnward(WORKER);

        assertThat(control.allows(FRIEND, OTHER, message(Route.of(WORKER, STRANGER), Route.of(FRIEND))))
                .isTrue();
        assertThat(control.allows(FRIEND, WORKER, message(Route.of(OTHER, WORKER), Route.of(FRIEND))))
                .isFalse();
        assertThat(control.allows(FRIEND, WORKER, message(Route.empty(), Route.of(FRIEND))))
                .isFalse();
    }

    @Test
    void allowOnwardTakesSeveralAndRepeatedAddresses() {
        AccessControl control = AccessControl.allowOnward(WORKER, OTHER, WORKER);

        assertThat(control.allows(FRIEND, OTHER, messageTo(OTHER))).isTrue();
        assertThat(control.allows(FRIEND, WORKER, messageTo(WORKER))).isTrue();
        assertThat(control.allows(FRIEND, STRANGER, messageTo(STRANGER))).isFalse();
    }

    @Test
    void allStopsAtTheFirstThatDenies() {
        AccessControl unreachable = (source, destination, message) -> {
            throw new AssertionError("asked though another denied before");
        };

        assertThat(AccessControl.all(AccessControl.denyAll(), unreachable).allows(FRIEND, WORKER, messageTo(WORKER)))
                .isFalse();
        assertThat(AccessControl.all(AccessControl.allowAll(), AccessControl.denyAll())
                        .allows(FRIEND, WORKER, messageTo(WORKER)))
                .isFalse();
        assertThat(AccessControl.all(AccessControl.allowAll(), AccessControl.allowAll())
                        .allows(FRIEND, WORKER, messageTo(WORKER)))
                .isTrue();
        assertThat(AccessControl.all().allows(FRIEND, WORKER, messageTo(WORKER)))
                .isTrue();
    }

    @Test
    void anyStopsAtTheFirstThatAllows() {
        AccessControl unreachable = (source, destination, message) -> {
            throw new AssertionError("asked though another allowed before");
        };

        assertThat(AccessControl.any(AccessControl.allowAll(), unreachable).allows(FRIEND, WORKER, messageTo(WORKER)))
                .isTrue();
        assertThat(AccessControl.any(AccessControl.denyAll(), AccessControl.allowAll())
                        .allows(FRIEND, WORKER, messageTo(WORKER)))
                .isTrue();
        assertThat(AccessControl.any(AccessControl.denyAll(), AccessControl.denyAll())
                        .allows(FRIEND, WORKER, messageTo(WORKER)))
                .isFalse();
        assertThat(AccessControl.any().allows(FRIEND, WORKER, messageTo(WORKER)))
                .isFalse();
    }

    @Test
    void peerRulesLookAtTheVerifiedPeer() {
        LocalMessage fromAlice = messageFrom(new Peer(ALICE));
        LocalMessage fromBob = messageFrom(new Peer(BOB));

        assertThat(AccessControl.anyPeer().allows(FRIEND, WORKER, fromAlice)).isTrue();
        assertThat(AccessControl.anyPeer().allows(FRIEND, WORKER, messageFrom()))
                .isFalse();
        assertThat(AccessControl.peer(ALICE).allows(FRIEND, WORKER, fromAlice)).isTrue();
        assertThat(AccessControl.peer(ALICE).allows(FRIEND, WORKER, fromBob)).isFalse();
        assertThat(AccessControl.peer(ALICE, BOB, ALICE).allows(FRIEND, WORKER, fromBob))
                .isTrue();
        assertThat(AccessControl.peer(ALICE).allows(FRIEND, WORKER, messageFrom()))
                .isFalse();
        assertThat(AccessControl.peer().allows(FRIEND, WORKER, fromAlice)).isFalse();
    }

    @Test
    void peerIsFoundAmongOtherLocalInfo() {
        assertThat(Peer.of(messageFrom(new Note("x"), new Peer(BOB)))).contains(new Peer(BOB));
        assertThat(Peer.of(messageFrom(new Note("x")))).isEmpty();
        assertThat(Peer.of(messageFrom(new Peer(ALICE), new Peer(BOB)))).contains(new Peer(ALICE));
    }
}
