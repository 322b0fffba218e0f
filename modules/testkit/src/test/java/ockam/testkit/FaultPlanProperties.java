// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import ockam.testkit.FaultPlan.Parcel;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class FaultPlanProperties {
    private static final int MAX_LENGTH = 40;
    private static final int MAX_DISTANCE = 12;
    private static final Route HERE = Route.of("here");
    private static final Route THERE = Route.of("there");

    @Test
    void sameSeedAndSameMessagesProduceTheSameResult() {
        qt().forAll(anyFaults(), counts())
                .checkAssert((faults, count) -> assertThat(run(faults, count)).isEqualTo(run(faults, count)));
    }

    @Test
    void withoutFaultsEverythingLeavesOnceUnchangedAndInOrder() {
        qt().forAll(longs().all(), counts())
                .checkAssert((seed, count) ->
                        assertThat(run(Faults.seeded(seed), count)).isEqualTo(messages(count)));
    }

    @Test
    void onlyArrivedMessagesLeaveAndOnlyAFewMore() {
        qt().forAll(anyFaults(), counts()).checkAssert((faults, count) -> {
            List<Parcel<Integer>> left = run(faults, count);

            assertThat(left).hasSizeLessThanOrEqualTo(3 * count);
            assertThat(left).allSatisfy(parcel -> assertThat(parcel.message()).isBetween(0, count - 1));
        });
    }

    @Test
    void arrivedPayloadsNeverChange() {
        qt().forAll(anyFaults(), counts()).checkAssert((faults, count) -> {
            List<Parcel<Integer>> came = messages(count);
            run(faults, came);

            assertThat(came).isEqualTo(messages(count));
        });
    }

    @Test
    void droppingOnlyLosesMessages() {
        qt().forAll(longs().all(), rates(), counts()).checkAssert((seed, rate, count) -> {
            List<Parcel<Integer>> left = run(Faults.seeded(seed).withDrops(rate), count);

            assertThat(left)
                    .isEqualTo(messages(count).stream().filter(left::contains).toList());
        });
    }

    @Test
    void rateOneDropsEverything() {
        qt().forAll(longs().all(), counts())
                .checkAssert((seed, count) ->
                        assertThat(run(Faults.seeded(seed).withDrops(1), count)).isEmpty());
    }

    @Test
    void duplicatingOnlySendsSomeMessagesTwice() {
        qt().forAll(longs().all(), rates(), counts()).checkAssert((seed, rate, count) -> {
            List<Parcel<Integer>> left = run(Faults.seeded(seed).withDuplicates(rate), count);

            assertThat(left.stream().distinct().toList()).isEqualTo(messages(count));
            for (Parcel<Integer> message : messages(count)) {
                assertThat(left.stream().filter(message::equals).count()).isBetween(1L, 2L);
            }
        });
    }

    @Test
    void reorderingLosesNothingAndStaysWithinTheDistance() {
        qt().forAll(longs().all(), rates(), integers().between(1, MAX_DISTANCE), counts())
                .checkAssert((seed, rate, distance, count) -> {
                    List<Parcel<Integer>> left = run(Faults.seeded(seed).withReordering(rate, distance), count);

                    assertThat(left).containsExactlyInAnyOrderElementsOf(messages(count));
                    assertThat(mostOvertakers(left)).isLessThanOrEqualTo(distance);
                });
    }

    @Test
    void distanceIsReached() {
        for (int distance = 1; distance <= MAX_DISTANCE; distance++) {
            List<Parcel<Integer>> left = run(Faults.seeded(1).withReordering(0.1, distance), 2000);

            assertThat(mostOvertakers(left)).isEqualTo(distance);
        }
    }

    @Test
    void corruptingFlipsExactlyOneBitOfACopy() {
        qt().forAll(longs().all(), counts()).checkAssert((seed, count) -> {
            List<Parcel<Integer>> left = run(Faults.seeded(seed).withCorruption(1), count);

            assertThat(left).hasSize(count);
            assertThat(left).allSatisfy(parcel -> {
                ByteString original = payload(parcel.message());
                assertThat(differentBits(original, parcel.payload())).isEqualTo(original.isEmpty() ? 0 : 1);
            });
        });
    }

    @Test
    void truncatingLeavesAProperPrefix() {
        qt().forAll(longs().all(), counts()).checkAssert((seed, count) -> {
            List<Parcel<Integer>> left = run(Faults.seeded(seed).withTruncation(1), count);

            assertThat(left).hasSize(count);
            assertThat(left).allSatisfy(parcel -> {
                ByteString original = payload(parcel.message());
                assertThat(parcel.payload().length()).isLessThan(Math.max(1, original.length()));
                assertThat(parcel.payload())
                        .isEqualTo(original.take(parcel.payload().length()));
            });
        });
    }

    @Test
    void replayingSendsRecentMessagesAgainUnchanged() {
        qt().forAll(longs().all(), rates(), integers().between(1, MAX_DISTANCE), counts())
                .checkAssert((seed, rate, memory, count) -> {
                    List<Parcel<Integer>> left = run(Faults.seeded(seed).withReplays(rate, memory), count);

                    assertThat(left.stream().distinct().toList()).isEqualTo(messages(count));
                    int latest = -1;
                    for (Parcel<Integer> parcel : left) {
                        assertThat(latest - parcel.message()).isLessThanOrEqualTo(memory);
                        latest = Math.max(latest, parcel.message());
                    }
                });
    }

    @Test
    void splicingLendsThePayloadOfARecentMessageWithAnotherRoute() {
        qt().forAll(longs().all(), integers().between(1, MAX_DISTANCE), counts())
                .checkAssert((seed, memory, count) -> {
                    FaultPlan<Integer> plan =
                            Faults.seeded(seed).withSplices(1, memory).plan();
                    for (int i = 0; i < count; i++) {
                        List<Parcel<Integer>> left = plan.harm(i, payload(i), route(i));

                        List<ByteString> others = IntStream.range(Math.max(0, i - memory), i)
                                .filter(before ->
                                        isHere(before) != isHere(left.get(0).message()))
                                .mapToObj(FaultPlanProperties::payload)
                                .toList();
                        assertThat(left).hasSize(1);
                        assertThat(left.get(0).message()).isEqualTo(i);
                        assertThat(left.get(0).payload()).isIn(others.isEmpty() ? List.of(payload(i)) : others);
                    }
                });
    }

    /** Runs of the same route, of different lengths. */
    private static boolean isHere(int number) {
        return new Random(number / 3).nextBoolean();
    }

    private static Route route(int number) {
        return isHere(number) ? HERE : THERE;
    }

    @Test
    void messagesThatPassedWithoutFaultsMayAlsoBeReplayed() {
        FaultPlan<Integer> plan = Faults.seeded(1).withReplays(1, 10).plan();
        Parcel<Integer> calm = plan.pass(0, payload(0), HERE);

        assertThat(calm).isEqualTo(new Parcel<>(0, payload(0)));
        assertThat(plan.harm(1, payload(1), HERE)).containsExactly(new Parcel<>(1, payload(1)), calm);
    }

    @Test
    void copiesOfADuplicateAreDamagedAndDelayedIndependently() {
        Faults faults = Faults.seeded(1).withDuplicates(1).withCorruption(0.5).withReordering(0.5, 5);
        List<Parcel<Integer>> left = run(faults, 200);

        assertThat(left).hasSize(400);
        assertThat(new HashSet<>(left)).hasSizeGreaterThan(250);
        assertThat(IntStream.range(1, 400)
                        .filter(i ->
                                left.get(i).message().equals(left.get(i - 1).message()))
                        .count())
                .isLessThan(200);
    }

    @Test
    void ratesAreSharesOfTheMessages() {
        int count = 10_000;
        for (double rate : new double[] {0.1, 0.5, 0.9}) {
            double dropped =
                    count - run(Faults.seeded(3).withDrops(rate), count).size();
            assertThat(dropped / count).isBetween(rate - 0.02, rate + 0.02);
        }
    }

    @Test
    void differentSeedsGiveDifferentResults() {
        assertThat(IntStream.range(0, 100)
                        .mapToObj(seed -> run(Faults.seeded(seed).withDrops(0.5), 64))
                        .distinct())
                .hasSize(100);
    }

    private static List<Parcel<Integer>> run(Faults faults, int count) {
        return run(faults, messages(count));
    }

    private static List<Parcel<Integer>> run(Faults faults, List<Parcel<Integer>> messages) {
        FaultPlan<Integer> plan = faults.plan();
        List<Parcel<Integer>> left = new ArrayList<>();
        messages.forEach(parcel -> left.addAll(plan.harm(parcel.message(), parcel.payload(), HERE)));
        left.addAll(plan.release());
        assertThat(plan.release()).isEmpty();
        return left;
    }

    private static List<Parcel<Integer>> messages(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Parcel<>(i, payload(i)))
                .toList();
    }

    /** Returns the payload of the message with this number: of any length, possibly empty. */
    private static ByteString payload(int number) {
        Random random = new Random(number);
        byte[] bytes = new byte[number % MAX_LENGTH];
        random.nextBytes(bytes);
        return ByteString.fromArray(bytes);
    }

    /** Returns how many others overtook the message that was overtaken most often. */
    private static int mostOvertakers(List<Parcel<Integer>> left) {
        int most = 0;
        for (int i = 0; i < left.size(); i++) {
            int overtakers = 0;
            for (int j = 0; j < i; j++) {
                if (left.get(j).message() > left.get(i).message()) {
                    overtakers++;
                }
            }
            most = Math.max(most, overtakers);
        }
        return most;
    }

    private static int differentBits(ByteString one, ByteString other) {
        assertThat(other.length()).isEqualTo(one.length());
        return IntStream.range(0, one.length())
                .map(i -> Integer.bitCount((one.apply(i) ^ other.apply(i)) & 0xff))
                .sum();
    }

    private static Gen<Faults> anyFaults() {
        return longs().all().zip(integers().between(1, MAX_DISTANCE), (seed, distance) -> {
            Random random = new Random(~seed);
            return Faults.seeded(seed)
                    .withDrops(rate(random))
                    .withDuplicates(rate(random))
                    .withReordering(rate(random), distance)
                    .withCorruption(rate(random))
                    .withTruncation(rate(random))
                    .withReplays(rate(random), distance)
                    .withSplices(rate(random), distance);
        });
    }

    private static double rate(Random random) {
        return random.nextInt(3) == 0 ? 0 : random.nextDouble();
    }

    private static Gen<Double> rates() {
        return doubles().between(0, 1);
    }

    private static Gen<Integer> counts() {
        return integers().between(0, 120);
    }
}
