// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import ockam.identity.HistoryLimits;
import ockam.identity.TrustPolicy;
import ockam.routing.FlowControlId;
import ockam.routing.Producer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    private static final TrustPolicy POLICY = peer -> false;
    private static final SecureChannelSettings SETTINGS = new SecureChannelSettings(
            Duration.ofSeconds(7), 3, 40, 30, Optional.empty(), 4, 5, 6, new HistoryLimits(7, 8));

    private final SecureChannelOptions options = SecureChannelOptions.trusting(POLICY);
    private final SecureChannelListenerOptions listenerOptions = SecureChannelListenerOptions.trusting(POLICY);

    @Test
    void whatIsNotSaidIsAsInTheSettings() {
        assertThat(options.policy()).isSameAs(POLICY);
        assertThat(options.handshakeTimeout(SETTINGS)).isEqualTo(Duration.ofSeconds(7));
        assertThat(listenerOptions.policy()).isSameAs(POLICY);
        assertThat(listenerOptions.handshakeTimeout(SETTINGS)).isEqualTo(Duration.ofSeconds(7));
        assertThat(listenerOptions.maxHalfOpen(SETTINGS)).isEqualTo(3);
        assertThat(listenerOptions.maxChannels(SETTINGS)).isEqualTo(40);
        assertThat(listenerOptions.maxChannelsPerPeer(SETTINGS)).isEqualTo(30);
        assertThat(listenerOptions.reachableFrom()).isEmpty();
    }

    @Test
    void eachChangeIsACopyThatKeepsTheRest() {
        FlowControlId one = FlowControlId.random();
        FlowControlId other = FlowControlId.random();
        Producer first = () -> one;
        Producer second = () -> other;
        SecureChannelListenerOptions changed = listenerOptions
                .withReachableFrom(first)
                .withMaxHalfOpen(1)
                .withMaxChannels(20)
                .withMaxChannelsPerPeer(10)
                .withHandshakeTimeout(Duration.ofSeconds(1))
                .withReachableFrom(second);

        assertThat(changed.policy()).isSameAs(POLICY);
        assertThat(changed.maxHalfOpen(SETTINGS)).isEqualTo(1);
        assertThat(changed.maxChannels(SETTINGS)).isEqualTo(20);
        assertThat(changed.maxChannelsPerPeer(SETTINGS)).isEqualTo(10);
        assertThat(changed.handshakeTimeout(SETTINGS)).isEqualTo(Duration.ofSeconds(1));
        assertThat(changed.reachableFrom()).containsExactly(one, other);
        assertThat(listenerOptions.maxHalfOpen(SETTINGS)).isEqualTo(3);
        assertThat(listenerOptions.reachableFrom()).isEmpty();

        SecureChannelOptions patient = options.withHandshakeTimeout(Duration.ofDays(20));
        assertThat(patient.policy()).isSameAs(POLICY);
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
