// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import ockam.identity.ChangeHistory;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One read for all who ask at the same time, and none that is older than who asked. */
class OwnHistoriesTest {
    private static final int CHANNELS = 1_000;

    private final ScriptedRepository repository = new ScriptedRepository();
    private final Identities identities =
            Identities.create(SoftwareVault.create(Runnable::run), repository, Bench.CLOCK);
    private final Identity me = done(identities.create());
    private final Identity other = done(identities.create());
    private final OwnHistories histories = new OwnHistories();
    private int before;

    @BeforeEach
    void begin() {
        before = repository.histories();
        repository.holds(true);
    }

    private int reads() {
        return repository.histories() - before;
    }

    private List<CompletionStage<ChangeHistory>> all() {
        List<CompletionStage<ChangeHistory>> all = new ArrayList<>();
        for (int i = 0; i < CHANNELS; i++) {
            all.add(histories.current(me));
        }
        return all;
    }

    @Test
    void oneReadIsUnderWayAndOneWaitsHoweverManyAsk() {
        List<CompletionStage<ChangeHistory>> all = all();
        assertThat(reads()).isEqualTo(1);

        repository.answersOne();
        repository.answersOne();

        assertThat(repository.waiting()).isZero();
        assertThat(reads()).isEqualTo(2);
        assertThat(all).allSatisfy(each -> assertThat(done(each)).isEqualTo(me.changeHistory()));
    }

    @Test
    void whoeverAsksAfterARotationGetsTheNewHistory() {
        CompletionStage<ChangeHistory> early = histories.current(me);
        repository.holds(false);
        Identity rotated = done(identities.rotate(me));
        repository.holds(true);
        CompletionStage<ChangeHistory> late = histories.current(me);
        repository.answersOne();
        assertThat(done(early)).isEqualTo(me.changeHistory());
        assertThat(late.toCompletableFuture()).isNotDone();
        repository.answersOne();

        assertThat(done(late)).isEqualTo(rotated.changeHistory());
    }

    @Test
    void identitiesDoNotWaitForEachOther() {
        CompletionStage<ChangeHistory> mine = histories.current(me);
        CompletionStage<ChangeHistory> others = histories.current(other);

        assertThat(reads()).isEqualTo(2);
        repository.answersOne();
        repository.answersOne();
        assertThat(done(mine)).isEqualTo(me.changeHistory());
        assertThat(done(others)).isEqualTo(other.changeHistory());
    }

    @Test
    void aFailureIsThatOfThoseWhoWaitedForItAndNoOthers() {
        repository.fails(true);
        CompletionStage<ChangeHistory> first = histories.current(me);
        CompletionStage<ChangeHistory> second = histories.current(me);
        repository.fails(false);
        repository.answersOne();
        assertThat(ChannelTests.failureOf(first)).hasMessage("out of order");
        repository.answersOne();

        assertThat(done(second)).isEqualTo(me.changeHistory());
    }
}
