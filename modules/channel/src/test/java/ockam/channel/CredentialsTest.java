// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ockam.fixtures.ExampleIdentities;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.IdentityException;
import ockam.identity.IdentityException.Reason;
import ockam.routing.Peer;
import ockam.routing.PeerAttributes;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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

    /** What is logged of credentials that do not count, if this is news each time. */
    private List<String> logged(Peer peer, boolean named, Predicate<String> isNews, Reason... refused) {
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        Logger logger = (Logger) LoggerFactory.getLogger(CredentialsTest.class);
        logger.addAppender(events);
        new Credentials.Learned(
                        peer,
                        Stream.of(refused)
                                .map(reason -> new IdentityException(reason, "no"))
                                .toList())
                .logRefused(logger, isNews, named);
        logger.detachAppender(events);
        return events.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void whatDoesNotCountIsOneLine() {
        Identifier alice = authorities(1)[0];
        Peer peer = new Peer(alice);
        Reason[] many = new Reason[16];
        Arrays.fill(many, Reason.CREDENTIAL_EXPIRED);
        many[0] = Reason.UNKNOWN_AUTHORITY;

        assertThat(logged(peer, false, what -> true)).isEmpty();
        assertThat(logged(peer, false, what -> true, Reason.CREDENTIAL_EXPIRED))
                .containsExactly("A credential of " + alice + " does not count: CREDENTIAL_EXPIRED: no");
        assertThat(logged(peer, false, what -> true, many))
                .containsExactly("16 credentials of " + alice + " do not count; the first: UNKNOWN_AUTHORITY: no");
        assertThat(logged(peer, false, what -> false, many)).isEmpty();
    }

    @Test
    void strangersHideNothingAboutFriends() {
        Identifier[] two = authorities(2);
        Peer member = new Peer(
                two[0], List.of(new PeerAttributes(two[1], Attributes.none(), Instant.ofEpochSecond(4_000_000_000L))));
        Set<String> asked = new HashSet<>();
        Predicate<String> onceEach = asked::add;

        assertThat(logged(new Peer(two[1]), false, onceEach, Reason.CREDENTIAL_EXPIRED))
                .hasSize(1);
        for (Identifier stranger : authorities(100)) {
            assertThat(logged(new Peer(stranger), false, onceEach, Reason.CREDENTIAL_EXPIRED))
                    .isEmpty();
        }
        assertThat(logged(member, false, onceEach, Reason.CREDENTIAL_EXPIRED)).hasSize(1);
        assertThat(logged(new Peer(two[0]), true, onceEach, Reason.UNKNOWN_AUTHORITY))
                .hasSize(1);
        assertThat(asked).hasSize(3);
    }

    @Test
    void isBoundedInAuthorities() {
        assertThat(Credentials.NONE.believing(authorities(Peer.MAX_AUTHORITIES)).authorities())
                .hasSize(Peer.MAX_AUTHORITIES);
        assertThatThrownBy(() -> Credentials.NONE.believing(authorities(Peer.MAX_AUTHORITIES + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
