// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.fixtures.Stages.failureOf;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.assertRefused;
import static ockam.identity.IdentityTests.clockAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import akka.util.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import ockam.fixtures.Threads;
import ockam.identity.IdentityException.Reason;
import ockam.identity.IdentityRepository.Retention;
import ockam.vault.SoftwareVault;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

class InMemoryStoreTest {
    private static final Identifier HERE = identifier(1_000);
    private static final Identifier ELSEWHERE = identifier(2_000);
    private static final Identifier ENROLLER = identifier(3_000);
    private static final Timestamp MOMENT = new Timestamp(NOW);
    private static final Attributes ROLE = Attributes.ofTexts(Map.of("role", "member"));

    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);
    private final InMemoryStore store = InMemoryStore.create(vault);

    private static Identifier identifier(int number) {
        return Identifier.parse("I" + "%064x".formatted(number));
    }

    private static TokenCode code(int number) {
        return TokenCode.of(ByteString.fromString("%032d".formatted(number)));
    }

    private static Token token(int number, long uses, long seconds) {
        return new Token(
                HERE,
                code(number).hash(),
                "token " + number,
                ENROLLER,
                MOMENT,
                new Timestamp(NOW + seconds),
                uses,
                ROLE);
    }

    private static Member member(Identifier authority, int number, boolean preTrusted) {
        return new Member(authority, identifier(number), ROLE, authority, MOMENT, preTrusted);
    }

    private static <T> T run(Store store, Function<UnitOfWork, T> work) {
        return done(store.run(work));
    }

    private <T> T run(Function<UnitOfWork, T> work) {
        return run(store, work);
    }

    private Redemption redeem(int subject, int code, long seconds) {
        return run(unit -> unit.redeem(HERE, identifier(subject), code(code), new Timestamp(NOW + seconds)));
    }

    private void add(Token token) {
        run(unit -> {
            unit.tokens().add(token);
            return true;
        });
    }

    private static boolean put(UnitOfWork unit, Member member) {
        unit.members().put(member);
        return true;
    }

    @Test
    void codeMakesMembersUntilItIsUsedUp() { // authority, section 3.2
        add(token(1, 2, 600));

        assertThat(redeem(1, 1, 1)).isEqualTo(Redemption.MEMBER_NOW);
        assertThat(run((UnitOfWork unit) -> unit.members().find(HERE, identifier(1))))
                .contains(new Member(HERE, identifier(1), ROLE, ENROLLER, new Timestamp(NOW + 1), false));
        assertThat(redeem(2, 1, 1)).isEqualTo(Redemption.MEMBER_NOW);
        assertThat(redeem(3, 1, 1)).isEqualTo(Redemption.UNKNOWN_TOKEN);
        assertThat(run((UnitOfWork unit) -> unit.members().find(HERE, identifier(3))))
                .isEmpty();
        assertThat(run((UnitOfWork unit) -> unit.tokens().count(HERE))).isZero();
    }

    @Test
    void codeOfAMemberIsNotTouched() {
        add(token(1, 1, 600));
        run(unit -> put(unit, member(HERE, 1, true)));

        assertThat(redeem(1, 1, 0)).isEqualTo(Redemption.ALREADY_MEMBER);
        assertThat(redeem(1, 99, 0)).isEqualTo(Redemption.ALREADY_MEMBER);

        assertThat(run((UnitOfWork unit) -> unit.members().find(HERE, identifier(1))))
                .contains(member(HERE, 1, true));
        assertThat(redeem(2, 1, 0)).isEqualTo(Redemption.MEMBER_NOW);
    }

    @Test
    void codeEndsToTheSecond() {
        add(token(1, 5, 600));
        add(token(2, 5, 0));

        assertThat(redeem(1, 1, 599)).isEqualTo(Redemption.MEMBER_NOW);
        assertThat(redeem(2, 1, 600)).isEqualTo(Redemption.UNKNOWN_TOKEN);
        assertThat(redeem(2, 2, 0)).isEqualTo(Redemption.UNKNOWN_TOKEN);
        assertThat(run((UnitOfWork unit) -> unit.tokens().removeEnded(HERE, new Timestamp(NOW + 599))))
                .isEqualTo(1);
        assertThat(run((UnitOfWork unit) -> unit.tokens().find(HERE, code(1), MOMENT))
                        .map(Token::uses))
                .contains(4L);
    }

    @Test
    void codeOfOneAuthorityIsNothingToAnother() {
        add(token(1, 5, 600));

        assertThat(run((UnitOfWork unit) -> unit.redeem(ELSEWHERE, identifier(1), code(1), MOMENT)))
                .isEqualTo(Redemption.UNKNOWN_TOKEN);
    }

    @Test
    void hundredAtOnceGetAtMostTen() {
        add(token(1, 10, 600));
        AtomicInteger made = new AtomicInteger();

        Threads.race(100, number -> {
            if (redeem(number, 1, 0) == Redemption.MEMBER_NOW) {
                made.incrementAndGet();
            }
        });

        assertThat(made).hasValue(10);
        assertThat(run((UnitOfWork unit) -> unit.members().count(HERE))).isEqualTo(10);
    }

    @Test
    void unitThatFailsLeavesNothing() {
        add(token(1, 1, 600));
        add(token(2, 2, 600));
        run(unit -> put(unit, member(HERE, 1, false)));
        Forge forge = new Forge();
        ChangeHistory known = forge.history(forge.ed25519(1));
        ChangeHistory newer = forge.history(forge.ed25519(1), forge.ed25519(2));
        ChangeHistory other = forge.history(forge.ed25519(3));
        run(unit -> unit.identities().update(known, Retention.EVICTABLE));
        IllegalStateException thrown = new IllegalStateException("enough");

        assertThat(failureOf(store.run(unit -> {
                    unit.redeem(HERE, identifier(2), code(1), MOMENT);
                    unit.redeem(HERE, identifier(3), code(2), MOMENT);
                    unit.members().remove(HERE, identifier(1));
                    unit.tokens().add(token(3, 1, 600));
                    unit.identities().update(newer, Retention.KEPT);
                    unit.identities().update(other, Retention.NAMED);
                    unit.identities().storeOwn(OwnIdentity.create(newer, forge.ed25519(2), IdentityOptions.defaults()));
                    unit.identities().name("a", newer.identifier());
                    throw thrown;
                })))
                .isSameAs(thrown);

        assertThat(run((UnitOfWork unit) -> unit.members().list(HERE, 10))).containsExactly(member(HERE, 1, false));
        assertThat(run((UnitOfWork unit) -> unit.tokens().count(HERE))).isEqualTo(2);
        assertThat(run((UnitOfWork unit) -> unit.tokens().find(HERE, code(2), MOMENT))
                        .map(Token::uses))
                .contains(2L);
        assertThat(run((UnitOfWork unit) -> unit.identities().history(known.identifier())))
                .contains(known);
        assertThat(run((UnitOfWork unit) -> unit.identities().retention(known.identifier())))
                .contains(Retention.EVICTABLE);
        assertThat(run((UnitOfWork unit) -> unit.identities().history(other.identifier())))
                .isEmpty();
        assertThat(run((UnitOfWork unit) -> unit.identities().own(known.identifier())))
                .isEmpty();
        assertThat(run((UnitOfWork unit) -> unit.identities().named("a"))).isEmpty();
    }

    @Test
    void forgottenPeersComeBackWhenTheUnitFails() {
        Forge forge = new Forge();
        Store small = InMemoryStore.create(vault, StoreLimits.defaults().withMaxPeerBytes(127 + 512));
        ChangeHistory first = forge.history(forge.ed25519(1));
        ChangeHistory second = forge.history(forge.ed25519(2));
        run(small, unit -> unit.identities().update(first, Retention.EVICTABLE));

        assertThat(failureOf(small.run(unit -> {
                    unit.identities().update(second, Retention.EVICTABLE);
                    assertThat(unit.identities().history(first.identifier())).isEmpty();
                    throw new IllegalStateException("enough");
                })))
                .hasMessage("enough");
        assertThat(run(small, (UnitOfWork unit) -> unit.identities().history(first.identifier())))
                .isPresent();

        run(small, unit -> unit.identities().update(second, Retention.EVICTABLE));
        assertThat(run(small, (UnitOfWork unit) -> unit.identities().history(first.identifier())))
                .as("the bytes are counted as before")
                .isEmpty();
        assertThat(run(small, (UnitOfWork unit) -> unit.identities().history(second.identifier())))
                .isPresent();
    }

    @Test
    void unitInsideAnotherIsRefused() {
        assertThat(failureOf(store.run(unit -> store.run(inner -> true))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inside another");
    }

    @Test
    void boundsMembersAndTokensOfEachAuthority() {
        Store small = InMemoryStore.create(
                vault, StoreLimits.defaults().withMaxMembers(2).withMaxTokens(1));
        run(small, unit -> put(unit, member(HERE, 1, false)));
        run(small, unit -> put(unit, member(HERE, 2, false)));

        assertRefused(Reason.TOO_MANY_MEMBERS, small.run(unit -> put(unit, member(HERE, 3, false))));
        run(small, unit -> put(unit, member(HERE, 2, true)));
        run(small, unit -> put(unit, member(ELSEWHERE, 3, false)));
        assertThat(run(small, (UnitOfWork unit) -> unit.members().count(HERE))).isEqualTo(2);

        run(small, unit -> {
            unit.tokens().add(token(1, 1, 0));
            return true;
        });
        run(
                small,
                unit -> { // the first one has ended
                    unit.tokens().add(token(2, 1, 600));
                    return true;
                });
        assertRefused(Reason.TOO_MANY_TOKENS, small.run(unit -> {
            unit.tokens().add(token(3, 1, 600));
            return true;
        }));
        assertRefused(Reason.TOO_MANY_MEMBERS, small.run(unit -> unit.redeem(HERE, identifier(4), code(2), MOMENT)));
        assertThat(run(small, (UnitOfWork unit) -> unit.tokens().find(HERE, code(2), MOMENT)))
                .as("the use is not lost")
                .isPresent();
    }

    @Test
    void whatIsRefusedIsNotThereIfTheUnitGoesOn() {
        Store small = InMemoryStore.create(vault, StoreLimits.defaults().withMaxMembers(2));
        run(small, unit -> put(unit, member(HERE, 1, true)) && put(unit, member(HERE, 2, false)));
        run(small, unit -> {
            unit.tokens().add(token(1, 1, 600));
            return true;
        });
        List<Member> tooMany = List.of(member(HERE, 3, true), member(HERE, 4, true));
        List<Member> ofOthers = List.of(member(ELSEWHERE, 1, true));

        run(small, unit -> {
            assertThatExceptionOfType(IdentityException.class).isThrownBy(() -> put(unit, member(HERE, 3, false)));
            assertThatExceptionOfType(IdentityException.class)
                    .isThrownBy(() -> unit.members().replacePreTrusted(HERE, tooMany));
            assertThatIllegalArgumentException().isThrownBy(() -> unit.members().replacePreTrusted(HERE, ofOthers));
            assertThatIllegalArgumentException().isThrownBy(() -> unit.tokens().add(token(1, 5, 600)));
            return true;
        });

        assertThat(run(small, (UnitOfWork unit) -> unit.members().list(HERE, 10)))
                .containsExactly(member(HERE, 1, true), member(HERE, 2, false));
        assertThat(run(small, (UnitOfWork unit) -> unit.tokens().find(HERE, code(1), MOMENT)))
                .contains(token(1, 1, 600));
    }

    @Test
    void configurationDecidesWhoIsPreTrusted() { // authority, section 2.2
        run(unit -> put(unit, member(HERE, 1, true)));
        run(unit -> put(unit, member(HERE, 2, false)));
        run(unit -> put(unit, member(HERE, 3, false)));
        run(unit -> put(unit, member(ELSEWHERE, 1, true)));

        run(unit -> {
            unit.members().replacePreTrusted(HERE, List.of(member(HERE, 2, true), member(HERE, 4, true)));
            return true;
        });

        assertThat(run((UnitOfWork unit) -> unit.members().list(HERE, 10)))
                .containsExactly(member(HERE, 2, true), member(HERE, 3, false), member(HERE, 4, true));
        assertThat(run((UnitOfWork unit) -> unit.members().count(ELSEWHERE))).isEqualTo(1);
        for (Member wrong : List.of(member(HERE, 5, false), member(ELSEWHERE, 5, true))) {
            assertThat(failureOf(store.run(unit -> {
                        unit.members().replacePreTrusted(HERE, List.of(wrong));
                        return true;
                    })))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(run((UnitOfWork unit) -> unit.members().count(HERE))).isEqualTo(3);
    }

    @Test
    void listsMembersPageByPage() {
        IntStream.range(0, 1_200).forEach(i -> run(unit -> put(unit, member(HERE, 1_200 - i, false))));

        List<Member> first = run(unit -> unit.members().list(HERE, Integer.MAX_VALUE));
        assertThat(first).hasSize(Members.MAX_LISTED).first().isEqualTo(member(HERE, 1, false));
        List<Member> second = run(unit ->
                unit.members().listAfter(HERE, first.get(Members.MAX_LISTED - 1).identifier(), 1_000));
        assertThat(second).hasSize(200).first().isEqualTo(member(HERE, 1_001, false));
        assertThat(run((UnitOfWork unit) -> unit.members().listAfter(HERE, identifier(1_200), 1_000)))
                .isEmpty();
    }

    @Test
    void sameNameIsTheSameIdentity() {
        Identity made = done(store.identity("node", clockAt(NOW)));

        Identity again = done(store.identity("node", clockAt(NOW + 1)));
        Identity other = done(store.identity("other", clockAt(NOW)));

        assertThat(again.identifier()).isEqualTo(made.identifier());
        assertThat(done(again.identities().secureChannelKey(again))).isNotNull();
        assertThat(other.identifier()).isNotEqualTo(made.identifier());
        assertThat(vault.keyCounts().signingKeys()).isEqualTo(2);
        for (String name : List.of("", "x".repeat(256))) {
            assertThat(failureOf(store.identity(name, clockAt(NOW)))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void allWhoAskForANameAtOnceGetTheSameIdentity() {
        Set<Identifier> made = ConcurrentHashMap.newKeySet();

        Threads.race(
                8, number -> made.add(done(store.identity("node", clockAt(NOW))).identifier()));

        assertThat(made).hasSize(1);
        assertThat(vault.keyCounts().signingKeys()).as("keys left over").isEqualTo(1);
    }

    @Test
    void nameStaysWithItsIdentity() {
        Identifier one = done(store.identity("one", clockAt(NOW))).identifier();
        Identifier two = done(store.identity("two", clockAt(NOW))).identifier();

        assertThat(run((UnitOfWork unit) -> unit.identities().name("one", two))).isFalse();
        assertThat(run((UnitOfWork unit) -> unit.identities().name("one", one))).isTrue();
        assertThat(run((UnitOfWork unit) -> unit.identities().name("first", one)))
                .isTrue();
        assertThat(run((UnitOfWork unit) -> unit.identities().name("none", HERE)))
                .isFalse();
        assertThat(run((UnitOfWork unit) -> unit.identities().named("first"))).contains(one);
        assertThat(run((UnitOfWork unit) -> unit.identities().named("none"))).isEmpty();
    }

    @Test
    void checksTokensAndCodes() {
        assertThatIllegalArgumentException().isThrownBy(() -> token(1, 0, 600));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> token(1, 1, Long.MAX_VALUE))
                .withMessageContaining("late");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenCode.of(ByteString.fromString("short")))
                .withMessageContaining("32 bytes");
        assertThat(code(1)).isEqualTo(code(1)).isNotEqualTo(code(2)).hasToString("TokenCode");
        add(token(1, 1, 600));
        assertThat(failureOf(store.run(unit -> {
                    unit.tokens().add(token(1, 5, 600));
                    return true;
                })))
                .hasMessageContaining("there is a token");
        assertThat(run((UnitOfWork unit) -> unit.tokens().find(HERE, code(1), MOMENT))
                        .map(Token::uses))
                .contains(1L);
    }
}
