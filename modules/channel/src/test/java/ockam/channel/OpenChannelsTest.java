// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ockam.routing.Peer;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OpenChannelsTest {
    @RegisterExtension
    static final Bench BENCH = new Bench();

    private static final Peer ALICE = peer('a');
    private static final Peer MALLORY = peer('b');
    private static final Peer CAROL = peer('c');
    private static final int A_MINUTE = 7; // the first look finds that it was opened

    /** A channel, and what its actor was told. */
    private record Opened(SecureChannel channel, TestInbox<SecureChannelActor.Command> actor) {
        Opened idleFor(int looks) {
            for (int i = 0; i < looks; i++) {
                channel.idleness().look();
            }
            return this;
        }

        void assertGaveWay() {
            assertThat(actor.getAllReceived()).containsExactly(new SecureChannelActor.Unused(CloseReason.GAVE_WAY));
        }

        void assertLeftAlone() {
            assertThat(actor.hasMessages()).isFalse();
        }
    }

    private final OpenChannels open = new OpenChannels(4, 2);

    private static Peer peer(char digit) {
        return new Peer(Identifier.parse("I" + String.valueOf(digit).repeat(64)));
    }

    private static Opened opened(Peer peer) {
        TestInbox<SecureChannelActor.Command> actor = TestInbox.create();
        return new Opened(
                new SecureChannel(
                        ChannelEnd.create(BENCH.node(), Role.RESPONDER, ALICE.identifier()),
                        peer,
                        Route.of("decryptor"),
                        new Idleness(Optional.empty()),
                        actor.getRef(),
                        TestInbox.<Encryptor.Command>create().getRef()),
                actor);
    }

    private Opened admitted(Peer peer) {
        Opened opened = opened(peer);
        assertThat(open.admit(opened.channel())).isTrue();
        return opened;
    }

    private void assertRefused(Peer peer) {
        assertThat(open.admit(opened(peer).channel())).isFalse();
    }

    // ---- one peer ----

    @Test
    void newOneIsRefusedWhileThePeersOthersAreInUse() {
        List<Opened> others = List.of(admitted(ALICE).idleFor(A_MINUTE - 1), admitted(ALICE));

        assertRefused(ALICE);

        others.forEach(Opened::assertLeftAlone);
        admitted(MALLORY);
    }

    @Test
    void theOneIdleLongestGivesWay() {
        Opened first = admitted(ALICE).idleFor(A_MINUTE);
        Opened second = admitted(ALICE).idleFor(A_MINUTE + 1);

        admitted(ALICE);
        second.assertGaveWay();
        first.assertLeftAlone();

        admitted(ALICE);
        first.assertGaveWay();
        assertRefused(ALICE);
    }

    @Test
    void useKeepsAChannelFromGivingWay() {
        Opened first = admitted(ALICE).idleFor(100);
        Opened second = admitted(ALICE).idleFor(A_MINUTE);
        first.channel().idleness().used();

        admitted(ALICE);

        second.assertGaveWay();
        first.assertLeftAlone();
    }

    @Test
    void placeOfOneThatHasEndedIsFreeOnce() {
        Opened first = admitted(ALICE);
        admitted(ALICE);
        open.remove(first.channel());
        open.remove(first.channel());
        open.remove(opened(CAROL).channel()); // was never there

        admitted(ALICE);
        assertRefused(ALICE);
    }

    @Test
    void oneThatGaveWayFreesNoSecondPlaceWhenItEnds() {
        Opened first = admitted(ALICE).idleFor(A_MINUTE);
        admitted(ALICE);
        admitted(ALICE);
        first.assertGaveWay();

        open.remove(first.channel());

        assertRefused(ALICE);
    }

    // ---- the listener ----

    @Test
    void fullListenerTakesThePlaceFromThePeerWithMostChannels() {
        OpenChannels roomy = new OpenChannels(4, 3);
        List<Opened> all = new ArrayList<>();
        for (Peer peer : List.of(ALICE, MALLORY, MALLORY, MALLORY)) {
            Opened opened = opened(peer);
            assertThat(roomy.admit(opened.channel())).isTrue();
            all.add(opened);
        }
        all.get(0).idleFor(100);
        all.get(2).idleFor(A_MINUTE);

        assertThat(roomy.admit(opened(CAROL).channel())).isTrue();

        all.get(2).assertGaveWay();
        all.get(0).assertLeftAlone();
        all.get(1).assertLeftAlone();
        all.get(3).assertLeftAlone();
    }

    @Test
    void placeAtTheListenerIsFreeOnceItsChannelHasEndedOrGivenWay() {
        Opened first = admitted(ALICE);
        admitted(ALICE);
        Opened idle = admitted(MALLORY).idleFor(A_MINUTE);
        admitted(MALLORY);

        open.remove(first.channel());
        admitted(CAROL);
        admitted(MALLORY);
        idle.assertGaveWay();

        assertRefused(CAROL);
    }

    @Test
    void fullListenerRefusesWhenThatPeerUsesAllOfItsChannels() {
        OpenChannels roomy = new OpenChannels(3, 3);
        Opened alice = opened(ALICE);
        assertThat(roomy.admit(alice.channel())).isTrue();
        alice.idleFor(100);
        assertThat(roomy.admit(opened(MALLORY).channel())).isTrue();
        assertThat(roomy.admit(opened(MALLORY).channel())).isTrue();

        assertThat(roomy.admit(opened(CAROL).channel())).isFalse();

        alice.assertLeftAlone();
    }

    @Test
    void peerWithAllItsChannelsTakesThePlaceFromItselfEvenAtAFullListener() {
        Opened own = admitted(ALICE).idleFor(A_MINUTE);
        admitted(ALICE);
        Opened other = admitted(MALLORY).idleFor(100);
        admitted(MALLORY);

        admitted(ALICE);

        own.assertGaveWay();
        other.assertLeftAlone();
    }
}
