// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.NotUsed;
import akka.annotation.InternalApi;
import akka.stream.javadsl.Source;
import java.util.function.Predicate;

/**
 * INTERNAL API. The state of something, for those who follow it. It holds of a follower only that it runs: one that never starts or has
 * ended leaves nothing here. Thread safe.
 *
 * @param <S> the states
 */
@InternalApi
public final class StateFeed<S> {
    private final StateHistory<S> history;

    /**
     * Begins with a state.
     *
     * @param last which states nothing follows
     */
    public StateFeed(S first, Predicate<S> last) {
        this.history = new StateHistory<>(first, last);
    }

    /** The state now. */
    public S now() {
        return history.now().state();
    }

    /** Returns whether this is a change. Nothing changes after the end. */
    public boolean change(S next) {
        return history.add(next);
    }

    /** The state now and each one that follows, from the moment at which it is run; completes after the last one. */
    public Source<S, NotUsed> source() {
        return Source.fromGraph(new StateFeedStage<>(history));
    }

    /** How many follow it. */
    int followers() {
        return history.followers();
    }
}
