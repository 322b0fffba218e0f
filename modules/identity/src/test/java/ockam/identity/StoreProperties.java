// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import akka.util.ByteString;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ockam.vault.SoftwareVault;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

/** Members and tokens of the store in memory, against a model; some units fail at the end. */
class StoreProperties {
    private static final Identifier HERE = identifier(99);
    private static final int CODES = 3;
    private static final int SUBJECTS = 6;

    private static Identifier identifier(int number) {
        return Identifier.parse("I" + "%064x".formatted(number));
    }

    private static TokenCode code(int number) {
        return TokenCode.of(ByteString.fromString("%032d".formatted(number)));
    }

    /** What should be there: who is a member, and of each code its uses and its end. */
    private record Model(Set<Integer> members, Map<Integer, Long> uses, Map<Integer, Long> ends) {
        Model copy() {
            return new Model(new HashSet<>(members), new HashMap<>(uses), new HashMap<>(ends));
        }

        Redemption redeem(int subject, int code, long now) {
            if (members.contains(subject)) {
                return Redemption.ALREADY_MEMBER;
            }
            if (!uses.containsKey(code) || now >= ends.getOrDefault(code, 0L)) {
                return Redemption.UNKNOWN_TOKEN;
            }
            members.add(subject);
            if (uses.merge(code, -1L, Long::sum) == 0) {
                uses.remove(code);
            }
            return Redemption.MEMBER_NOW;
        }
    }

    /** One step, made of a number: what is done, with whom, with which code; every fifth one fails at the end. */
    private static Model step(Store store, Model before, int number, long now) {
        Model after = before.copy();
        int code = number / 4 % CODES;
        int subject = number / 12 % SUBJECTS;
        boolean fails = number / 72 % 5 == 0;
        var stage = store.run(unit -> {
            switch (number % 4) {
                case 0 -> {
                    if (!after.uses.containsKey(code)) {
                        add(unit, code, now, 1 + number / 72 % 3);
                        after.uses.put(code, 1L + number / 72 % 3);
                        after.ends.put(code, now + 5);
                    }
                }
                case 1 -> {
                    unit.members().remove(HERE, identifier(subject));
                    after.members.remove(subject);
                }
                case 2 -> {
                    unit.tokens().removeEnded(HERE, new Timestamp(now));
                    after.uses.keySet().removeIf(each -> now >= after.ends.getOrDefault(each, 0L));
                }
                default ->
                    assertThat(unit.redeem(HERE, identifier(subject), code(code), new Timestamp(now)))
                            .isEqualTo(after.redeem(subject, code, now));
            }
            if (fails) {
                throw new IllegalStateException("fails on purpose");
            }
            return true;
        });
        Throwable failure = done(stage.handle((done, thrown) -> thrown == null ? new Throwable("none") : thrown));
        assertThat(failure).hasMessage(fails ? "fails on purpose" : "none");
        return fails ? before : after;
    }

    private static void add(UnitOfWork unit, int code, long now, long uses) {
        unit.tokens()
                .add(new Token(
                        HERE,
                        code(code).hash(),
                        "",
                        HERE,
                        new Timestamp(now),
                        new Timestamp(now + 5),
                        uses,
                        Attributes.none()));
    }

    @Test
    void behavesLikeTheModel() {
        qt().forAll(lists().of(integers().between(0, 10_000)).ofSizeBetween(0, 60))
                .checkAssert(StoreProperties::check);
    }

    private static void check(List<Integer> numbers) {
        Store store = InMemoryStore.create(SoftwareVault.create(Runnable::run));
        Model model = new Model(new HashSet<>(), new HashMap<>(), new HashMap<>());
        long now = 1;
        for (int number : numbers) {
            model = step(store, model, number, now++);
            for (int subject = 0; subject < SUBJECTS; subject++) {
                Identifier identifier = identifier(subject);
                assertThat(done(store.run((UnitOfWork unit) -> unit.members().find(HERE, identifier)))
                                .isPresent())
                        .isEqualTo(model.members.contains(subject));
            }
            assertThat(done(store.run((UnitOfWork unit) -> unit.tokens().count(HERE))))
                    .isEqualTo(model.uses.size());
        }
    }
}
