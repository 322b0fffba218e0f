// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static ockam.routing.spi.Interleavings.require;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.routing.RoutingDropReason;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deliveries in the hands of a handler and of other threads, in every order of their steps that Lincheck tries. */
@Tag("interleavings")
class DeliveryInterleavings {
    private static final Address HOME = Address.of("home");
    private static final Route BACK = Route.of(HOME);
    private static final LocalMessage MESSAGE = message(HOME, 1);
    /** What is made from it, by where it goes, each of another size. */
    private static final List<LocalMessage> MADE = made();

    private static List<LocalMessage> made() {
        List<LocalMessage> made = new ArrayList<>();
        for (Address to : FakeHost.DESTINATIONS) {
            made.add(message(to, 10 * made.size()));
        }
        return made;
    }

    private static LocalMessage message(Address to, int bytes) {
        return LocalMessage.of(Route.of(to), BACK, ByteString.fromArray(new byte[bytes]));
    }

    /** A message at a worker, whose handler runs at some time. */
    public abstract static class OneMessage {
        final FakeHost host = new FakeHost();
        final Holding holding = new Holding();
        final Endpoint at = new Endpoint(EndpointSpec.open(HOME), host, holding);
        private final AtomicInteger toldLost = new AtomicInteger();
        private final Window window = new Window(1, 1_000, host.budget, () -> {});
        private final Permit permit =
                window.lane(reason -> toldLost.incrementAndGet()).admit(MESSAGE.footprint());
        final Delivery delivery = new Delivery(at, HOME, MESSAGE, permit);

        final AtomicInteger releases = new AtomicInteger();
        volatile boolean mayHaveArrived;
        private boolean begun; // only used by the worker's actor
        private boolean kept; // likewise

        /** The handler runs and ends, perhaps after it has deferred the message; or the worker's supervision keeps that for later. */
        void handle(boolean defers, boolean keeps) {
            if (!begun) {
                begun = true;
                kept = keeps;
                if (keeps) {
                    delivery.kept();
                } else {
                    runs(defers);
                }
            }
        }

        /** The supervision hands over what it has kept. */
        void hand(boolean defers) {
            if (kept) {
                kept = false;
                delivery.handed();
                runs(defers);
            }
        }

        private void runs(boolean defers) {
            if (defers) {
                delivery.defer(this);
            } else {
                mayHaveArrived = true;
            }
            delivery.handled();
        }

        void endElsewhere() {
            Delivery made = host.takeStaying();
            if (made != null) {
                made.lost(RoutingDropReason.NO_SUCH_ADDRESS);
            }
        }

        void endWorker() {
            holding.close();
            holding.loseAll(RoutingDropReason.NO_SUCH_ADDRESS);
        }

        @Validate
        public void isSettledOnce() {
            handle(false, false);
            hand(false);
            endWorker();
            while (host.isAnyStaying()) {
                require(host.budget.messages() > 0, "what is under way is counted");
                endElsewhere();
            }
            require(!delivery.release(), "it is settled");
            require(releases.get() + host.dropsAt(HOME) <= 1, "it is settled once");
            require(window.isEmpty(), "its permit came back");
            require(host.budget.messages() == 0 && host.budget.bytes() == 0, "the node is empty");
            require(host.handles() == 0, "nothing waits for the end of what has ended");
            boolean arrived = releases.get() == 1 || host.hasArrived(permit);
            require(toldLost.get() == 0 || !arrived, "what arrived is not lost");
            require(toldLost.get() == 1 || arrived || mayHaveArrived, "what did not arrive is lost");
        }
    }

    /** It ends, is taken over, is kept or deferred. */
    @Param(name = "to", gen = IntGen.class, conf = "0:3")
    @Param(name = "defers", gen = BooleanGen.class)
    public static class Ends extends OneMessage {
        @Operation(nonParallelGroup = "worker")
        public void handle(boolean defers) {
            handle(defers, false);
        }

        @Operation(nonParallelGroup = "worker")
        public void keep() {
            handle(false, true);
        }

        @Operation(nonParallelGroup = "worker")
        public void handOver(boolean defers) {
            hand(defers);
        }

        @Operation
        public void release() {
            if (delivery.release()) {
                releases.incrementAndGet();
            }
        }

        @Operation
        public void forget() {
            delivery.lost(RoutingDropReason.FORGOTTEN);
        }

        @Operation
        public void answer(int to) {
            mayHaveArrived = true;
            delivery.answerOrDrop(at, MADE.get(to));
        }

        @Operation
        public void send(int to) {
            delivery.sendOrDrop(at, MADE.get(to));
        }

        @Operation
        public void workerEnds() {
            endWorker();
        }
    }

    @Test
    void messageIsSettledOnce() {
        Interleavings.checkEnd(Ends.class, 60);
    }

    /** It is copied by several threads, also while its handler runs. */
    @Param(name = "to", gen = IntGen.class, conf = "0:3")
    @Param(name = "defers", gen = BooleanGen.class)
    public static class Copies extends OneMessage {
        @Operation(nonParallelGroup = "worker")
        public void handle(boolean defers) {
            handle(defers, false);
        }

        @Operation
        public void copy(int to) {
            delivery.copyOrDrop(at, MADE.get(to));
        }

        @Operation
        public void copyEnds() {
            endElsewhere();
        }

        @Operation
        public void forget() {
            delivery.lost(RoutingDropReason.FORGOTTEN);
        }
    }

    @Test
    void messageIsLostIfNoCopyArrives() {
        Interleavings.checkEnd(Copies.class, 60);
    }
}
