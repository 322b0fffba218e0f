// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import ockam.fixtures.ExampleIdentities;
import ockam.identity.CredentialAndPurposeKey;
import ockam.routing.Peer;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

/** What the options say; what comes of it is tested with whole channels. */
class CredentialsTest {
    private static final CredentialAndPurposeKey CREDENTIAL =
            CredentialAndPurposeKey.decode(ExampleIdentities.ALICE_CREDENTIAL).orElseThrow();

    private static Identifier[] authorities(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> Identifier.parse("I" + "%064x".formatted(number)))
                .toArray(Identifier[]::new);
    }

    @Test
    void byDefaultNothingIsPresentedAndNobodyBelieved() {
        Credentials none = SecureChannelOptions.trusting(peer -> true).credentials();

        assertThat(none).isEqualTo(Credentials.NONE);
        assertThat(SecureChannelListenerOptions.trusting(peer -> true).credentials())
                .isEqualTo(Credentials.NONE);
        assertThat(none.believes()).isFalse();
        assertThat(await(none.presented())).isEmpty();
    }

    @Test
    void optionsKeepBothWhateverIsSetAfterwards() {
        Identifier[] two = authorities(2);
        Credentials expected = Credentials.NONE
                .presenting(CredentialRetriever.fixed(CREDENTIAL))
                .believing(two);

        assertThat(SecureChannelOptions.trusting(peer -> true)
                        .withCredential(CREDENTIAL)
                        .withAuthorities(two[0])
                        .withAuthorities(two)
                        .withHandshakeTimeout(Duration.ofSeconds(1))
                        .withSetup(channel -> {})
                        .credentials())
                .isEqualTo(expected);
        assertThat(SecureChannelListenerOptions.trusting(peer -> true)
                        .withAuthorities(two)
                        .withCredential(CREDENTIAL)
                        .withHandshakeTimeout(Duration.ofSeconds(1))
                        .withMaxHalfOpen(1)
                        .withMaxChannels(1)
                        .withMaxChannelsPerPeer(1)
                        .withSetup(channel -> {})
                        .credentials())
                .isEqualTo(expected);
        assertThat(await(expected.presented())).containsExactly(CREDENTIAL);
        CredentialRetriever other = new ScriptedRetriever();
        assertThat(SecureChannelOptions.trusting(peer -> true)
                        .withCredential(CREDENTIAL)
                        .withCredentials(other)
                        .credentials()
                        .retriever())
                .isSameAs(other);
        assertThat(SecureChannelListenerOptions.trusting(peer -> true)
                        .withCredentials(other)
                        .withCredential(CREDENTIAL)
                        .credentials()
                        .retriever())
                .isEqualTo(CredentialRetriever.fixed(CREDENTIAL));
    }

    @Test
    void isBoundedInAuthorities() {
        assertThat(Credentials.NONE.believing(authorities(Peer.MAX_AUTHORITIES)).authorities())
                .hasSize(Peer.MAX_AUTHORITIES);
        assertThatThrownBy(() -> Credentials.NONE.believing(authorities(Peer.MAX_AUTHORITIES + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
