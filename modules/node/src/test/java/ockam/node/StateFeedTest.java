// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.NotUsed;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Sink;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import java.time.Duration;
import java.util.stream.IntStream;
import ockam.fixtures.SystemKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Those who follow a state see every change while they are not too late, and leave nothing behind, however they end. */
class StateFeedTest {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    private static final int LAST = 1_000;

    private final StateFeed<Integer> feed = new StateFeed<>(0, state -> state == LAST);

    private TestSubscriber.Probe<Integer> follow() {
        return feed.source().runWith(TestSink.create(KIT.system()), KIT.system());
    }

    private void eventuallyFollowers(int count) {
        KIT.eventually(() -> assertThat(feed.followers()).isEqualTo(count));
    }

    @Test
    void showsTheStateNowAndEachChange() {
        feed.change(1);
        TestSubscriber.Probe<Integer> follower = follow();
        follower.requestNext(1);
        follower.request(1);
        follower.expectNoMessage(Duration.ZERO);
        assertThat(feed.change(2)).isTrue();
        follower.expectNext(2);
        assertThat(feed.change(2)).as("no change").isFalse();
        feed.change(3);
        follower.requestNext(3);
        assertThat(feed.now()).isEqualTo(3);
    }

    @Test
    void missesNoChangeFromTheMomentAtWhichItIsRun() {
        var run = feed.source().toMat(Sink.seq(), Keep.right()).run(KIT.system());
        feed.change(1);
        feed.change(2);
        feed.change(LAST);
        assertThat(await(run)).containsExactly(0, 1, 2, LAST);
    }

    @Test
    void showsWithoutDemandNothing() {
        TestSubscriber.Probe<Integer> follower = follow();
        follower.ensureSubscription();
        feed.change(1);
        follower.expectNoMessage(Duration.ofMillis(50));
        follower.requestNext(0);
        follower.requestNext(1);
    }

    @Test
    void oneWhoIsLateMissesOnlyTheOldest() {
        TestSubscriber.Probe<Integer> follower = follow();
        for (int state = 1; state <= 100; state++) {
            feed.change(state);
        }
        feed.change(LAST);
        follower.request(1_000);
        IntStream.rangeClosed(86, 100).forEach(follower::expectNext);
        follower.expectNext(LAST);
        follower.expectComplete();
    }

    @Test
    void completesAfterTheLastState() {
        TestSubscriber.Probe<Integer> follower = follow();
        follower.requestNext(0);
        feed.change(LAST);
        follower.requestNext(LAST);
        follower.expectComplete();
        assertThat(feed.change(1)).isFalse();
        assertThat(await(feed.source().runWith(Sink.seq(), KIT.system()))).containsExactly(LAST);
        eventuallyFollowers(0);
    }

    // ---- nothing is left ----

    @Test
    void oneWhoCancelsLeaves() {
        TestSubscriber.Probe<Integer> follower = follow();
        follower.requestNext(0);
        eventuallyFollowers(1);
        follower.cancel();
        eventuallyFollowers(0);
    }

    @Test
    void oneWhoFailsLeaves() {
        var run = feed.source()
                .map(state -> {
                    throw new IllegalStateException("on purpose");
                })
                .runWith(Sink.ignore(), KIT.system());
        await(run.handle((done, failure) -> true));
        eventuallyFollowers(0);
    }

    @Test
    void oneWhoseGraphIsNotMaterializedNeverFollows() {
        RunnableGraph<NotUsed> graph = feed.source()
                .mapMaterializedValue(made -> {
                    if (made != null) {
                        throw new IllegalStateException("on purpose");
                    }
                    return made;
                })
                .to(Sink.ignore());
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> graph.run(KIT.system())).hasMessage("on purpose");
        }
        assertThat(feed.followers()).isZero();
    }
}
