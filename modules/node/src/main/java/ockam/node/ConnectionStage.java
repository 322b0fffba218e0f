// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.Cancellable;
import akka.japi.Pair;
import akka.stream.AbruptStageTerminationException;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.SubscriptionWithCancelException;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.InHandler;
import akka.stream.stage.OutHandler;
import akka.stream.stage.TimerGraphStageLogic;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import ockam.node.ConnectionEnd.Reason;
import ockam.routing.AccessControl;
import ockam.routing.DropReason;
import ockam.routing.Metadata;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.Endpoint;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.FlowControls;
import ockam.routing.spi.Permit;
import ockam.routing.spi.ReadWindow;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.ShutdownOrder;
import ockam.routing.spi.StopCause;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import org.jspecify.annotations.Nullable;

/**
 * The stage of a {@link Connection}: messages that a transport has read go to the node, within a window, and messages that arrive at the
 * connection's address go to the transport (routing, sections 3.5 and 3.6).
 *
 * <p>It ends when the transport's side of it ends. When this side ends it, it completes what goes out, and discards what still comes in until
 * that completes too: a transport that closes while something unread is there would lose what it has just written.
 */
final class ConnectionStage
        extends AbstractGraphStageWithMaterializedValue<FlowShape<LocalMessage, List<LocalMessage>>, Connection> {
    /** Of the bytes that may be under way on the node, what one connection may hold. */
    private static final int PART_OF_NODE = 8;

    private final Router router;
    private final ConnectionSettings settings;
    private final StreamSettings streams;
    private final Map<Address, Connection> connections;
    private final ConnectionSpec spec;
    private final Inlet<LocalMessage> in = Inlet.create("Connection.in");
    private final Outlet<List<LocalMessage>> out = Outlet.create("Connection.out");
    private final FlowShape<LocalMessage, List<LocalMessage>> shape = FlowShape.of(in, out);

    /** With the connections of the node, by their addresses. */
    ConnectionStage(
            Router router,
            ConnectionSettings settings,
            StreamSettings streams,
            Map<Address, Connection> connections,
            ConnectionSpec spec) {
        this.router = router;
        this.settings = settings;
        this.streams = streams;
        this.connections = connections;
        this.spec = spec;
    }

    @Override
    public FlowShape<LocalMessage, List<LocalMessage>> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Connection> createLogicAndMaterializedValuePair(Attributes attributes) {
        Logic logic = new Logic();
        return Pair.create(logic, logic.connection);
    }

    private enum Event {
        /** There may be room in the window, or something has arrived. */
        LOOK,
        /** The node stops, and its connections bring nothing more in. */
        STOP_READING,
        /** This side ends the connection. */
        DISCONNECT,
        /** Likewise, because the node stops. */
        NODE_STOPS
    }

    private final class Logic extends TimerGraphStageLogic implements InHandler, OutHandler {
        private static final String STALL_TIMER = "stall";
        private static final String READ_TIMER = "read";
        private static final String CLOSE_TIMER = "close";

        private final Address sender = Address.random();
        private final Address receiver = Address.random();
        private final AsyncCallback<Event> events = createAsyncCallback(this::onEvent);
        private final ArrivalQueue arrived = new ArrivalQueue(() -> events.invoke(Event.LOOK));
        private final ReadWindow window = router.openReadWindow(
                new ReadWindow.Bounds(
                        settings.readWindow(),
                        settings.readWindowBytes(),
                        settings.turnWindow(),
                        settings.turnWindowBytes(),
                        Math.max(1, router.settings().maxBytesUnderWay() / PART_OF_NODE),
                        settings.outwardPatience()),
                () -> events.invoke(Event.LOOK));

        final Connection connection = new Connection(router, sender, spec, this::write, this::stopFromOutside);
        /** Where replies go. */
        private final Address back = spec.name() == null ? sender : spec.name();

        /** Whoever sets it says whether the stage starts or is given up before. */
        private final AtomicBoolean decided = new AtomicBoolean();

        private final Cancellable startTimer;
        private @Nullable Registration writing;
        private @Nullable Registration reading;
        private @Nullable Endpoint source;
        private @Nullable RoutingException notOpened;

        /** Read, and not let in yet. */
        private @Nullable LocalMessage pending;

        /** Given to the transport, which has not asked for more yet. */
        private List<Delivery> writes = List.of();

        private boolean waits; // for room
        private boolean discards; // what is read
        private @Nullable Reason leaving; // this side has ended it
        /** The timer and the stage may end it at the same time. */
        private final AtomicBoolean over = new AtomicBoolean();

        private Logic() {
            super(shape);
            setHandler(in, this);
            setHandler(out, this);
            try {
                open();
                connections.put(sender, connection);
                connections.put(back, connection);
            } catch (RoutingException e) {
                notOpened = e; // reported when the stage starts
            }
            startTimer = router.after(streams.startTimeout(), () -> giveUp(ConnectionEnd.failed(notStarted())));
            Registration last = reading;
            if (last != null) {
                // After an actor system that has terminated, no timer comes.
                var unused = last.whenEnded().thenRun(() -> giveUp(ConnectionEnd.of(Reason.NODE_STOPPED)));
            }
        }

        /** It is never told if another stage of the graph has failed while the graph was materialized. */
        private void giveUp(ConnectionEnd why) {
            if (decided.compareAndSet(false, true)) {
                ended(why);
            }
        }

        /** Takes both addresses or none. The order is that in which they stop: first nothing more comes in. */
        private void open() {
            FlowControls flowControls = router.flowControls();
            writing = router.register(
                    List.of(new EndpointSpec(
                            sender,
                            AccessControl.allowAll(),
                            AccessControl.denyAll(),
                            Metadata.terminal(Map.of(Metadata.REMOTE, spec.remote())),
                            spec.largest())),
                    ShutdownOrder.CONNECTIONS);
            // Before the last address is taken: a node that stops frees only what it finds, and then nobody forgets
            // this.
            flowControls.addProducer(receiver, spec.id(), spec.spawner(), List.of(sender));
            spec.consumes().forEach(id -> flowControls.addConsumer(sender, id));
            try {
                reading = router.register(
                        List.of(new EndpointSpec(
                                receiver,
                                AccessControl.denyAll(),
                                flowControls.outgoing(spec.id(), spec.spawner()),
                                Metadata.none())),
                        ShutdownOrder.SENDING_STREAMS);
            } catch (RoutingException e) {
                writing.end();
                flowControls.remove(sender);
                flowControls.remove(receiver);
                throw e;
            }
            source = reading.endpoint(receiver);
        }

        private RoutingException notStarted() {
            return new RoutingException(
                    RoutingException.Reason.TIMED_OUT, "the connection did not start in the start-timeout");
        }

        private void stopFromOutside() {
            if (writing != null) {
                writing.stop(StopCause.STOPPED);
            }
        }

        @Override
        public void preStart() {
            setKeepGoing(true); // both halves may be closed while something that was read has no room yet
            startTimer.cancel();
            if (!decided.compareAndSet(false, true)) {
                failStage(notStarted());
                return;
            }
            if (notOpened != null || writing == null || reading == null) {
                fail(ConnectionEnd.failed(notOpened == null ? notStarted() : notOpened));
                return;
            }
            writing.open(new Registration.Handler(
                    this::deliver,
                    cause -> events.invoke(cause == StopCause.NODE_STOPPING ? Event.NODE_STOPS : Event.DISCONNECT),
                    arrived::size));
            reading.open(new Registration.Handler(
                    stray -> stray.lost(RoutingDropReason.INCOMING_DENIED),
                    cause -> events.invoke(cause == StopCause.NODE_STOPPING ? Event.STOP_READING : Event.DISCONNECT)));
            if (spec.spawner() != null) {
                connection.opened(); // the other side was there first: before anything is read, so that its end is told
            }
            pullIfRoom();
        }

        @Override
        public void postStop() {
            ended(ConnectionEnd.failed(
                    new AbruptStageTerminationException(this))); // unless it has ended in another way
        }

        // ---- from the transport to the node ----

        @Override
        public void onPush() {
            LocalMessage message = grab(in);
            if (discards || message.onwardRoute().isEmpty()) { // such a message is a heartbeat
                pullIfRoom();
            } else {
                admit(message.withoutLocalInfo().pushReturn(back));
            }
        }

        private void admit(LocalMessage message) {
            Endpoint from = required(source);
            ReadWindow.Lane lane = window.lane(message.onwardRoute());
            pending = null;
            if (lane.isStalled()) {
                from.dropped(message, NodeDropReason.STALLED);
                pullIfRoom();
                return;
            }
            int size = message.footprint();
            Permit permit = lane.tryAdmit(size);
            if (permit == null) {
                window.sleep(size);
                permit = lane.tryAdmit(size);
            }
            if (permit == null) {
                pending = message;
                startWaiting();
                return;
            }
            if (from.send(message, permit) instanceof SendResult.Refused refused) {
                from.dropped(message, refused.reason());
            }
            if (!endsForLackOfRoom()) {
                pullIfRoom();
            }
        }

        private void pullIfRoom() {
            if (pending != null || isClosed(in) || hasBeenPulled(in)) {
                return;
            }
            if (!discards && !window.hasRoom()) {
                window.sleep(0);
                if (!window.hasRoom()) {
                    startWaiting();
                    return;
                }
            }
            stopWaiting();
            pull(in);
        }

        private void startWaiting() {
            if (!waits) {
                waits = true;
                window.watch();
                scheduleOnce(STALL_TIMER, settings.stallTimeout());
            }
        }

        private void stopWaiting() {
            if (waits) {
                waits = false;
                cancelTimer(STALL_TIMER);
            }
        }

        @Override
        public void onUpstreamFinish() {
            endIfDone();
        }

        @Override
        public void onUpstreamFailure(Throwable failure) {
            ended(leaving == null ? ConnectionEnd.failed(failure) : ConnectionEnd.of(leaving));
            failStage(failure);
        }

        // ---- from the node to the transport ----

        /** On the sender's thread. A message that goes nowhere on the other node would be taken for a heartbeat there. */
        private void deliver(Delivery delivery) {
            if (delivery.message().onwardRoute().size() == 1) {
                delivery.lost(RoutingDropReason.INCOMPLETE_ROUTE);
                return;
            }
            window.turn(delivery);
            arrived.deliver(delivery);
        }

        /** Likewise, for a name. */
        private boolean write(Delivery delivery) {
            boolean ended = over.get();
            if (!ended) {
                deliver(delivery);
            }
            return !ended;
        }

        @Override
        public void onPull() {
            pushNext();
            endIfDone();
        }

        /** Everything that waits, up to a limit, is written together. It gives its room back when the transport asks for more. */
        private void pushNext() {
            if (isAvailable(out)) {
                writes.forEach(Delivery::release);
                writes = leaving == Reason.CLOSED_BY_PEER ? List.of() : nextBatch();
                if (!writes.isEmpty()) {
                    push(
                            out,
                            writes.stream()
                                    .map(delivery -> delivery.message().step())
                                    .toList());
                }
            }
            boolean nothingLeft = writes.isEmpty() && (arrived.isEmpty() || leaving == Reason.CLOSED_BY_PEER);
            if (leaving != null && nothingLeft && !isClosed(out)) {
                complete(out);
            }
        }

        private List<Delivery> nextBatch() {
            Delivery next = arrived.poll();
            if (next == null) {
                return List.of();
            }
            List<Delivery> batch = new ArrayList<>();
            long bytes = 0;
            while (next != null) {
                batch.add(next);
                bytes += next.message().payload().size();
                next = bytes < settings.writeBatchBytes() ? arrived.poll() : null;
            }
            return batch;
        }

        @Override
        public void onDownstreamFinish(Throwable cause) {
            if (leaving != null) {
                finish(ConnectionEnd.of(leaving));
            } else if (cause instanceof SubscriptionWithCancelException.NonFailureCancellation) {
                finish(ConnectionEnd.of(Reason.CLOSED_BY_PEER));
            } else {
                fail(ConnectionEnd.failed(cause));
            }
        }

        // ---- both ----

        private void onEvent(Event event) {
            switch (event) {
                case LOOK -> {
                    arrived.awake();
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
                case STOP_READING -> stopReading();
                case DISCONNECT -> leave(Reason.DISCONNECTED);
                case NODE_STOPS -> leave(Reason.NODE_STOPPED);
            }
            endIfDone();
        }

        /** Nothing is opened to the connection any more: that was forgotten with the receiver's address. */
        private void stopReading() {
            discards = true;
            losePending(RoutingDropReason.NODE_STOPPED);
            scheduleOnce(READ_TIMER, router.settlingTime());
            pullIfRoom();
        }

        private void losePending(DropReason reason) {
            LocalMessage message = pending;
            if (message != null) {
                pending = null;
                required(source).dropped(message, reason);
            }
        }

        private void leave(Reason reason) {
            if (leaving != null) {
                return;
            }
            leaving = reason;
            remember(ConnectionEnd.of(reason));
            required(writing).leave();
            discards = true;
            scheduleOnce(
                    CLOSE_TIMER,
                    reason == Reason.NODE_STOPPED
                            ? router.closingTime(settings.closeTimeout())
                            : settings.closeTimeout());
            pushNext();
            pullIfRoom();
        }

        @Override
        public void onTimer(Object key) {
            if (key.equals(CLOSE_TIMER)) {
                finish(ConnectionEnd.of(leaving == null ? Reason.FAILED : leaving));
            } else if (key.equals(READ_TIMER)) {
                required(reading).end(); // the rest of the node does not wait for what strangers have sent
            } else {
                detachStalled();
            }
        }

        private void detachStalled() {
            waits = false;
            window.detachStalled();
            if (!endsForLackOfRoom()) {
                onEvent(Event.LOOK);
            }
        }

        private boolean endsForLackOfRoom() {
            boolean ends = window.detachedBytes() > settings.maxDetachedBytes();
            if (ends) {
                finish(ConnectionEnd.of(leaving == null ? Reason.STALLED : leaving));
            }
            return ends;
        }

        private void endIfDone() {
            Registration reader = reading;
            if (reader != null && discards && pending == null && !reader.hasEnded()) {
                if (!window.isEmpty()) {
                    window.sleepUntilRelease();
                }
                if (window.isEmpty()) {
                    reader.end(); // what it had read has been handled
                }
            }
            if (isClosed(in) && pending == null) {
                if (writes.isEmpty() || isClosed(out)) {
                    finish(ConnectionEnd.of(leaving == null ? Reason.CLOSED_BY_PEER : leaving));
                } else {
                    leave(Reason.CLOSED_BY_PEER);
                }
            }
        }

        /** A transport that is told to end would first write what it has, and wait for ever if the other side reads nothing. */
        private void finish(ConnectionEnd reason) {
            boolean unwritten = !isClosed(out) && !writes.isEmpty();
            ended(reason);
            if (unwritten) {
                failStage(new IOException("the connection ended before everything was written"));
            } else {
                completeStage();
            }
        }

        private void fail(ConnectionEnd reason) {
            ended(reason);
            failStage(reason.failure().orElseGet(() -> new AbruptStageTerminationException(this)));
        }

        /** For those who still send to the address. */
        private void remember(ConnectionEnd reason) {
            router.was(
                    sender,
                    "a connection to " + spec.remote() + ", ended at "
                            + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ": " + reason);
        }

        private void ended(ConnectionEnd reason) {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            if (writing != null && reading != null) {
                remember(reason);
                losePending(RoutingDropReason.NO_ROOM);
                writing.leave();
                // Whether the transport has written these, nobody knows.
                writes.forEach(delivery -> delivery.lost(spec.unwritten()));
                arrived.close(spec.unwritten());
                writing.end();
                reading.end();
            }
            connections.remove(sender, connection);
            connections.remove(back, connection);
            connection.ended(reason);
        }

        private static <V> V required(@Nullable V value) {
            if (value == null) {
                throw new IllegalStateException("the connection was not opened");
            }
            return value;
        }
    }
}
