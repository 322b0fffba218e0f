// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import ockam.fixtures.Stages;
import ockam.identity.InMemoryStore;
import ockam.identity.Member;
import ockam.identity.Members;
import ockam.identity.Timestamp;
import ockam.vault.SoftwareVault;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

/** Who is remembered as a member, and who is forgotten. */
class KnownMembersTest {
    private static final Identifier AUTHORITY = peer(0xffff);

    private static Identifier peer(int number) {
        byte[] bytes = new byte[Identifier.LENGTH];
        bytes[0] = (byte) (number >> 8);
        bytes[1] = (byte) number;
        return Identifier.of(ByteString.fromArray(bytes));
    }

    private static KnownMembers loaded(int most, int members) {
        InMemoryStore store = InMemoryStore.create(SoftwareVault.create(Runnable::run));
        Timestamp now = Timestamp.of(Clock.systemUTC().instant());
        Stages.await(store.run(unit -> {
            for (int i = 0; i < members; i++) {
                unit.members().put(new Member(AUTHORITY, peer(i), Attributes.none(), AUTHORITY, now, false));
            }
            return members;
        }));
        KnownMembers known = new KnownMembers(most);
        Stages.await(known.load(store, AUTHORITY));
        return known;
    }

    private static long known(KnownMembers members, int of) {
        return IntStream.range(0, of).filter(i -> members.contains(peer(i))).count();
    }

    @Test
    void isWhatWasSaidLast() {
        KnownMembers members = new KnownMembers(2);
        assertThat(members.contains(peer(1))).isFalse();

        members.tell(peer(1), true);
        assertThat(members.contains(peer(1))).isTrue();
        members.tell(peer(1), false);
        assertThat(members.contains(peer(1))).isFalse();
        members.tell(peer(1), false);
        assertThat(members.contains(peer(1))).isFalse();
    }

    @Test
    void theOneWhoWasNotSeenForTheLongestTimeIsForgotten() {
        KnownMembers members = new KnownMembers(2);
        members.tell(peer(1), true);
        members.tell(peer(2), true);
        assertThat(members.contains(peer(1))).isTrue();

        members.tell(peer(3), true);

        assertThat(List.of(members.contains(peer(1)), members.contains(peer(2)), members.contains(peer(3))))
                .containsExactly(true, false, true);
    }

    @Test
    void allAreReadAtTheStart() {
        int all = 2 * Members.MAX_LISTED + 1;

        assertThat(known(loaded(10 * all, all), all)).isEqualTo(all);
    }

    @Test
    void noMoreAreReadThanThereIsRoomFor() {
        int all = 2 * Members.MAX_LISTED;

        assertThat(known(loaded(Members.MAX_LISTED + 1, all), all)).isEqualTo(Members.MAX_LISTED + 1);
        assertThat(known(loaded(1, all), all)).isOne();
        assertThat(known(loaded(1, 0), all)).isZero();
    }
}
