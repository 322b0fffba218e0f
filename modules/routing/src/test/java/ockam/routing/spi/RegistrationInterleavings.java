// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static ockam.routing.spi.Interleavings.require;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.routing.FailureReason;
import ockam.routing.FlowControlId;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The life of registrations that several threads open, send to, stop and end, in every order of their steps that Lincheck tries. */
@Tag("interleavings")
class RegistrationInterleavings {
    private static final Address APP = Address.of("app");
    private static final Address HOME = Address.of("home");
    private static final FlowControlId ID = FlowControlId.random();
    private static final LocalMessage MESSAGE =
            LocalMessage.of(Route.of(HOME), Route.of(APP), ByteString.fromArray(new byte[1]));

    /** An actor as Akka runs it: it is no more when its mailbox is gone, and what is told to it in that moment may just vanish. */
    private static final class Actor {
        private final Queue<Delivery> mailbox = new ConcurrentLinkedQueue<>();
        private volatile boolean gone;

        void tell(Delivery delivery) {
            if (gone) {
                delivery.lost(RoutingDropReason.NO_SUCH_ADDRESS); // a dead letter
            } else {
                mailbox.add(delivery);
            }
        }

        boolean handlesNext() {
            Delivery next = mailbox.poll();
            if (next != null) {
                next.handled();
            }
            return next != null;
        }

        void stops() {
            gone = true;
            for (Delivery left = mailbox.poll(); left != null; left = mailbox.poll()) {
                left.lost(RoutingDropReason.NO_SUCH_ADDRESS);
            }
        }
    }

    /** A registration, and the actor that holds it. */
    public abstract static class OneRegistration {
        private final FakeHost host = new FakeHost();
        final FlowControls flowControls = new FlowControls("node", 1, unused -> false);
        final AddressTable table = new AddressTable("node", host, flowControls, freed -> {});
        private final Window.Lane lane = new Window(100, 1_000_000, host.budget, () -> {}).lane();
        final Registration registration = table.take(List.of(EndpointSpec.open(HOME)), ShutdownOrder.WORKERS);
        private final Actor actor = new Actor();
        final AtomicInteger stopsTold = new AtomicInteger();
        boolean opened; // only used by whoever starts the actor
        private boolean hasNoActor; // likewise
        private boolean stopped; // only used by the actor

        void openOnce() {
            if (!opened && !hasNoActor) {
                opened = true;
                registration.open(new Registration.Handler(actor::tell, cause -> stopsTold.incrementAndGet()));
            }
        }

        /** The actor could not be started. */
        void endUnopened() {
            if (!opened) {
                hasNoActor = true;
                registration.end();
            }
        }

        void sendOne() {
            Permit permit = lane.admit(MESSAGE.footprint());
            AddressTable.Entry entry = table.find(HOME);
            if (entry == null) {
                permit.release(RoutingDropReason.NO_SUCH_ADDRESS);
            } else {
                entry.registration().deliver(new Delivery(entry.endpoint(), APP, MESSAGE, permit));
            }
        }

        boolean handlesNextOne() {
            return !stopped && actor.handlesNext();
        }

        /** The actor stops, and is told so, or has failed in a way that it is not. */
        void stopActor(boolean signalled) {
            if (!stopped) {
                stopped = true;
                registration.close();
                if (signalled) {
                    registration.end();
                }
                actor.stops();
                registration.end(); // by the watcher
            }
        }

        void leavesNothingBehind() {
            while (handlesNextOne()) {}
            require(!opened || isEmpty(), "what was sent to an actor that runs is handled");
            if (!hasNoActor) {
                stopActor(true);
            }
            require(registration.whenEnded().toCompletableFuture().isDone(), "those who wait are told of the end");
            require(table.size() == 0, "all addresses are free");
            require(isEmpty(), "no permit is out");
        }

        private boolean isEmpty() {
            return host.budget.messages() == 0 && host.budget.bytes() == 0;
        }
    }

    /** Messages come while it is opened, and while the actor stops. */
    @Param(name = "signalled", gen = BooleanGen.class)
    public static class Deliveries extends OneRegistration {
        /** One has come before it is open. */
        public Deliveries() {
            sendOne();
        }

        @Operation(nonParallelGroup = "starter")
        public void open() {
            openOnce();
        }

        @Operation(nonParallelGroup = "starter")
        public void cannotStart() {
            endUnopened();
        }

        @Operation
        public void send() {
            sendOne();
        }

        @Operation(nonParallelGroup = "actor")
        public void handleNext() {
            handlesNextOne();
        }

        @Operation(nonParallelGroup = "actor")
        public void actorStops(boolean signalled) {
            stopActor(signalled);
        }

        @Validate
        public void noPermitIsOut() {
            leavesNothingBehind();
        }
    }

    @Test
    void noMessageStaysUnderWayWhenItsReceiverIsGone() {
        Interleavings.checkEnd(Deliveries.class, 60);
    }

    /** It is stopped, leaves and ends, and somebody else takes the address. */
    @Param(name = "signalled", gen = BooleanGen.class)
    public static class Stops extends OneRegistration {
        private volatile boolean leaves;
        private volatile boolean hasLeft;
        private volatile boolean toStop;
        private volatile boolean toStopBeforeItLeft;
        private volatile boolean heldAfterItsEnd;
        private @Nullable Registration successor; // only used by one thread

        @Operation(nonParallelGroup = "starter")
        public void open() {
            openOnce();
        }

        @Operation
        public void stop() {
            toStop = true;
            if (!hasLeft) {
                toStopBeforeItLeft = true;
            }
            var unused = registration.stop(StopCause.STOPPED);
        }

        @Operation
        public void leave() {
            leaves = true;
            registration.leave();
            hasLeft = true;
        }

        @Operation(nonParallelGroup = "actor")
        public void actorStops(boolean signalled) {
            leaves = true;
            stopActor(signalled);
            hasLeft = true;
        }

        @Operation(nonParallelGroup = "successor")
        public void succeed() {
            boolean over = registration.whenEnded().toCompletableFuture().isDone();
            AddressTable.Entry holder = table.find(HOME);
            if (over && holder != null && holder.registration() == registration) {
                heldAfterItsEnd = true;
            }
            if (successor == null && holder == null) {
                successor = table.take(List.of(EndpointSpec.open(HOME)), ShutdownOrder.WORKERS);
                flowControls.addConsumer(HOME, ID);
            }
        }

        @Validate
        public void isToldOnceAndSucceeded() {
            require(!heldAfterItsEnd, "the address is free when those who wait are told of the end");
            require(stopsTold.get() <= 1, "it is told to stop at most once");
            require(!opened || !toStop || leaves || stopsTold.get() == 1, "it is told to stop");
            require(toStopBeforeItLeft || stopsTold.get() == 0, "it is not told when it has left");
            Registration next = successor;
            if (next != null) {
                stopActor(true);
                AddressTable.Entry holder = table.find(HOME);
                require(holder != null && holder.registration() == next, "the successor keeps the address");
                require(flowControls.consumedBy(HOME).contains(ID), "and what was opened to it");
                next.end();
            }
            leavesNothingBehind();
        }
    }

    @Test
    void holderIsToldToStopOnceAndTheAddressIsFree() {
        Interleavings.checkEnd(Stops.class, 60);
    }

    /** What threads hold of two addresses of a node that stops. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    @Param(name = "both", gen = BooleanGen.class)
    public static class TwoAddresses {
        private static final List<EndpointSpec> BOTH = List.of(EndpointSpec.open(APP), EndpointSpec.open(HOME));

        private final AddressTable table =
                new AddressTable("node", new FakeHost(), new FlowControls("node", 1, unused -> false), freed -> {});
        private final Queue<Registration> all = new ConcurrentLinkedQueue<>();
        private final Queue<Registration> told = new ConcurrentLinkedQueue<>();
        private final List<@Nullable Registration> own =
                new ArrayList<>(Collections.nCopies(Interleavings.THREADS + 1, null));

        @Operation
        public @Nullable FailureReason take(int thread, boolean both) {
            Registration registration;
            try {
                registration = table.take(BOTH.subList(both ? 0 : 1, 2), ShutdownOrder.WORKERS);
            } catch (RoutingException e) {
                return e.reason();
            }
            registration.open(new Registration.Handler(delivery -> {}, cause -> told.add(registration)));
            all.add(registration);
            own.set(thread, registration);
            return null;
        }

        @Operation
        public void end(int thread) {
            Registration registration = own.set(thread, null);
            if (registration != null) {
                registration.end();
            }
        }

        @Operation
        public void stopNode() {
            table.close();
            for (Registration registration : table.registrations()) {
                var unused = registration.stop(StopCause.NODE_STOPPING);
            }
        }

        @Validate
        public void nobodyIsLeftUntold() {
            for (Registration registration : all) {
                require(
                        !table.isClosed() || registration.hasEnded() || told.contains(registration),
                        "whoever got an address is told that the node stops");
                registration.end();
            }
            require(table.size() == 0 && table.registrations().isEmpty(), "nothing is left");
        }
    }

    @Test
    void addressesAreTakenAsIfOneCallCameAfterTheOther() {
        Interleavings.checkResults(TwoAddresses.class, 60);
    }
}
