// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityTests.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import ockam.fixtures.Threads;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import ockam.wire.internal.Bytes;
import org.junit.jupiter.api.Test;

class InMemoryAttributeStoreTest {
    private static final Identifier ALICE = identifier(1);
    private static final Identifier BOB = identifier(2);
    private static final Identifier AUTHORITY = identifier(101);
    private static final Identifier OTHER_AUTHORITY = identifier(102);

    private static final ChangeHash FIRST_CHANGE = new ChangeHash(Bytes.wrap(new byte[ChangeHash.LENGTH]));
    private static final ChangeHash SECOND_CHANGE = ChangeHash.ofData(Bytes.wrap(new byte[0]));

    private final InMemoryAttributeStore store = InMemoryAttributeStore.create();

    private static Identifier identifier(int number) {
        return Identifier.parse("I" + "%064x".formatted(number));
    }

    private static AttestedAttributes said(
            Identifier subject, Identifier authority, String role, long createdAt, long expiresAt) {
        return new AttestedAttributes(
                subject,
                authority,
                FIRST_CHANGE,
                CredentialOptions.MEMBER_SCHEMA,
                Attributes.ofTexts(Map.of("role", role)),
                new Timestamp(createdAt),
                new Timestamp(expiresAt));
    }

    private static AttestedAttributes said(String role, long createdAt, long expiresAt) {
        return said(ALICE, AUTHORITY, role, createdAt, expiresAt);
    }

    private Optional<String> role(Identifier subject, Identifier authority, long seconds) {
        return done(store.find(subject, authority, new Timestamp(seconds).toInstant()))
                .flatMap(found -> found.attributes().text("role"));
    }

    private Optional<String> role(long seconds) {
        return role(ALICE, AUTHORITY, seconds);
    }

    @Test
    void remembersUntilTheEnd() { // secure channel, section 9, item 58
        assertThat(role(NOW)).isEmpty();
        assertThat(done(store.store(said("member", NOW, NOW + 10)))).isTrue();

        assertThat(role(NOW + 9)).contains("member");
        assertThat(role(NOW + 10)).isEmpty();
        assertThat(role(NOW + 9)).isEmpty(); // forgotten
    }

    @Test
    void keepsOneStatementForEachSubjectAndAuthority() { // authority, section 10, item 27
        done(store.store(said("member", NOW, NOW + 10)));
        done(store.store(said(ALICE, OTHER_AUTHORITY, "guest", NOW, NOW + 10)));
        done(store.store(said(BOB, AUTHORITY, "owner", NOW, NOW + 10)));

        assertThat(role(NOW)).contains("member");
        assertThat(role(ALICE, OTHER_AUTHORITY, NOW)).contains("guest");
        assertThat(role(BOB, AUTHORITY, NOW)).contains("owner");
        assertThat(role(BOB, OTHER_AUTHORITY, NOW)).isEmpty();
    }

    @Test
    void newerReplacesOlderAndOlderNeverReplacesNewer() { // secure channel, section 9, item 56
        assertThat(done(store.store(said("member", NOW, NOW + 10)))).isTrue();
        assertThat(done(store.store(said("owner", NOW + 1, NOW + 10)))).isTrue();
        assertThat(done(store.store(said("member", NOW, NOW + 1_000)))).isFalse();

        assertThat(role(NOW)).contains("owner");
    }

    @Test
    void anEqualOneChangesNothing() {
        assertThat(done(store.store(said("member", NOW, NOW + 10)))).isTrue();
        assertThat(done(store.store(said("member", NOW, NOW + 10)))).isFalse();
        assertThat(done(store.store(said(ALICE, OTHER_AUTHORITY, "member", NOW, NOW + 10))))
                .isTrue();

        assertThat(role(NOW)).contains("member");
    }

    @Test
    void ofTwoFromTheSameSecondTheOneThatEndsLaterStays() {
        done(store.store(said("member", NOW, NOW + 10)));
        assertThat(done(store.store(said("guest", NOW, NOW + 9)))).isFalse();
        assertThat(done(store.store(said("owner", NOW, NOW + 10)))).isTrue();

        assertThat(role(NOW)).contains("owner");
    }

    @Test
    void whatAnAuthoritySaidBeforeItsRotationIsReplacedHoweverNew() {
        done(store.store(said("owner", NOW + 60, NOW + 1_000)));
        AttestedAttributes since = new AttestedAttributes(
                ALICE,
                AUTHORITY,
                SECOND_CHANGE,
                CredentialOptions.MEMBER_SCHEMA,
                Attributes.ofTexts(Map.of("role", "member")),
                new Timestamp(NOW),
                new Timestamp(NOW + 10));

        assertThat(done(store.store(since))).isTrue();

        assertThat(done(store.find(ALICE, AUTHORITY, new Timestamp(NOW).toInstant())))
                .contains(since);
    }

    @Test
    void aStatementThatHasEndedStillKeepsOlderOnesAway() {
        done(store.store(said("guest", NOW + 1, NOW + 10)));
        assertThat(role(NOW + 10)).isEmpty();

        assertThat(done(store.store(said("owner", NOW, NOW + 1_000)))).isFalse();
        assertThat(role(NOW + 10)).isEmpty();
        assertThat(done(store.store(said("member", NOW + 2, NOW + 1_000)))).isTrue();
        assertThat(role(NOW + 10)).contains("member");
    }

    @Test
    void comparesTimesAsUnsignedNumbers() {
        done(store.store(said("member", NOW, -1)));

        assertThat(role(Long.MAX_VALUE / 2)).contains("member");
    }

    @Test
    void isBoundedAndForgetsTheLeastRecentlyUsed() {
        AttestedAttributes one = said("member", NOW, NOW + 10);
        long cost = 512 + 512 + 3L * one.attributes().length();
        InMemoryAttributeStore small = InMemoryAttributeStore.create(2 * cost);
        done(small.store(one));
        done(small.store(said(BOB, AUTHORITY, "member", NOW, NOW + 10)));
        assertThat(small.count()).isEqualTo(2);
        done(small.find(ALICE, AUTHORITY, new Timestamp(NOW).toInstant()));

        done(small.store(said(BOB, OTHER_AUTHORITY, "member", NOW, NOW + 10)));

        assertThat(small.count()).isEqualTo(2);
        assertThat(done(small.find(ALICE, AUTHORITY, new Timestamp(NOW).toInstant())))
                .contains(one);
        assertThat(done(small.find(BOB, AUTHORITY, new Timestamp(NOW).toInstant())))
                .isEmpty();
        assertThat(done(InMemoryAttributeStore.create(0).store(one))).isFalse();
        assertThat(done(InMemoryAttributeStore.create(cost).store(one))).isTrue();
        assertThat(done(InMemoryAttributeStore.create(cost - 1).store(one))).isFalse();
        assertThatThrownBy(() -> InMemoryAttributeStore.create(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countsWhatItHolds() {
        InMemoryAttributeStore small = InMemoryAttributeStore.create(5_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(done(small.store(said("x".repeat(i % 300), NOW + i, NOW + i + 1))))
                    .isTrue();
            done(small.find(ALICE, AUTHORITY, new Timestamp(NOW + i + i % 2).toInstant()));
        }
        assertThat(small.count()).isEqualTo(1);
    }

    /** The newest of those that came, whatever their order; of equally new ones the last. */
    @Test
    void doesWhatAPlainModelDoes() {
        qt().withExamples(500)
                .forAll(lists().of(integers().between(0, 63)).ofSizeBetween(0, 40))
                .check(numbers -> {
                    InMemoryAttributeStore tested = InMemoryAttributeStore.create();
                    Map<Integer, AttestedAttributes> model = new HashMap<>();
                    for (int number : numbers) {
                        AttestedAttributes said = said(
                                identifier(number % 2),
                                AUTHORITY,
                                "role " + number,
                                NOW + number / 2 % 4,
                                NOW + 10 + number / 8 % 4);
                        model.merge(number % 2, said, (before, now) -> now.isOlderThan(before) ? before : now);
                        done(tested.store(said));
                    }
                    return IntStream.range(0, 2)
                            .allMatch(subject -> done(tested.find(
                                            identifier(subject), AUTHORITY, new Timestamp(NOW).toInstant()))
                                    .equals(Optional.ofNullable(model.get(subject))));
                });
    }

    @Test
    void theNewestOfManyAtTheSameTimeStays() {
        List<AttestedAttributes> statements = IntStream.range(0, 400)
                .mapToObj(i -> said("role " + i, NOW + (i * 7919L) % 400, NOW + 1_000))
                .toList();
        Threads.race(4, thread -> {
            for (int i = thread; i < statements.size(); i += 4) {
                done(store.store(statements.get(i)));
            }
        });

        AttestedAttributes newest = statements.stream()
                .max(Comparator.comparing(AttestedAttributes::createdAt))
                .orElseThrow();
        assertThat(done(store.find(ALICE, AUTHORITY, new Timestamp(NOW).toInstant())))
                .contains(newest);
    }
}
