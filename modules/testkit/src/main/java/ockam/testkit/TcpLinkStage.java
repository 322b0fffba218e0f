// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.Done;
import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.BidiShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.InHandler;
import akka.stream.stage.OutHandler;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import ockam.testkit.TcpFaults.Cut;
import ockam.testkit.TcpFaults.Way;

/** Both directions of one connection through a {@link TcpProxy}. */
final class TcpLinkStage
        extends AbstractGraphStageWithMaterializedValue<
                BidiShape<ByteString, ByteString, ByteString, ByteString>, TcpLinkStage.Logic> {
    private final TcpFaults faults;
    private final long number;
    private final Inlet<ByteString> fromClient = Inlet.create("TcpLink.fromClient");
    private final Outlet<ByteString> toTarget = Outlet.create("TcpLink.toTarget");
    private final Inlet<ByteString> fromTarget = Inlet.create("TcpLink.fromTarget");
    private final Outlet<ByteString> toClient = Outlet.create("TcpLink.toClient");
    private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
            new BidiShape<>(fromClient, toTarget, fromTarget, toClient);

    /** The connection with this number, counted from 0. */
    TcpLinkStage(TcpFaults faults, long number) {
        this.faults = faults;
        this.number = number;
    }

    @Override
    public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Logic> createLogicAndMaterializedValuePair(Attributes attributes) {
        Logic logic = new Logic();
        return Pair.create(logic, logic);
    }

    final class Logic extends TimerGraphStageLogic {
        private final AsyncCallback<Runnable> calls = createAsyncCallback(Runnable::run);
        private final CompletableFuture<Done> ended = new CompletableFuture<>();
        private final Map<Way, Direction> directions = new EnumMap<>(Way.class);

        private Logic() {
            super(shape);
            directions.put(Way.TO_TARGET, new Direction(fromClient, toTarget, new TcpFaultPlan(faults, number, 0)));
            directions.put(Way.TO_CLIENT, new Direction(fromTarget, toClient, new TcpFaultPlan(faults, number, 1)));
        }

        // ---- from any thread ----

        void call(Cut cut, Way way) {
            calls.invoke(() -> direction(way).cut(cut));
        }

        void setStalled(Way way, boolean stalled) {
            Direction direction = direction(way);
            direction.stalled = stalled;
            calls.invoke(direction::next);
        }

        long passed(Way way) {
            return direction(way).passed;
        }

        CompletableFuture<Done> ended() {
            return ended;
        }

        private Direction direction(Way way) {
            Direction direction = directions.get(way);
            if (direction == null) {
                throw new IllegalArgumentException(way.toString());
            }
            return direction;
        }

        // ---- inside the stage ----

        @Override
        public void postStop() {
            ended.complete(Done.getInstance());
        }

        @Override
        public void onTimer(Object key) {
            ((Direction) key).awake();
        }

        private final class Direction implements InHandler, OutHandler {
            private final Inlet<ByteString> in;
            private final Outlet<ByteString> out;
            private final TcpFaultPlan plan;
            private ByteString waiting = ByteString.emptyByteString();
            private boolean pauses;
            private boolean silent;
            private volatile boolean stalled;
            private volatile long passed;

            private Direction(Inlet<ByteString> in, Outlet<ByteString> out, TcpFaultPlan plan) {
                this.in = in;
                this.out = out;
                this.plan = plan;
                setHandler(in, this);
                setHandler(out, this);
            }

            @Override
            public void onPush() {
                waiting = grab(in);
                next();
            }

            @Override
            public void onPull() {
                next();
            }

            @Override
            public void onUpstreamFinish() {
                next();
            }

            /** The receiver takes nothing more. */
            @Override
            public void onDownstreamFinish(Throwable cause) {
                cancel(in, cause);
            }

            private void awake() {
                pauses = false;
                next();
            }

            private void next() {
                if (isClosed(out)) {
                    waiting = ByteString.emptyByteString(); // half closed, or half open: it is lost
                    readMore();
                    if (isClosed(in) && opposite().silent) {
                        completeStage(); // the side that was not told is gone
                    }
                } else if (stalled || silent || pauses) {
                    return;
                } else if (!waiting.isEmpty()) {
                    if (isAvailable(out)) {
                        pass();
                    }
                } else if (isClosed(in)) {
                    complete(out);
                } else if (isAvailable(out)) {
                    readMore();
                }
            }

            private void readMore() {
                if (!isClosed(in) && !hasBeenPulled(in)) {
                    pull(in);
                }
            }

            @SuppressWarnings("NonAtomicVolatileUpdate") // written by the stage only
            private void pass() {
                int size = plan.piece(waiting.size(), passed);
                push(out, waiting.take(size));
                waiting = waiting.drop(size);
                passed += size;
                Duration pause = plan.pauseAfter(size);
                if (!pause.isZero()) {
                    pauses = true;
                    scheduleOnce(this, pause);
                }
                Cut cut = plan.cutAfter(passed);
                if (cut != null) {
                    cut(cut);
                }
            }

            private Direction opposite() {
                return direction(in.equals(fromClient) ? Way.TO_CLIENT : Way.TO_TARGET);
            }

            /** Takes and brings nothing more, without a word to the receiver. */
            private void goesSilent() {
                silent = true;
                cancel(in);
            }

            private void cut(Cut cut) {
                switch (cut) {
                    case RESET -> failStage(new IOException("reset by a test"));
                    case FINISH -> completeStage();
                    case HALF_CLOSE -> {
                        complete(out);
                        next();
                    }
                    case STALL -> stalled = true;
                    case HALF_OPEN -> {
                        fail(out, new IOException("reset by a test"));
                        opposite().goesSilent();
                        next();
                    }
                }
            }
        }
    }
}
