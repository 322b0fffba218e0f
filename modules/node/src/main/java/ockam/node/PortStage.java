// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import ockam.routing.DropReason;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.Endpoint;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.Permit;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.Window;
import ockam.wire.LocalMessage;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * The stage of a {@link StreamPort}: elements from upstream are sent, within a window; messages that arrive go downstream, and give their
 * permits back when they are pulled. The stage ends when both halves have ended.
 *
 * @param <I> type of what is sent
 * @param <O> type of what is received
 */
final class PortStage<I, O> extends AbstractGraphStageWithMaterializedValue<FlowShape<I, O>, StreamHandle> {
    private final Router router;
    private final StreamSettings settings;
    private final Supplier<StreamPort<I, O>> ports;
    private final Inlet<I> in = Inlet.create("Port.in");
    private final Outlet<O> out = Outlet.create("Port.out");
    private final FlowShape<I, O> shape = FlowShape.of(in, out);

    /** {@code ports} creates a port for each materialization. */
    PortStage(Router router, StreamSettings settings, Supplier<StreamPort<I, O>> ports) {
        this.router = router;
        this.settings = settings;
        this.ports = ports;
    }

    @Override
    public FlowShape<I, O> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, StreamHandle> createLogicAndMaterializedValuePair(Attributes attributes) {
        CompletableFuture<StreamReport> closed = new CompletableFuture<>();
        StreamPort<I, O> port = ports.get();
        Logic logic = new Logic(port, closed);
        return Pair.create(logic, new StreamHandle(port.receiving().at().address(), logic::drainFromOutside, closed));
    }

    private enum Event {
        /** There may be room in the window, or something has arrived, or the route leads nowhere. */
        LOOK,
        /** Take nothing more from upstream. */
        DRAIN_SENDING,
        /** Take nothing more from upstream, and end when what is under way has arrived. */
        DRAIN
    }

    /** The registrations of both halves. If both use the same address, the receiving one holds it, and the sending one holds none. */
    private record Places(Registration sending, Registration receiving, Endpoint from) {
        /** Takes all addresses or none. */
        static Places register(Router router, StreamPort<?, ?> port) {
            EndpointSpec from = port.sending().from();
            EndpointSpec at = port.receiving().at();
            boolean same = from.address().equals(at.address());
            Registration receiving =
                    router.register(List.of(at), port.receiving().step());
            try {
                // Without an address it only ensures that what is under way arrives before the node stops the rest.
                Registration sending = router.register(
                        same ? List.of() : List.of(from), port.sending().step());
                return new Places(
                        sending, receiving, same ? receiving.endpoint(at.address()) : sending.endpoint(from.address()));
            } catch (RoutingException e) {
                receiving.end();
                throw e;
            }
        }

        void end() {
            sending.end();
            receiving.end();
        }
    }

    private final class Logic extends TimerGraphStageLogic implements InHandler, OutHandler {
        private static final String DRAIN_TIMER = "drain";

        private final StreamPort<I, O> port;
        private final CompletableFuture<StreamReport> closed;
        private final AsyncCallback<Event> events = createAsyncCallback(this::onEvent);
        private final Consumer<RuntimeException> ending = createAsyncCallback(this::onEnded)::invoke;
        private final ArrivalQueue arrived = new ArrivalQueue(() -> events.invoke(Event.LOOK));
        private final Window window =
                router.openWindow(settings.window(), settings.windowBytes(), () -> events.invoke(Event.LOOK));
        private final Window.Lane lane = window.lane(this::lost);
        /** Written on any thread, before the window knows that the message has ended. */
        private final Map<DropReason, Long> lost = new ConcurrentHashMap<>(); // as many as there are constants

        /** Why the route leads nowhere. Written before the window knows that the message that showed it has ended. */
        private final AtomicReference<@Nullable RuntimeException> broken = new AtomicReference<>();

        /** Whoever sets it says whether the stream starts or is given up before. */
        private final AtomicBoolean decided = new AtomicBoolean();

        /** Whether observers know that it has ended. */
        private final AtomicBoolean told = new AtomicBoolean();

        private final Cancellable startTimer;
        private @Nullable Places places;
        private long sent;
        /** Made from an element of upstream, and not let in yet. */
        private @Nullable LocalMessage pending;

        private boolean draining;
        private long leftToDrain; // when the timer was started
        private boolean completed;
        private @Nullable Throwable failure;

        /** The addresses are taken here, so that messages can be sent to them as soon as the stream is run. */
        Logic(StreamPort<I, O> port, CompletableFuture<StreamReport> closed) {
            super(shape);
            this.port = port;
            this.closed = closed;
            setHandler(in, this);
            setHandler(out, this);
            try {
                places = Places.register(router, port);
                router.observed(() -> new NodeEvent.StreamStarted(
                        router.name(), port.receiving().at().address()));
            } catch (RoutingException e) {
                failure = e; // reported when the stage starts
            }
            startTimer = startTimer();
            if (places != null) {
                // After an actor system that has terminated, no timer comes.
                var unused = places.receiving().whenEnded().thenRun(this::giveUp);
            }
        }

        private Cancellable startTimer() {
            try {
                ActorSystem<?> system = router.system();
                return system.scheduler()
                        .scheduleOnce(settings.startTimeout(), this::giveUp, system.executionContext());
            } catch (IllegalStateException e) {
                observeEnd(e);
                endPlaces(); // the actor system has ended
                throw e;
            }
        }

        void drainFromOutside() {
            events.invoke(Event.DRAIN);
        }

        /** If another stage of the graph has failed while the graph was materialized, nobody tells those that were made before. */
        private void giveUp() {
            if (decided.compareAndSet(false, true)) {
                Throwable problem = failure != null ? failure : notStarted();
                observeEnd(problem);
                endPlaces();
                tellEnd(problem);
            }
        }

        private RoutingException notStarted() {
            return new RoutingException(
                    RoutingException.Reason.TIMED_OUT, "the stream did not start in the start-timeout");
        }

        @Override
        public void preStart() {
            // The stage has work to do after its ports have closed: what it has sent must arrive.
            setKeepGoing(true);
            startTimer.cancel();
            if (!decided.compareAndSet(false, true)) {
                fail(notStarted());
                return;
            }
            if (places == null) {
                fail(required(failure));
                return;
            }
            places.receiving()
                    .open(new Registration.Handler(
                            arrived::deliver, cause -> events.invoke(Event.DRAIN), arrived::size));
            places.sending()
                    .open(new Registration.Handler(
                            stray -> stray.lost(RoutingDropReason.INCOMING_DENIED),
                            cause -> events.invoke(Event.DRAIN_SENDING)));
            port.opened().run();
            port.group().join(ending);
            pullIfRoom();
        }

        @Override
        public void postStop() {
            port.group().leave(ending);
            arrived.close(RoutingDropReason.NO_SUCH_ADDRESS);
            Throwable problem = completed ? null : failure;
            if (problem == null && !completed) {
                problem = new AbruptStageTerminationException(this);
            }
            observeEnd(problem);
            endPlaces();
            tellEnd(problem);
        }

        /** Before another stream can have the same address. */
        private void observeEnd(@Nullable Throwable problem) {
            if (places != null && told.compareAndSet(false, true)) {
                String why = problem == null ? null : NodeEvent.nameOf(problem);
                router.observed(() -> new NodeEvent.StreamEnded(
                        router.name(),
                        port.receiving().at().address(),
                        sent,
                        lost.values().stream().mapToLong(Long::longValue).sum(),
                        why));
            }
        }

        private void tellEnd(@Nullable Throwable problem) {
            if (problem == null) {
                StreamReport report = new StreamReport(sent, lost);
                closed.completeAsync(() -> report, router.callbacks());
            } else {
                router.callbacks().execute(() -> closed.completeExceptionally(problem));
            }
        }

        // ---- from upstream to the node ----

        @Override
        public void onPush() {
            LocalMessage message;
            int size;
            try {
                message = port.sending().message().apply(grab(in));
                size = port.sending().size().applyAsInt(message);
            } catch (Throwable e) {
                Failures.rethrowIfFatal(e);
                fail(e); // the application's codec
                return;
            }
            if (size > port.sending().largest()) {
                fail(new RoutingException(
                        RoutingDropReason.TOO_LARGE,
                        size + " bytes; the limit is " + port.sending().largest()));
                return;
            }
            admit(message);
        }

        private void admit(LocalMessage message) {
            if (failIfBroken()) {
                return;
            }
            int size = port.sending().size().applyAsInt(message);
            Permit permit = lane.tryAdmit(size);
            if (permit == null) {
                window.sleep(size);
                permit = lane.tryAdmit(size);
            }
            if (permit == null) {
                pending = message;
                return;
            }
            pending = null;
            sent++;
            SendResult result = required(places).from().send(message, permit);
            if (failIfBroken()) {
                return;
            }
            if (result instanceof SendResult.Refused refused) {
                required(places).from().dropped(message, refused.reason());
            }
            pullIfRoom();
        }

        private void pullIfRoom() {
            if (pending != null || draining || isClosed(in) || hasBeenPulled(in)) {
                return;
            }
            if (!window.hasRoom()) {
                window.sleep(1);
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

        /** Runs on any thread, while the message still has its room. So an empty window means that everything lost is known. */
        private void lost(DropReason reason) {
            lost.merge(reason, 1L, Long::sum);
            if (broken.get() != null) {
                return;
            }
            RuntimeException problem =
                    port.sending().lost().failure(reason, required(places).from());
            if (problem != null && broken.compareAndSet(null, problem)) {
                events.invoke(Event.LOOK);
            }
        }

        /** If what the stream belongs to has ended, that is why its route leads nowhere. */
        private boolean failIfBroken() {
            RuntimeException problem = broken.get();
            if (problem == null) {
                return false;
            }
            RuntimeException ended = port.group().failure();
            fail(ended == null ? problem : ended);
            return true;
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
                O element;
                try {
                    element = port.receiving().element().element(delivery);
                } catch (Throwable e) {
                    Failures.rethrowIfFatal(e);
                    delivery.lost(NodeDropReason.UNDECODABLE);
                    fail(e);
                    return;
                }
                if (element == null) {
                    delivery.lost(NodeDropReason.UNDECODABLE);
                } else {
                    push(out, element);
                    delivery.release();
                }
            }
            if (draining && hasSent() && arrived.isEmpty() && !isClosed(out) && !failIfBroken()) {
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
                // Replies to what is sent from here are not wanted, but that does not make the route a wrong one.
                arrived.close(RoutingDropReason.INCOMING_DENIED);
            }
            startDrainTimer();
            if (port.halves() == StreamPort.Halves.COUPLED) {
                stopSending();
            }
            endIfDone();
        }

        // ---- both ----

        private void onEvent(Event event) {
            switch (event) {
                case LOOK -> {
                    arrived.awake();
                    if (failIfBroken()) {
                        return;
                    }
                    LocalMessage message = pending;
                    if (message != null) {
                        admit(message);
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
            if (failure != null || !isClosed(in) || pending != null) {
                return;
            }
            if (!window.isEmpty()) {
                window.sleepUntilRelease();
                if (!window.isEmpty()) {
                    return;
                }
            }
            if (failIfBroken()) {
                return;
            }
            if (places != null && !places.sending().hasEnded()) {
                places.sending().end();
            }
            if (draining && !isClosed(out)) {
                // All replies are here. What is still queued goes downstream, and then the stage is done.
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

        /** Restarts with each half that ends, and as long as something arrives. */
        private void startDrainTimer() {
            leftToDrain = leftToDrain();
            scheduleOnce(DRAIN_TIMER, settings.drainTimeout());
        }

        /** What only falls from now on: first what was sent, in bytes, then what waits for downstream. */
        private long leftToDrain() {
            return window.isEmpty() ? -1 - arrived.size() : window.bytes();
        }

        @Override
        public void onTimer(Object key) {
            if (!isClosed(in) || !(draining || isClosed(out))) {
                return;
            }
            if (leftToDrain() != leftToDrain) {
                startDrainTimer();
            } else {
                fail(new RoutingException(
                        RoutingException.Reason.TIMED_OUT,
                        "something is under way, and nothing has arrived within the drain-timeout"));
            }
        }

        private void endPlaces() {
            if (places != null) {
                places.end();
            }
        }

        /** Accepts no more messages at the address; queued ones still go downstream. */
        private void leave() {
            if (places != null) {
                places.receiving().leave();
            }
        }

        private void fail(Throwable problem) {
            failure = problem;
            failStage(problem);
        }
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value, "the addresses are taken before the stage starts");
    }
}
