// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.Done;
import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;

/** One who follows a {@link StateHistory}, while it runs. */
final class StateFeedStage<S> extends GraphStage<SourceShape<S>> {
    private final StateHistory<S> history;
    private final Outlet<S> out = Outlet.create("StateFeed.out");
    private final SourceShape<S> shape = SourceShape.of(out);

    StateFeedStage(StateHistory<S> history) {
        this.history = history;
    }

    @Override
    public SourceShape<S> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic(history.now().number());
    }

    private final class Logic extends GraphStageLogic implements Runnable {
        private final AsyncCallback<Done> changes = createAsyncCallback(changed -> push());
        /** The number of the state to push next. */
        private long next;

        Logic(long first) {
            super(shape);
            this.next = first;
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    push();
                }
            });
        }

        @Override
        public void preStart() {
            history.follow(this);
        }

        @Override
        public void postStop() {
            history.leave(this);
        }

        /** There is a change; on any thread. */
        @Override
        public void run() {
            changes.invoke(Done.getInstance());
        }

        private void push() {
            if (!isAvailable(out)) {
                return;
            }
            StateHistory.Numbered<S> found = history.from(next);
            if (found != null) {
                next = found.number() + 1;
                push(out, found.state());
                if (history.isLast(found.state())) {
                    complete(out);
                }
            }
        }
    }
}
