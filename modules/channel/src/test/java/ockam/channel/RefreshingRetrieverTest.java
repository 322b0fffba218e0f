// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.util.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import ockam.fixtures.MutableClock;
import ockam.fixtures.SystemKit;
import ockam.identity.Credential;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Timestamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.concurrent.ExecutionContext;

/** When a source of credentials is asked, and what is presented meanwhile (authority, section 7.1; authority, section 10, items 28 to 31). */
class RefreshingRetrieverTest {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    private final HandTime time = new HandTime();
    private final MutableClock clock = time.clock();
    private final Instant start = clock.instant();
    /** At which seconds the source was asked. */
    private final List<Long> asked = new ArrayList<>();

    private final AtomicInteger told = new AtomicInteger();
    private final List<Runnable> watching = new ArrayList<>();
    private Duration validity = Duration.ofMinutes(10);
    private CredentialRefreshSettings settings = ChannelTests.REFRESH;
    private long seed = 1;
    private int issued;
    private Supplier<@Nullable CompletionStage<CredentialAndPurposeKey>> source = this::issues;
    private @Nullable RefreshingRetriever made;

    @AfterEach
    void nothingIsLeftWhenNobodyWatches() {
        watching.forEach(Runnable::run);
        watching.forEach(Runnable::run);
        int before = asked.size();
        time.passes(settings.maxRetryPause().multipliedBy(2)); // the pause after the last request
        assertThat(time.timers()).isZero();
        assertThat(asked).hasSize(before);
    }

    private CompletionStage<CredentialAndPurposeKey> issues() {
        return CompletableFuture.completedStage(
                Credentialing.numbered(++issued, Timestamp.of(clock.instant()), validity));
    }

    private CompletionStage<CredentialAndPurposeKey> isDown() {
        return CompletableFuture.failedStage(new IllegalStateException("down"));
    }

    private RefreshingRetriever retriever() {
        RefreshingRetriever known = made;
        if (known == null) {
            known = new RefreshingRetriever(
                    time,
                    ExecutionContext.fromExecutor(Runnable::run),
                    () -> {
                        asked.add(Duration.between(start, clock.instant()).toSeconds());
                        return source.get();
                    },
                    clock,
                    settings,
                    new Random(seed));
            made = known;
        }
        return known;
    }

    private void watch() {
        watching.add(retriever().watch(told::incrementAndGet));
        passes(0);
    }

    /** Seconds pass on the clock and for the timers. */
    private void passes(long seconds) {
        time.passes(Duration.ofSeconds(seconds));
    }

    private CredentialAndPurposeKey presented() {
        return done(retriever().credential());
    }

    /** Why there is no credential. */
    private CredentialUnavailableException refused() {
        Throwable failure = ChannelTests.failureOf(retriever().credential());
        assertThat(failure).isInstanceOf(CredentialUnavailableException.class);
        return (CredentialUnavailableException) failure;
    }

    private static int number(CredentialAndPurposeKey credential) {
        return (int) credential.credential().content().schema();
    }

    @Test
    void asksWhenItIsNeededAndOnlyOnce() {
        CompletableFuture<CredentialAndPurposeKey> answer = new CompletableFuture<>();
        source = () -> answer;
        assertThat(asked).isEmpty();

        CompletionStage<CredentialAndPurposeKey> first = retriever().credential();
        CompletionStage<CredentialAndPurposeKey> second = retriever().credential();
        watch();

        assertThat(first.toCompletableFuture()).isNotDone();
        answer.complete(Credentialing.numbered(7, Timestamp.of(clock.instant()), validity));
        assertThat(number(done(first))).isEqualTo(7);
        assertThat(number(done(second))).isEqualTo(7);
        assertThat(number(presented())).isEqualTo(7);
        assertThat(asked).containsExactly(0L);
        assertThat(told).hasValue(1);
    }

    @Test
    void oneThatThrowsKeepsNobodyFromBeingTold() {
        for (int i = 0; i < 3; i++) {
            watching.add(retriever().watch(() -> {
                told.incrementAndGet();
                throw new IllegalStateException("broken");
            }));
        }

        passes(0);

        assertThat(told).hasValue(3);
        assertThat(number(presented())).isEqualTo(1);
    }

    @Test
    void renewsTwoGapsBeforeTheEnd() { // authority, section 10, item 29
        presented();
        watch();
        watch();
        passes(479);
        assertThat(asked).containsExactly(0L);
        assertThat(told).hasValue(0);

        passes(1);
        assertThat(asked).containsExactly(0L, 480L);
        assertThat(told).hasValue(2);
        assertThat(number(presented())).isEqualTo(2);

        passes(1000);
        assertThat(asked).containsExactly(0L, 480L, 960L, 1440L);
        assertThat(told).hasValue(6);
    }

    @Test
    void asksAtOnceWhenItIsWatchedWithoutACredential() {
        watch();

        assertThat(asked).containsExactly(0L);
        assertThat(told).hasValue(1);
    }

    @Test
    void asksNobodyAsLongAsNobodyWatches() {
        presented();
        passes(539);
        presented();
        assertThat(asked).containsExactly(0L);
        passes(1);

        assertThat(number(presented())).isEqualTo(2);
        assertThat(asked).containsExactly(0L, 540L);
    }

    @Test
    void renewsTwoShortGapsBeforeTheEnd() { // authority, section 7.1: refreshes at 4 s and 8 s
        settings = settings.withGaps(Duration.ofSeconds(2), Duration.ofSeconds(2))
                .withRetryPauses(Duration.ofSeconds(3), Duration.ofSeconds(60));
        validity = Duration.ofSeconds(8);
        watch();
        passes(13);

        assertThat(asked).containsExactly(0L, 4L, 8L, 12L);
    }

    @Test
    void gapsAreAtMostAQuarterAndHalfOfTheValidity() {
        validity = Duration.ofSeconds(80);
        watch();
        passes(19);
        assertThat(asked).containsExactly(0L);
        source = this::isDown;
        passes(40);
        assertThat(number(presented())).isEqualTo(1);
        assertThat(asked).containsExactly(0L, 20L, 30L, 42L, 52L);

        passes(1);
        refused();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatVariesIsWithinTheHalf(long seed) {
        this.seed = seed;
        settings = settings.withJitter(1);
        validity = Duration.ofSeconds(80);
        watch();

        passes(19);
        assertThat(asked).containsExactly(0L);
        passes(1);
        assertThat(asked).containsExactly(0L, 20L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4, 10})
    void neverAsksMoreOftenThanThePause(long seconds) { // authority, section 10, item 31
        validity = Duration.ofSeconds(seconds);
        watch();
        for (int i = 0; i < 60; i++) {
            passes(1);
            retriever().credential();
        }

        assertThat(asked).containsExactly(0L, 10L, 20L, 30L, 40L, 50L, 60L);
    }

    @Test
    void refusesInsteadOfAskingBeforeThePauseIsOver() {
        validity = Duration.ofSeconds(4);
        assertThat(number(presented())).isEqualTo(1);
        passes(3);
        assertThat(refused()).hasMessage("the credential ended soon after it was asked for");
        passes(6);
        refused();
        assertThat(asked).containsExactly(0L);

        passes(1);
        assertThat(number(presented())).isEqualTo(2);
    }

    @Test
    void theOldOneIsPresentedThroughAnOutageAsLongAsItLasts() { // authority, section 10, item 30
        presented();
        watch();
        passes(400);
        source = this::isDown;
        passes(139);
        assertThat(number(presented())).isEqualTo(1);
        assertThat(asked).containsExactly(0L, 480L, 490L, 510L, 532L);

        passes(1);
        assertThat(refused()).hasMessage("the source of credentials has failed").hasRootCauseMessage("down");
        passes(200);
        refused();
        assertThat(told).hasValue(0);

        source = this::issues;
        passes(130);
        assertThat(number(presented())).isEqualTo(2);
        assertThat(told).hasValue(1);
    }

    @Test
    void pausesDoubleWhileThereIsNothingToLose() {
        source = this::isDown;
        watch();
        passes(600);
        assertThat(asked).containsExactly(0L, 10L, 30L, 70L, 150L, 270L, 390L, 510L);

        source = this::issues;
        passes(30);
        source = this::isDown;
        passes(480 + 10);
        assertThat(asked).endsWith(510L, 630L, 630L + 480, 630L + 490);
    }

    /** However the outages lie, which are most of the time, there always is a credential, and one to present. */
    @Test
    void outagesOfTwentyFiveSecondsCostNothing() {
        settings = settings.withGaps(Duration.ofSeconds(5), Duration.ofSeconds(30))
                .withRetryPauses(Duration.ofSeconds(2), Duration.ofSeconds(120))
                .withJitter(0.1);
        validity = Duration.ofSeconds(60);
        for (int up = 9; up < 25; up++) { // between two outages, and at first: longer than the pauses
            seed = up;
            made = null;
            source = this::issues;
            presented();
            watch();
            for (int second = 0; second < 600; second++) {
                source = second % (up + 25) < up ? this::issues : this::isDown;
                assertThat(retriever().credential())
                        .as("after " + second + " s, with " + up + " s between outages")
                        .isCompleted();
                passes(1);
            }
            watching.forEach(Runnable::run);
        }
    }

    @Test
    void whoeverNeedsOneDuringAnOutageCostsNoRequest() {
        source = this::isDown;
        refused();
        passes(9);
        refused();
        assertThat(asked).containsExactly(0L);
        passes(1);
        refused();
        assertThat(asked).containsExactly(0L, 10L);
    }

    @Test
    void anOutageIsLoggedOnce() {
        source = this::isDown;
        LoggingTestKit.warn("No newer credential: the source of credentials has failed")
                .withOccurrences(1)
                .expect(KIT.system(), () -> {
                    watch();
                    passes(300);
                    return true;
                });
        source = this::issues;
        LoggingTestKit.info("A credential was obtained again, after 6 failures").expect(KIT.system(), () -> {
            passes(100);
            return true;
        });
    }

    @Test
    void aRequestWithoutAnAnswerHasFailedAndWhatItBringsLaterIsIgnored() {
        CompletableFuture<CredentialAndPurposeKey> late = new CompletableFuture<>();
        source = () -> late;
        CompletionStage<CredentialAndPurposeKey> waiting = retriever().credential();
        watch();
        passes(119);
        assertThat(waiting.toCompletableFuture()).isNotDone();
        assertThat(asked).containsExactly(0L);

        passes(1);
        assertThat(ChannelTests.failureOf(waiting))
                .isInstanceOf(CredentialUnavailableException.class)
                .hasCauseInstanceOf(TimeoutException.class);
        late.complete(Credentialing.numbered(99, Timestamp.of(clock.instant()), validity));
        refused();
        assertThat(told).hasValue(0);

        source = this::issues;
        passes(10);
        assertThat(asked).containsExactly(0L, 130L);
        assertThat(number(presented())).isEqualTo(1);
    }

    private void isAFailure(Supplier<@Nullable CompletionStage<CredentialAndPurposeKey>> next, String why) {
        source = this::issues;
        made = null;
        issued = 0;
        presented();
        watch();
        source = next;
        passes(480);
        assertThat(number(presented())).isEqualTo(1);
        passes(60);

        assertThat(refused()).hasMessage(why);
        assertThat(told).hasValue(0);
        watching.forEach(Runnable::run);
    }

    @Test
    void whateverTheSourceDoesTheOldOneStays() {
        isAFailure(
                () -> {
                    throw new IllegalStateException("a bug");
                },
                "the source of credentials has failed");
        isAFailure(() -> null, "the source of credentials has failed");
        isAFailure(() -> CompletableFuture.completedStage(null), "the source of credentials has failed");
        isAFailure(
                () -> CompletableFuture.failedStage(new CompletionException(new IllegalStateException("down"))),
                "the source of credentials has failed");
        isAFailure(
                () -> CompletableFuture.completedStage(new CredentialAndPurposeKey(
                        new Credential(
                                ByteString.fromString("no CBOR"),
                                presented().credential().signature()),
                        presented().purposeKey())),
                "the credential cannot be read");
        isAFailure(
                () -> CompletableFuture.completedStage(
                        Credentialing.numbered(5, Timestamp.of(start), Duration.ofSeconds(1))),
                "the credential from the source has ended");
    }

    @Test
    void theSameOneAgainIsNotNews() {
        CredentialAndPurposeKey same = Credentialing.numbered(1, Timestamp.of(start), validity);
        source = () -> CompletableFuture.completedStage(same);
        presented();
        watch();
        passes(530);

        assertThat(told).hasValue(0);
        assertThat(asked).containsExactly(0L, 480L, 490L, 510L);
        assertThat(presented()).isSameAs(same);
    }

    @Test
    void aCredentialWithoutAnEndIsKept() {
        source = () -> CompletableFuture.completedStage(
                Credentialing.numbered(1, new Timestamp(0), Duration.ofSeconds(Long.MAX_VALUE)));
        presented();
        watch();
        passes(1000);

        assertThat(asked).containsExactly(0L);
    }

    @Test
    void aClockThatJumpsIsNoticed() {
        presented();
        watch();
        clock.goesOn(Duration.ofHours(2)); // the machine has slept
        passes(60);

        assertThat(asked).hasSize(2);
        assertThat(number(presented())).isEqualTo(2);
    }

    @Test
    void pausesGoByNoClockThatIsSet() {
        source = this::isDown;
        watch();
        assertThat(asked).hasSize(1);
        clock.goesOn(Duration.ofDays(1));
        passes(9);
        refused();
        assertThat(asked).hasSize(1);
        clock.goesOn(Duration.ofDays(-2));

        passes(1);
        assertThat(asked).hasSize(2);
        passes(19);
        assertThat(asked).hasSize(2);
        clock.goesOn(Duration.ofDays(-2));
        passes(1);
        assertThat(asked).hasSize(3);
    }

    private List<Long> timesWith(long ofSeed) {
        settings = ChannelTests.REFRESH.withJitter(0.5);
        seed = ofSeed;
        made = null;
        asked.clear();
        presented();
        long first = asked.get(0);
        watch();
        passes(1500);
        watching.forEach(Runnable::run);
        List<Long> gaps = new ArrayList<>();
        for (long each : asked) {
            gaps.add(each - first);
            first = each;
        }
        return gaps.subList(1, gaps.size());
    }

    @Test
    void nodesAskAtDifferentTimes() {
        List<Long> one = timesWith(1);
        List<Long> same = timesWith(1);
        List<Long> other = timesWith(2);

        assertThat(one).hasSize(3).isEqualTo(same).isNotEqualTo(other);
        assertThat(List.of(one, other))
                .allSatisfy(all ->
                        assertThat(all).allSatisfy(gap -> assertThat(gap).isCloseTo(465L, within(16L))));
    }

    @Test
    void retriesAreLaterNeverEarlier() {
        settings = ChannelTests.REFRESH.withJitter(1);
        RefreshTiming timing = new RefreshTiming(settings, new Random(3));

        for (int failures = 1; failures < 100; failures++) {
            Duration pause = timing.afterFailure(failures, Duration.ZERO);
            Duration least = Duration.ofSeconds(failures > 4 ? 120 : 10L << (failures - 1));
            assertThat(pause).isBetween(least, least.multipliedBy(2));
        }
    }

    @Test
    void cachedOnesArePresentedToTheirLastSecond() { // authority, section 7
        CredentialAndPurposeKey credential = Credentialing.numbered(1, Timestamp.of(start), Duration.ofSeconds(5));
        CredentialRetriever cached =
                CredentialRetriever.cached(() -> CompletableFuture.completedStage(Optional.of(credential)), clock);
        cached.watch(told::incrementAndGet).run();
        clock.goesOn(Duration.ofMillis(4999));
        assertThat(done(cached.credential())).isSameAs(credential);

        clock.goesOn(Duration.ofMillis(1));

        assertThat(ChannelTests.failureOf(cached.credential()))
                .isInstanceOf(CredentialUnavailableException.class)
                .hasMessageStartingWith("the credential has expired at ");
        assertThat(ChannelTests.failureOf(
                        CredentialRetriever.cached(() -> CompletableFuture.completedStage(Optional.empty()), clock)
                                .credential()))
                .isInstanceOf(CredentialUnavailableException.class)
                .hasMessage("there is no credential");
        assertThat(told).hasValue(0);
    }

    @Test
    void cachedOnesAreDeletedWhenTheyHaveEnded() { // authority, section 7
        AtomicReference<CredentialAndPurposeKey> kept =
                new AtomicReference<>(Credentialing.numbered(1, Timestamp.of(start), Duration.ofSeconds(5)));
        CredentialRetriever cached = CredentialRetriever.cached(
                () -> CompletableFuture.completedStage(Optional.ofNullable(kept.get())),
                ended -> CompletableFuture.completedStage(kept.compareAndSet(ended, null)),
                clock);
        clock.goesOn(Duration.ofSeconds(4));
        done(cached.credential());
        assertThat(kept).hasValueMatching(Objects::nonNull);
        clock.goesOn(Duration.ofSeconds(1));

        assertThat(ChannelTests.failureOf(cached.credential()))
                .hasMessageStartingWith("the credential has expired at ");
        assertThat(kept).hasNullValue();
        assertThat(ChannelTests.failureOf(cached.credential())).hasMessage("there is no credential");
    }

    @Test
    void whoeverAskedIsAnsweredAlsoAfterTheEndOfTheActorSystem() {
        ActorTestKit ending = ActorTestKit.create("ending");
        CompletableFuture<CredentialAndPurposeKey> answer = new CompletableFuture<>();
        RefreshingRetriever asked = RefreshingRetriever.create(ending.system(), () -> answer, clock, settings);
        CompletionStage<CredentialAndPurposeKey> waits = asked.credential();
        ending.shutdownTestKit();

        answer.complete(Credentialing.numbered(1, Timestamp.of(start), validity));

        assertThat(number(done(waits))).isEqualTo(1);
        asked.watch(() -> {}).run();
    }

    @Test
    void aCachedOneThatCannotBeDeletedHasEndedNevertheless() {
        CredentialAndPurposeKey credential = Credentialing.numbered(1, Timestamp.of(start), Duration.ofSeconds(5));
        clock.goesOn(Duration.ofSeconds(5));
        CredentialRetriever cached = CredentialRetriever.cached(
                () -> CompletableFuture.completedStage(Optional.of(credential)),
                ended -> {
                    throw new IllegalStateException("read only");
                },
                clock);

        LoggingTestKit.warn("A credential that has expired could not be deleted")
                .expect(KIT.system(), () -> {
                    assertThat(ChannelTests.failureOf(cached.credential()))
                            .isInstanceOf(CredentialUnavailableException.class);
                    return true;
                });
    }
}
