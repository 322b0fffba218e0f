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

/** One who follows a {@link StateFeed}, while it runs. */
final class StateFeedStage<S> extends GraphStage<SourceShape<S>> {
    private final StateFeed<S> feed;
    private final Outlet<S> out = Outlet.create("StateFeed.out");
    private final SourceShape<S> shape = SourceShape.of(out);

    StateFeedStage(StateFeed<S> feed) {
        this.feed = feed;
    }

    @Override
    public SourceShape<S> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic(feed.number());
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
            feed.follow(this);
        }

        @Override
        public void postStop() {
            feed.leave(this);
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
            StateFeed.Numbered<S> found = feed.from(next);
            if (found != null) {
                next = found.number() + 1;
                push(out, found.state());
                if (feed.isLast(found.state())) {
                    complete(out);
                }
            }
        }
    }
}
