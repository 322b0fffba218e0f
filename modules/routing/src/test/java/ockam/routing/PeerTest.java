// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

class PeerTest {
    private static final Identifier ALICE = identifier(1);
    private static final Identifier AUTHORITY = identifier(100);
    private static final Instant END = Instant.parse("2030-01-01T00:00:10Z");
    private static final PeerAttributes MEMBER =
            new PeerAttributes(AUTHORITY, Attributes.ofTexts(Map.of("role", "member")), END);

    private static Identifier identifier(int number) {
        return Identifier.parse("I" + "%064x".formatted(number));
    }

    @Test
    void hasWhatEachAuthoritySays() {
        Peer alice = new Peer(ALICE, List.of(MEMBER));

        assertThat(alice.identifier()).isEqualTo(ALICE);
        assertThat(alice.attributes()).containsExactly(MEMBER);
        assertThat(alice.attributes(AUTHORITY)).contains(MEMBER);
        assertThat(alice.attributes(ALICE)).isEmpty();
        assertThat(new Peer(ALICE).attributes()).isEmpty();
        assertThat(MEMBER.text("role")).contains("member");
        assertThat(MEMBER.text("name")).isEmpty();
    }

    @Test
    void attributesEndToTheSecond() {
        assertThat(MEMBER.isValidAt(END.minusNanos(1))).isTrue();
        assertThat(MEMBER.isValidAt(END)).isFalse();
    }

    @Test
    void isEqualByIdentifierAndAttributes() {
        assertThat(new Peer(ALICE, List.of(MEMBER)))
                .isEqualTo(new Peer(ALICE, List.of(MEMBER)))
                .hasSameHashCodeAs(new Peer(ALICE, List.of(MEMBER)))
                .isNotEqualTo(new Peer(ALICE))
                .isNotEqualTo(new Peer(AUTHORITY, List.of(MEMBER)));
    }

    @Test
    void printsNoAttributes() {
        assertThat(new Peer(ALICE, List.of(MEMBER))).hasToString("Peer(" + ALICE + ")");
        assertThat(MEMBER.toString()).contains(AUTHORITY.toString()).doesNotContain("member");
    }

    @Test
    void isBoundedInAuthorities() {
        List<PeerAttributes> most = new ArrayList<>();
        for (int i = 0; i < Peer.MAX_AUTHORITIES; i++) {
            most.add(new PeerAttributes(identifier(200 + i), Attributes.none(), END));
        }
        assertThat(new Peer(ALICE, most).attributes()).hasSize(Peer.MAX_AUTHORITIES);
        most.add(MEMBER);

        assertThatThrownBy(() -> new Peer(ALICE, most)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Peer(ALICE, List.of(MEMBER, MEMBER))).isInstanceOf(IllegalArgumentException.class);
    }
}
