// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.Done;
import akka.japi.Pair;
import akka.stream.AbruptStageTerminationException;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.InHandler;
import akka.stream.stage.OutHandler;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import ockam.routing.AccessControl;
import ockam.routing.DropReason;
import ockam.routing.Metadata;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.Permit;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.ShutdownOrder;
import ockam.routing.spi.Window;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * A stream's place on a node: what comes in from upstream is sent along a route, within a window; what arrives at its address goes
 * downstream, and gives its permit back when it is pulled. The two halves are independent, and the stage ends when both have.
 *
 * @param <I> type of what is sent
 * @param <O> type of what is received
 */
final class PortStage<I, O> extends AbstractGraphStageWithMaterializedValue<FlowShape<I, Routed<O>>, StreamHandle> {

    /**
     * Where a port is and what it belongs to.
     *
     * @param router the node
     * @param settings window and drain time
     * @param address makes the address, once for each materialization
     * @param incoming what may arrive
     * @param opened called with the address once it is taken
     * @param ended completes when there is nothing to send to or receive from any more, with what a stream that would go on sending
     *     fails with
     */
    record Port(
            Router router,
            StreamSettings settings,
            Supplier<Address> address,
            AccessControl incoming,
            Consumer<Address> opened,
            CompletableFuture<? extends RuntimeException> ended) {}

    private final Port port;
    private final Route route;
    private final Codec<I> sent;
    private final Codec<O> received;
    private final Inlet<I> in = Inlet.create("Port.in");
    private final Outlet<Routed<O>> out = Outlet.create("Port.out");
    private final FlowShape<I, Routed<O>> shape = FlowShape.of(in, out);

    PortStage(Port port, Route route, Codec<I> sent, Codec<O> received) {
        this.port = port;
        this.route = route;
        this.sent = sent;
        this.received = received;
    }

    @Override
    public FlowShape<I, Routed<O>> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, StreamHandle> createLogicAndMaterializedValuePair(Attributes attributes) {
        Address address = port.address().get();
        CompletableFuture<Done> closed = new CompletableFuture<>();
        Logic logic = new Logic(address, closed);
        return Pair.create(logic, new StreamHandle(address, logic::drainFromOutside, closed));
    }

    private enum Event {
        /** There may be room in the window, or something has arrived. */
        LOOK,
        /** Take nothing from upstream any more. */
        DRAIN_SENDING,
        /** Take nothing in any more, from either side. */
        DRAIN
    }

    private final class Logic extends TimerGraphStageLogic implements InHandler, OutHandler {
        private static final String DRAIN_TIMER = "drain";

        private final Address address;
        private final Route returnRoute;
        private final CompletableFuture<Done> closed;
        private final AsyncCallback<Event> events = createAsyncCallback(this::onEvent);
        private final AsyncCallback<RuntimeException> routeFailures = createAsyncCallback(this::failRoute);
        private final AsyncCallback<RuntimeException> endings = createAsyncCallback(this::onEnded);
        private final ArrivalQueue arrived = new ArrivalQueue(() -> events.invoke(Event.LOOK));
        private final Window window = port.router()
                .openWindow(port.settings().window(), port.settings().windowBytes(), () -> events.invoke(Event.LOOK));
        private final Window.Lane lane = window.lane(this::lost);
        /** Without an address; only so that the node lets what is under way arrive before it stops anything. */
        private @Nullable Registration sending;

        /** At the address: messages arrive there, and are sent from there. */
        private @Nullable Registration receiving;
        /** Taken from upstream, and not let in yet. */
        private @Nullable ByteString pending;

        private boolean draining;
        private boolean completed;
        private @Nullable Throwable failure;

        /** The address is taken here, so that it can be sent to as soon as the stream was run. */
        Logic(Address address, CompletableFuture<Done> closed) {
            super(shape);
            this.address = address;
            this.returnRoute = Route.of(address);
            this.closed = closed;
            setHandler(in, this);
            setHandler(out, this);
            EndpointSpec spec = new EndpointSpec(address, port.incoming(), AccessControl.allowAll(), Metadata.none());
            try {
                receiving = port.router().register(List.of(spec), ShutdownOrder.RECEIVING_STREAMS);
                sending = port.router().register(List.of(), ShutdownOrder.SENDING_STREAMS);
            } catch (RoutingException e) {
                failure = e; // told when the stage starts
            }
        }

        void drainFromOutside() {
            events.invoke(Event.DRAIN);
        }

        @Override
        public void preStart() {
            // The stage has work to do after its ports have closed: what it has sent must arrive.
            setKeepGoing(true);
            if (receiving == null || sending == null) {
                fail(required(failure));
                return;
            }
            receiving.open(new Registration.Handler(arrived::deliver, cause -> events.invoke(Event.DRAIN)));
            sending.open(new Registration.Handler(nothing -> {}, cause -> events.invoke(Event.DRAIN_SENDING)));
            port.opened().accept(address);
            var unused = port.ended().thenAccept(endings::invoke);
            pullIfRoom();
        }

        @Override
        public void postStop() {
            arrived.close(RoutingDropReason.NO_SUCH_ADDRESS);
            if (sending != null) {
                sending.end();
            }
            if (receiving != null) {
                receiving.end();
            }
            Throwable problem = completed ? null : failure;
            if (problem == null && !completed) {
                problem = new AbruptStageTerminationException(this);
            }
            tellEnd(problem);
        }

        private void tellEnd(@Nullable Throwable problem) {
            if (problem == null) {
                closed.completeAsync(Done::getInstance, port.router().callbacks());
            } else {
                port.router().callbacks().execute(() -> closed.completeExceptionally(problem));
            }
        }

        // ---- from upstream to the node ----

        @Override
        public void onPush() {
            ByteString payload;
            try {
                payload = sent.encode(grab(in));
            } catch (RuntimeException e) {
                fail(e); // the user's codec
                return;
            }
            admit(payload);
        }

        private void admit(ByteString payload) {
            Permit permit = lane.tryAdmit(payload.size());
            if (permit == null) {
                window.sleep();
                permit = lane.tryAdmit(payload.size());
            }
            if (permit == null) {
                pending = payload;
                return;
            }
            pending = null;
            SendResult result = port.router()
                    .send(required(receiving).endpoint(address), LocalMessage.of(route, returnRoute, payload), permit);
            if (result instanceof SendResult.Refused refused) {
                failRoute(Node.refused(refused.reason(), route));
            } else {
                pullIfRoom();
            }
        }

        private void pullIfRoom() {
            if (pending != null || draining || isClosed(in) || hasBeenPulled(in)) {
                return;
            }
            if (!window.hasRoom()) {
                window.sleep();
                if (!window.hasRoom()) {
                    return;
                }
            }
            pull(in);
        }

        @Override
        public void onUpstreamFinish() {
            startDrainTimer();
            endIfDone();
        }

        @Override
        public void onUpstreamFailure(Throwable problem) {
            fail(problem);
        }

        /** Losses that say that the route leads nowhere end the stream; a frame that was tampered with does not. Runs on any thread. */
        private void lost(DropReason reason) {
            if (reason.breaksRoute()) {
                routeFailures.invoke(Node.lost(reason, route));
            }
        }

        // ---- from the node to downstream ----

        @Override
        public void onPull() {
            pushNext();
            endIfDone();
        }

        private void pushNext() {
            while (isAvailable(out)) {
                Delivery delivery = arrived.poll();
                if (delivery == null) {
                    break;
                }
                Routed<O> message = Routed.decode(delivery, received);
                if (message == null) {
                    delivery.lost(NodeDropReason.UNDECODABLE);
                } else {
                    push(out, message);
                    delivery.release();
                }
            }
            if (draining && hasSent() && arrived.isEmpty() && !isClosed(out)) {
                complete(out);
                arrived.close(RoutingDropReason.NO_SUCH_ADDRESS);
            }
        }

        @Override
        public void onDownstreamFinish(Throwable cause) {
            if (hasSent()) {
                leave();
                arrived.close(RoutingDropReason.NO_SUCH_ADDRESS);
            } else {
                // Answers to what is sent from here are not wanted, which does not make the route a wrong one.
                arrived.close(RoutingDropReason.INCOMING_DENIED);
            }
            startDrainTimer();
            endIfDone();
        }

        // ---- both ----

        private void onEvent(Event event) {
            switch (event) {
                case LOOK -> {
                    arrived.awake();
                    ByteString payload = pending;
                    if (payload != null) {
                        admit(payload);
                    } else {
                        pullIfRoom();
                    }
                    if (!isClosed(out)) {
                        pushNext();
                    }
                }
                case DRAIN_SENDING -> stopSending();
                case DRAIN -> drain();
            }
            endIfDone();
        }

        private void drain() {
            if (draining) {
                return;
            }
            draining = true;
            startDrainTimer();
            stopSending();
        }

        private void stopSending() {
            if (!isClosed(in)) {
                cancel(in);
                startDrainTimer();
            }
        }

        private void onEnded(RuntimeException problem) {
            if (!isClosed(in) || pending != null) {
                fail(problem);
            } else {
                drain();
                endIfDone();
            }
        }

        private void endIfDone() {
            if (!isClosed(in) || pending != null) {
                return;
            }
            if (!window.isEmpty()) {
                window.sleepUntilRelease();
                if (!window.isEmpty()) {
                    return;
                }
            }
            if (sending != null) {
                sending.end();
                sending = null;
            }
            if (draining && !isClosed(out)) {
                // All answers are here. What is still queued goes downstream, and then the stage is done.
                leave();
                pushNext();
            }
            if (isClosed(out)) {
                completed = true;
                completeStage();
            }
        }

        /** Whether everything that was taken from upstream has ended. */
        private boolean hasSent() {
            return isClosed(in) && pending == null && window.isEmpty();
        }

        /** Begins anew with each half that ends. */
        private void startDrainTimer() {
            scheduleOnce(DRAIN_TIMER, port.settings().drainTimeout());
        }

        @Override
        public void onTimer(Object key) {
            if (isClosed(in) && (draining || isClosed(out))) {
                fail(new RoutingException(
                        RoutingException.Reason.TIMED_OUT, "not all that was under way arrived in the drain-timeout"));
            }
        }

        /** Takes no more messages at the address; those that are queued are still for downstream. */
        private void leave() {
            if (receiving != null) {
                receiving.leave();
            }
        }

        /** If what the stream belongs to has ended, that is why its route leads nowhere. */
        private void failRoute(RuntimeException problem) {
            RuntimeException known = port.ended().getNow(null);
            fail(known == null ? problem : known);
        }

        private void fail(Throwable problem) {
            failure = problem;
            failStage(problem);
        }
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value, "the address is taken before the stage starts");
    }
}
