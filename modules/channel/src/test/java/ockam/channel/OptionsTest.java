// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import ockam.identity.HistoryLimits;
import ockam.identity.TrustPolicy;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.routing.Producer;
import ockam.wire.Address;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    private static final TrustPolicy POLICY = peer -> false;
    private static final SecureChannelSettings SETTINGS = new SecureChannelSettings(
            Duration.ofSeconds(7),
            Duration.ofSeconds(9),
            3,
            40,
            30,
            Optional.empty(),
            Duration.ofSeconds(2),
            new Liveness(Address.of("echo"), Duration.ofSeconds(1), Duration.ofSeconds(2)),
            4,
            5,
            6,
            new HistoryLimits(7, 8),
            ChannelTests.REFRESH,
            Duration.ofDays(1));

    private final ActorRef<String> owner = TestInbox.<String>create().getRef();
    private final SecureChannelOptions options = SecureChannelOptions.trusting(POLICY);
    private final SecureChannelListenerOptions listenerOptions = SecureChannelListenerOptions.trusting(POLICY);

    @Test
    void whatIsNotSaidIsAsInTheSettings() {
        assertThat(options.policy()).isSameAs(POLICY);
        assertThat(options.owner()).isNull();
        assertThat(options.setup()).isNull();
        assertThat(options.handshakeTimeout(SETTINGS)).isEqualTo(Duration.ofSeconds(7));
        assertThat(listenerOptions.policy()).isSameAs(POLICY);
        assertThat(listenerOptions.handshakeTimeout(SETTINGS)).isEqualTo(Duration.ofSeconds(7));
        assertThat(listenerOptions.maxHalfOpen(SETTINGS)).isEqualTo(3);
        assertThat(listenerOptions.maxChannels(SETTINGS)).isEqualTo(40);
        assertThat(listenerOptions.maxChannelsPerPeer(SETTINGS)).isEqualTo(30);
        assertThat(listenerOptions.openTo()).isEmpty();
        assertThat(listenerOptions.owner()).isNull();
        assertThat(listenerOptions.setup()).isNull();
    }

    @Test
    @SuppressWarnings("NullAway") // the application's code may do that
    void nullIsRefusedWhereItIsGiven() {
        assertRefused("policy", () -> SecureChannelOptions.trusting(null));
        assertRefused("policy", () -> SecureChannelListenerOptions.trusting(null));
        assertRefused("owner", () -> options.withOwner(null));
        assertRefused("owner", () -> listenerOptions.withOwner(null));
        assertRefused("outgoing", () -> options.withOutgoing(null));
        assertRefused("outgoing", () -> listenerOptions.withOutgoing(null));
        assertRefused("setup", () -> options.withSetup(null));
        assertRefused("setup", () -> listenerOptions.withSetup(null));
        assertRefused("setup", () -> options.withAsyncSetup(null));
        assertRefused("setup", () -> listenerOptions.withAsyncSetup(null));
    }

    private static void assertRefused(String name, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(name);
    }

    @Test
    void eachChangeIsACopyThatKeepsTheRest() {
        FlowControlId one = FlowControlId.random();
        FlowControlId other = FlowControlId.random();
        Producer first = () -> one;
        Producer second = () -> other;
        SecureChannelListenerOptions changed = listenerOptions
                .withOpenTo(first)
                .withMaxHalfOpen(1)
                .withMaxChannels(20)
                .withMaxChannelsPerPeer(10)
                .withHandshakeTimeout(Duration.ofSeconds(1))
                .withOwner(owner)
                .withSetup(channel -> {})
                .withOpenTo(second);

        assertThat(changed.policy()).isSameAs(POLICY);
        assertThat(changed.maxHalfOpen(SETTINGS)).isEqualTo(1);
        assertThat(changed.maxChannels(SETTINGS)).isEqualTo(20);
        assertThat(changed.maxChannelsPerPeer(SETTINGS)).isEqualTo(10);
        assertThat(changed.handshakeTimeout(SETTINGS)).isEqualTo(Duration.ofSeconds(1));
        assertThat(changed.openTo()).containsExactly(one, other);
        assertThat(changed.owner()).isEqualTo(owner);
        assertThat(changed.setup()).isNotNull();
        assertThat(changed.withSetup(channel -> {}).owner()).isEqualTo(owner);
        assertThat(listenerOptions.maxHalfOpen(SETTINGS)).isEqualTo(3);
        assertThat(listenerOptions.openTo()).isEmpty();

        AccessControl outgoing = AccessControl.denyAll();
        SecureChannelOptions patient = options.withOutgoing(outgoing)
                .withOwner(owner)
                .withAsyncSetup(channel -> new CompletableFuture<>())
                .withHandshakeTimeout(Duration.ofDays(20));
        assertThat(patient.policy()).isSameAs(POLICY);
        assertThat(patient.owner()).isEqualTo(owner);
        assertThat(patient.outgoing()).isSameAs(outgoing);
        assertThat(patient.withOutgoing(outgoing).owner()).isEqualTo(owner);
        assertThat(patient.setup()).isNotNull();
        assertThat(patient.withSetup(channel -> {}).owner()).isEqualTo(owner);
        assertThat(patient.withOwner(owner).setup()).isSameAs(patient.setup());
        assertThat(patient.handshakeTimeout(SETTINGS)).isEqualTo(Duration.ofDays(20));
        assertThat(options.handshakeTimeout(SETTINGS)).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "P20DT1S", "P365000000D"})
    void refusesTimeoutOutOfRange(Duration timeout) {
        assertThatIllegalArgumentException().isThrownBy(() -> options.withHandshakeTimeout(timeout));
        assertThatIllegalArgumentException().isThrownBy(() -> listenerOptions.withHandshakeTimeout(timeout));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void refusesListenerWithoutRoom(int room) {
        assertThatIllegalArgumentException().isThrownBy(() -> listenerOptions.withMaxHalfOpen(room));
        assertThatIllegalArgumentException().isThrownBy(() -> listenerOptions.withMaxChannels(room));
        assertThatIllegalArgumentException().isThrownBy(() -> listenerOptions.withMaxChannelsPerPeer(room));
    }
}
