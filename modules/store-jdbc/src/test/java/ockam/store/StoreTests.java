// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import ockam.identity.Member;
import ockam.identity.Timestamp;
import ockam.identity.Token;
import ockam.identity.TokenCode;
import ockam.identity.UnitOfWork;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import ockam.wire.internal.Failures;

/** What the tests of this module share: members, tokens, a key, and patience for a disk. */
final class StoreTests {
    static final long NOW = 1_700_000_000L;
    static final Timestamp MOMENT = new Timestamp(NOW);
    static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);
    static final Identifier HERE = identifier(1_000_000);
    static final Identifier ELSEWHERE = identifier(2_000_000);
    static final SealingKey KEY = SealingKey.from(() -> new byte[SealingKey.LENGTH]);
    static final Attributes ROLE = Attributes.ofTexts(Map.of("role", "member"));

    private static final Set<StoreException.Reason> UNDONE = EnumSet.of(
            StoreException.Reason.BUSY, StoreException.Reason.TOO_MANY_WAITING, StoreException.Reason.CLOSED);

    private StoreTests() {}

    static Identifier identifier(int number) {
        return Identifier.parse("I" + "%064x".formatted(number));
    }

    static TokenCode code(int number) {
        return TokenCode.of(ByteString.fromString("%032d".formatted(number)));
    }

    static Token token(int number, long uses, long seconds) {
        return new Token(
                HERE,
                code(number).hash(),
                "token " + number,
                ELSEWHERE,
                MOMENT,
                new Timestamp(NOW + seconds),
                uses,
                ROLE);
    }

    static Member member(Identifier authority, int number, boolean preTrusted) {
        return new Member(authority, identifier(number), ROLE, authority, MOMENT, preTrusted);
    }

    static boolean put(UnitOfWork unit, Member member) {
        unit.members().put(member);
        return true;
    }

    static boolean add(UnitOfWork unit, Token token) {
        unit.tokens().add(token);
        return true;
    }

    /** How many transactions wait for another one, in PostgreSQL. */
    static long waiting(UnitOfWork unit) {
        return ((JdbcUnit) unit)
                .sql()
                .number("SELECT COUNT(*) FROM pg_stat_activity"
                        + " WHERE wait_event_type = 'Lock' AND datname = current_database()");
    }

    /** Waits longer than for something that needs no disk. */
    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(2, TimeUnit.MINUTES);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no result", e);
        } catch (ExecutionException e) {
            throw new AssertionError("failed", e.getCause());
        }
    }

    static Throwable failureOf(CompletionStage<?> stage) {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        stage.whenComplete((result, thrown) ->
                failure.complete(thrown == null ? new AssertionError("no failure but " + result) : thrown));
        return Failures.unwrapped(get(failure));
    }

    static void assertRefused(StoreException.Reason reason, CompletionStage<?> stage) {
        assertThat(failureOf(stage)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.reason()).isEqualTo(reason);
            assertThat(e.isUndone()).isEqualTo(UNDONE.contains(reason));
        });
    }
}
