// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import akka.util.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import ockam.authority.Turns.Kind;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

/** Whose request is worked on next, and what there is no room for. */
class TurnsTest {
    private static final Identifier A = peer(1);
    private static final Identifier B = peer(2);
    private static final Identifier C = peer(3);

    private final List<String> begun = new ArrayList<>();
    private final Turns turns =
            new Turns(new AuthoritySettings(Duration.ofDays(1), 2, 1, 2, 3, 5, 1000, Duration.ofSeconds(1)));

    private static Identifier peer(int number) {
        byte[] bytes = new byte[Identifier.LENGTH];
        bytes[0] = (byte) number;
        return Identifier.of(ByteString.fromArray(bytes));
    }

    private boolean offer(Identifier peer, Kind kind, String name) {
        return turns.offer(peer, kind, () -> begun.add(name));
    }

    @Test
    void requestsOfOnePeerComeOneAfterTheOther() {
        offer(A, Kind.MEMBER, "a1");
        offer(A, Kind.MEMBER, "a2");
        assertThat(begun).containsExactly("a1");

        turns.done(A);
        assertThat(begun).containsExactly("a1", "a2");
    }

    @Test
    void peersTakeTurns() {
        offer(A, Kind.STRANGER, "a1");
        offer(A, Kind.STRANGER, "a2");
        offer(B, Kind.STRANGER, "b1");

        turns.done(A);
        turns.done(B);
        assertThat(begun).containsExactly("a1", "b1", "a2");
    }

    @Test
    void strangersDoNotHoldUpOthers() {
        offer(A, Kind.STRANGER, "a");
        offer(B, Kind.STRANGER, "b");

        assertThat(offer(C, Kind.MEMBER, "c")).isTrue();
        assertThat(begun).containsExactly("a", "c");
    }

    @Test
    void thereIsRoomForSoManyPeersOfEachKind() {
        assertThat(offer(A, Kind.STRANGER, "a")).isTrue();
        assertThat(offer(B, Kind.STRANGER, "b")).isTrue();
        assertThat(offer(C, Kind.STRANGER, "c")).isFalse();
        assertThat(offer(C, Kind.MEMBER, "c")).isTrue();

        turns.done(A);
        assertThat(offer(A, Kind.STRANGER, "again")).isTrue();
    }

    @Test
    void thereIsRoomForSoManyRequestsOfAPeer() {
        for (int i = 0; i < 3; i++) {
            assertThat(offer(A, Kind.MEMBER, "a")).isTrue();
        }
        assertThat(offer(A, Kind.MEMBER, "a")).isFalse();

        turns.done(A);
        assertThat(offer(A, Kind.MEMBER, "a")).isTrue();
    }

    @Test
    void whatWasNotBegunIsNotDone() {
        assertThatIllegalStateException().isThrownBy(() -> turns.done(A));
    }
}
