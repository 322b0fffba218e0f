// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ockam.fixtures.MutableClock;
import ockam.routing.Peer;
import ockam.routing.PeerAttributes;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;

class RelayPolicyTest {
    private static final Peer ALICE = peer("aa");
    private static final Peer MALLORY = peer("bb");
    private static final Peer AUTHORITY = peer("cc");
    private static final Address HERE = Address.of("here");

    private static Peer peer(String octet) {
        return new Peer(Identifier.parse("I" + octet.repeat(32)));
    }

    private static RelayInfo held(Optional<Peer> by, boolean isGone) {
        return new RelayInfo(
                Address.of("forward_to_a"),
                Route.of("c"),
                by.map(Peer::identifier),
                Instant.EPOCH,
                isGone ? Optional.of(Instant.EPOCH) : Optional.empty());
    }

    private static RelayRequest ask(Optional<Peer> peer, Optional<RelayInfo> holder, boolean isHoldersWay) {
        return new RelayRequest("a", peer, HERE, holder, isHoldersWay);
    }

    @Test
    void nameOfAnIdentityIsItsOwnEvenWhileItIsGone() {
        for (boolean isGone : new boolean[] {false, true}) {
            Optional<RelayInfo> holder = Optional.of(held(Optional.of(ALICE), isGone));
            assertThat(ask(Optional.of(ALICE), holder, false).takesOver()).isFalse();
            assertThat(ask(Optional.of(MALLORY), holder, false).takesOver()).isTrue();
            assertThat(ask(Optional.empty(), holder, false).takesOver()).isTrue();
            assertThat(ask(Optional.of(MALLORY), holder, true).takesOver()).isTrue();
        }
    }

    @Test
    void nameStaysWithItsHolderWhateverAuthoritiesSayLater() {
        Optional<RelayInfo> holder = Optional.of(held(Optional.of(saying(ALICE, "a")), false));

        assertThat(ask(Optional.of(saying(ALICE, "*")), holder, false).takesOver())
                .isFalse();
        assertThat(ask(Optional.of(saying(MALLORY, "a")), holder, false).takesOver())
                .isTrue();
    }

    /** Asks for no name, and so for one that the service makes up. */
    private static RelayRequest madeUp(Peer peer) {
        return new RelayRequest("5c0e1f7a", Optional.of(peer), HERE, Optional.empty(), false);
    }

    /** The same peer, with its attribute by the authority, until the end of a second. */
    private static Peer saying(Peer peer, String relay) {
        return new Peer(
                peer.identifier(),
                List.of(new PeerAttributes(
                        AUTHORITY.identifier(),
                        Attributes.ofTexts(Map.of("ockam-relay", relay)),
                        Instant.ofEpochSecond(100))));
    }

    @Test
    void authoritySaysWhichNameAPeerMayHave() { // authority, section 10, item 43
        MutableClock clock = new MutableClock(Instant.ofEpochSecond(99));
        RelayPolicy policy = RelayPolicy.attribute(AUTHORITY.identifier(), clock);
        Optional<RelayInfo> mallorys = Optional.of(held(Optional.of(MALLORY), false));

        assertThat(policy.allows(ask(Optional.of(saying(ALICE, "a")), Optional.empty(), false)))
                .isTrue();
        assertThat(policy.allows(ask(Optional.of(saying(ALICE, "*")), mallorys, false)))
                .as("from whoever holds it")
                .isTrue();
        assertThat(policy.and(RelayPolicy.firstComeFirstServed())
                        .allows(ask(Optional.of(saying(ALICE, "*")), mallorys, false)))
                .isFalse();
        assertThat(policy.allows(ask(Optional.of(saying(ALICE, "b")), Optional.empty(), false)))
                .as("another name")
                .isFalse();
        assertThat(policy.allows(ask(Optional.of(saying(ALICE, "ab")), Optional.empty(), false)))
                .as("a longer name")
                .isFalse();
        assertThat(policy.allows(ask(Optional.of(saying(ALICE, "")), Optional.empty(), false)))
                .as("a shorter name")
                .isFalse();
        assertThat(policy.allows(ask(Optional.of(saying(ALICE, "forward_to_a")), Optional.empty(), false)))
                .as("with the prefix of the service")
                .isFalse();
        assertThat(policy.allows(madeUp(saying(ALICE, "a")))).isFalse();
        assertThat(policy.allows(madeUp(saying(ALICE, "*")))).isTrue();
        assertThat(policy.allows(ask(Optional.of(ALICE), Optional.empty(), false)))
                .as("without attributes")
                .isFalse();
        assertThat(policy.allows(ask(Optional.empty(), Optional.empty(), false)))
                .as("without a channel")
                .isFalse();
        assertThat(RelayPolicy.attribute(MALLORY.identifier(), clock)
                        .allows(ask(Optional.of(saying(ALICE, "a")), Optional.empty(), false)))
                .as("another authority")
                .isFalse();
        assertThat(RelayPolicy.attribute(AUTHORITY.identifier())
                        .allows(ask(Optional.of(saying(ALICE, "a")), Optional.empty(), false)))
                .as("by the clock of the system, it ended long ago")
                .isFalse();
        clock.goesOn(Duration.ofSeconds(1));
        assertThat(policy.allows(ask(Optional.of(saying(ALICE, "a")), Optional.empty(), false)))
                .as("ended")
                .isFalse();
    }

    @Test
    void nameWithoutAnIdentityBelongsToItsConnection() {
        Optional<RelayInfo> holder = Optional.of(held(Optional.empty(), false));
        assertThat(ask(Optional.empty(), holder, true).takesOver()).isFalse();
        assertThat(ask(Optional.empty(), holder, false).takesOver()).isTrue();
        assertThat(ask(Optional.of(ALICE), holder, false).takesOver()).isTrue();
        assertThat(ask(Optional.empty(), Optional.of(held(Optional.empty(), true)), false)
                        .takesOver())
                .isFalse();
    }

    @Test
    void policiesDifferInWhoMayRegister() {
        RelayRequest anonymous = ask(Optional.empty(), Optional.empty(), false);
        RelayRequest alice = ask(Optional.of(ALICE), Optional.empty(), false);
        RelayRequest mallory = ask(Optional.of(MALLORY), Optional.empty(), false);
        RelayRequest takesOver = ask(Optional.of(MALLORY), Optional.of(held(Optional.of(ALICE), false)), false);
        RelayPolicy onlyAlice = RelayPolicy.only(Set.of(ALICE.identifier()));

        assertThat(RelayPolicy.firstComeFirstServed().allows(anonymous)).isTrue();
        assertThat(RelayPolicy.firstComeFirstServed().allows(takesOver)).isFalse();
        assertThat(RelayPolicy.identitiesOnly().allows(anonymous)).isFalse();
        assertThat(RelayPolicy.identitiesOnly().allows(mallory)).isTrue();
        assertThat(RelayPolicy.identitiesOnly().allows(takesOver)).isFalse();
        assertThat(onlyAlice.allows(alice)).isTrue();
        assertThat(onlyAlice.allows(mallory)).isFalse();
        assertThat(onlyAlice.allows(anonymous)).isFalse();
        assertThat(RelayPolicy.lastComeFirstServed().allows(takesOver)).isTrue();
    }

    @Test
    void optionsRefuseWhatIsDangerousOrMeansSomethingElse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelayServiceOptions.defaults().withPrefix(""))
                .withMessageContaining("any address of the node");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteRelayOptions.named("register"))
                .withMessageContaining("'register'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteRelayOptions.named(""))
                .withMessageContaining("''");
    }
}
