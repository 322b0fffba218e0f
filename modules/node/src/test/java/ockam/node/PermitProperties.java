// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import akka.Done;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.japi.Pair;
import akka.stream.BoundedSourceQueue;
import akka.stream.Materializer;
import akka.stream.QueueOfferResult;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import ockam.fixtures.Garbage;
import ockam.fixtures.Stages;
import ockam.routing.AccessControl;
import ockam.routing.DropReason;
import ockam.routing.Metadata;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.Registration;
import ockam.routing.spi.RoutingEvent;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.quicktheories.core.Gen;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * What permits guarantee, whatever happens in whatever order. The steps are drawn, and so is the order in which actors and streams get
 * their turns ({@link Turns}); what fails is therefore shrunk, and fails again with the seed that is printed.
 */
class PermitProperties {
    private static final int WINDOW = 4;
    private static final int WINDOW_BYTES = 2_000;
    private static final int SEND_WINDOW = 8;
    private static final int SEND_WINDOW_BYTES = 4_000;
    private static final int NODE_BYTES = 7_000;
    private static final int MAILBOX = 5;
    private static final int LARGEST = 3_000;
    private static final int ROUTE_BYTES = 1_200; // what the longest routes count
    private static final int LARGEST_BODY = LARGEST + 100 + ROUTE_BYTES;
    /** What a message may grow by when it is answered, twice. */
    private static final int GROWTH = LARGEST_BODY + ROUTE_BYTES;
    /** How long a worker waits to be restarted, and how many messages are kept for it meanwhile. */
    private static final Duration BACKOFF = Duration.ofMillis(100);

    private static final int KEPT_IN_BACKOFF = 2;
    /** How often in a row the garbage collector may find nothing that anyone notices. */
    private static final int VAIN_COLLECTIONS = 3;

    @RegisterExtension
    static final NodeKit KIT = new NodeKit(ConfigFactory.parseString("ockam.stream { window = " + WINDOW
                    + ", window-bytes = " + WINDOW_BYTES + ", drain-timeout = 1h }\n"
                    + "ockam.node { send-window = " + SEND_WINDOW + ", send-window-bytes = " + SEND_WINDOW_BYTES
                    + ", max-bytes-under-way = " + NODE_BYTES + ", mailbox-capacity = " + MAILBOX + " }")
            .withFallback(Turns.config())
            .withFallback(ManualClock.config()));

    private static final Address WORKER = Address.of("worker");
    private static final Address END = Address.of("end");
    private static final List<Address> HOPS = List.of(Address.of("h1"), Address.of("h2"), Address.of("h3"));
    private static final List<Route> ROUTES = List.of(
            Route.parse("worker"),
            Route.parse("h1 => worker"),
            Route.parse("h1 => h2 => h3 => worker"),
            Route.parse("h3 => h2 => worker"),
            Route.parse("h1 => h2 => end"),
            Route.parse("end"),
            Route.parse("h2 => nowhere"));

    /** What should happen to a message at the worker. */
    private enum Fate {
        IS_DONE,
        IS_ANSWERED,
        IS_ANSWERED_TWICE,
        IS_PASSED_ON,
        IS_COPIED_AND_ONCE_IN_VAIN,
        IS_FORWARDED_TO_NOBODY,
        FAILS,
        IS_ANSWERED_AND_FAILS,
        IS_KEPT,
        IS_KEPT_AND_FAILS,
        IS_KEPT_AND_FORGOTTEN,
        IS_KEPT_WITHOUT_A_WORD,
        IS_DENIED,
        FAILS_AT_A_HOP
    }

    private static final List<Fate> FATES = List.of(Fate.values());

    private enum Kind {
        SEND,
        OFFER,
        START_STREAM,
        END_STREAM,
        START_HOP,
        STOP_HOP,
        START_WORKER,
        STOP_WORKER,
        START_END,
        STOP_END,
        DEMAND,
        ANSWER,
        READ,
        SEND_NOISE,
        PASS_TIME
    }

    /** One step; what the numbers mean is the kind's business. Afterwards this many turns are taken. */
    private record Step(Kind kind, int which, int how, int size, int turns) {
        Fate fate() {
            return FATES.get(how % FATES.size());
        }
    }

    private static Gen<Step> steps() {
        // Messages more often than all the rest.
        Kind[] kinds = Arrays.copyOf(Kind.values(), Kind.values().length + 9);
        Arrays.fill(kinds, Kind.values().length, kinds.length, Kind.OFFER);
        Arrays.fill(kinds, Kind.values().length, Kind.values().length + 4, Kind.SEND);
        return arbitrary()
                .pick(kinds)
                .zip(
                        integers().between(0, 20),
                        integers().between(0, 25),
                        integers().between(1, 30).map(n -> n * n * n * LARGEST / 27_000),
                        integers().between(0, 12),
                        Step::new);
    }

    @Test
    void everyPermitComesBackAndWhatIsNotDroppedArrivesInOrder() {
        qt().withExamples(300)
                .withShrinkCycles(200)
                .forAll(lists().of(steps()).ofSizeBetween(1, 120), integers().allPositive())
                .checkAssert((steps, seed) -> {
                    World world = new World(seed);
                    Turns.ALL.take();
                    try {
                        world.begin();
                        for (Step step : steps) {
                            world.take(step);
                        }
                        world.comeToRest();
                        world.end();
                    } finally {
                        Turns.ALL.giveBack();
                        world.close();
                    }
                });
    }

    /** A stream into the node. */
    private static final class Sending {
        final BoundedSourceQueue<String> queue;
        final StreamHandle handle;
        private final CompletionStage<Done> over;
        /** What it was given. */
        int offered;
        /** Told to end. */
        boolean ended;

        Sending(BoundedSourceQueue<String> queue, CompletionStage<Done> over, StreamHandle handle) {
            this.over = over;
            this.queue = queue;
            this.handle = handle;
        }

        Address address() {
            return handle.address();
        }

        @Override
        public String toString() {
            return handle.address() + (ended ? " was ended" : "") + " and was offered " + offered;
        }

        /** Perhaps before anything is told of it. */
        boolean hasFailed() {
            return over.toCompletableFuture().isDone();
        }

        boolean isOpen() {
            return !handle.whenClosed().toCompletableFuture().isDone();
        }
    }

    /** A message that a worker keeps, in good order or not. */
    private record Kept(Routed<String> message, Registration keeper, boolean deferred) {}

    /** What is known of a worker, and of the messages that its supervision keeps while it waits to be restarted. */
    private static final class Life {
        /** Whether it waits after it has failed. */
        final boolean waitsAfterFailure;

        final boolean failsAtRestart;
        private final BiConsumer<String[], DropReason> lost;
        private final Deque<String[]> kept = new ArrayDeque<>();
        /** There was no room for them, but the node has not noticed yet. */
        private final Deque<String[]> unnoticed = new ArrayDeque<>();

        private int starts;
        private boolean waiting;
        private @Nullable Registration home;

        Life(boolean waitsAfterFailure, boolean failsAtRestart, BiConsumer<String[], DropReason> lost) {
            this.waitsAfterFailure = waitsAfterFailure;
            this.failsAtRestart = failsAtRestart;
            this.lost = lost;
        }

        void livesAt(Registration registration) {
            home = registration;
        }

        Registration home() {
            return Objects.requireNonNull(home);
        }

        void starts() {
            if (++starts == 2 && failsAtRestart) {
                forgetsWhatIsKept();
                throw new IllegalStateException("drawn");
            }
            waiting = false;
        }

        /** Its actor has taken a message up, which it receives now or later. */
        void takesUp(String[] parts) {
            if (waiting && kept.size() < KEPT_IN_BACKOFF) {
                kept.add(parts);
            } else if (waiting) {
                unnoticed.add(parts);
            }
        }

        void oneHadNoRoom() {
            lost.accept(unnoticed.remove(), NodeDropReason.MAILBOX_FULL);
        }

        void receives(String[] parts) {
            kept.removeIf(one -> Arrays.equals(one, parts));
        }

        void fails() {
            waiting = waitsAfterFailure;
            forgetsWhatIsKept();
        }

        /** The node cannot tell which of them had no room. */
        private void forgetsWhatIsKept() {
            kept.addAll(unnoticed);
            unnoticed.clear();
            kept.forEach(parts -> lost.accept(parts, RoutingDropReason.FORGOTTEN));
            kept.clear();
        }

        boolean isWaiting() {
            return waiting && !home().hasEnded();
        }
    }

    /** A node, and all that is known about its messages. */
    private static final class World {
        private static final AtomicInteger NAMES = new AtomicInteger();

        private final Node node = Ockam.get(KIT.system()).createNode("permits-" + NAMES.incrementAndGet());
        private final Materializer materializer = Materializer.createMaterializer(KIT.system());
        private final Mailbox app = node.mailbox("app");
        private final Random order;

        /** Messages that were let in, or made from others. */
        private int made;
        /** Messages that were received. */
        private int got;
        /** Messages that were kept and never replied to. */
        private int keptInVain;

        private int forgotten;
        private @Nullable Life worker;
        private boolean sendWindowInUse;
        private int incarnations;
        /** Of each stream, by its address: how many were let in. */
        private final Map<Address, Integer> letIn = new HashMap<>();
        /** Of each sender: the number of its last message. */
        private final Map<String, Integer> numbers = new HashMap<>();
        /** Of each sender: the numbers of its messages that were where they were to go. */
        private final Map<String, Set<Integer>> done = new HashMap<>();
        /** Of each sender: how many messages were lost, for reasons that do not break the route. */
        private final Map<String, Map<DropReason, Long>> lost = new HashMap<>();
        /** Of each message, by sender and number: who has had it so far. */
        private final Map<String, String> paths = new HashMap<>();
        /** Of each sender and path: the number of the message that arrived last. */
        private final Map<String, Integer> arrived = new HashMap<>();

        private final List<String> disorder = new ArrayList<>();

        private final List<Sending> streams = new ArrayList<>();
        private final List<Kept> kept = new ArrayList<>();
        /** Also those that have been told to end: they may still have something to take. */
        private final List<Consumer> consumers = new ArrayList<>();

        private @Nullable StreamHandle ending;
        private CompletionStage<?> reading = CompletableFuture.completedStage("nothing yet");

        World(int seed) {
            this.order = new Random(seed);
        }

        void begin() {
            node.router().addObserver(event -> {
                if (event instanceof RoutingEvent.MessageDropped drop
                        && drop.address().equals(WORKER)
                        && drop.reason() == NodeDropReason.MAILBOX_FULL) {
                    Objects.requireNonNull(worker).oneHadNoRoom();
                }
            });
            for (int i = 0; i < HOPS.size(); i++) {
                startHop(i);
            }
            startWorker(order.nextInt(5));
            startEnd();
            startStream(2);
        }

        // ---- steps ----

        void take(Step step) {
            switch (step.kind()) {
                case SEND -> send(ROUTES.get(step.which() % ROUTES.size()), step.fate(), step.size());
                case SEND_NOISE -> sendNoise(ROUTES.get(step.which() % ROUTES.size()));
                case OFFER -> offer(step.which(), step.fate(), step.size());
                case START_STREAM -> startStream(step.which());
                case END_STREAM -> endStream(step.which(), step.how());
                case START_HOP -> startHop(step.which() % HOPS.size());
                case STOP_HOP -> stop(HOPS.get(step.which() % HOPS.size()));
                case START_WORKER -> startWorker(step.how());
                case STOP_WORKER -> stop(WORKER);
                case START_END -> startEnd();
                case STOP_END -> stopEnd(step.how());
                case DEMAND -> lastConsumer().request(1 + step.how());
                case ANSWER -> answer(step.which(), step.how());
                case READ -> read();
                case PASS_TIME -> ManualClock.ALL.pass(BACKOFF);
            }
            check();
            for (int i = 0; i < step.turns() && Turns.ALL.doOne(order); i++) {
                check();
            }
        }

        private String body(String sender, Fate fate, int size) {
            int number = numbers.merge(sender, 1, Integer::sum);
            return sender + "|" + number + "|" + fate + "|" + "x".repeat(size);
        }

        private void send(Route route, Fate fate, int size) {
            sentPlainly(app.send(route, Codec.string(), body("app", fate, size)));
        }

        private void sendNoise(Route route) {
            sentPlainly(app.send(route, Codec.bytes(), ByteString.fromInts(0xff)));
        }

        private void sentPlainly(SendResult result) {
            if (result.isAccepted()) {
                made++;
                sendWindowInUse = true;
            }
        }

        private void startStream(int which) {
            if (going().size() >= 3) {
                return;
            }
            Pair<Pair<BoundedSourceQueue<String>, CompletionStage<Done>>, StreamHandle> run = Source.<String>queue(
                            1_000)
                    .watchTermination(Keep.both())
                    .toMat(node.sink(ROUTES.get(which % ROUTES.size()), Codec.string()), Keep.both())
                    .run(materializer);
            letIn.put(run.second().address(), 0);
            streams.add(new Sending(run.first().first(), run.first().second(), run.second()));
        }

        private List<Sending> going() {
            return streams.stream()
                    .filter(stream -> stream.isOpen() && !stream.ended && !stream.hasFailed())
                    .toList();
        }

        private void offer(int which, Fate fate, int size) {
            List<Sending> open = going();
            if (!open.isEmpty()) {
                Sending stream = open.get(which % open.size());
                String body = body(stream.address().toString(), fate, size);
                if (stream.queue.offer(body) == QueueOfferResult.enqueued()) {
                    stream.offered++;
                }
            }
        }

        private void endStream(int which, int how) {
            List<Sending> open = going();
            if (!open.isEmpty()) {
                Sending stream = open.get(which % open.size());
                stream.ended = true;
                switch (how % 3) {
                    case 0 -> stream.queue.complete();
                    case 1 -> stream.queue.fail(new IllegalStateException("drawn"));
                    default -> stream.handle.drainAndShutdown();
                }
            }
        }

        private void startHop(int which) {
            Address address = HOPS.get(which);
            if (node.metadata(address).isEmpty()) {
                String name = address + "#" + ++incarnations;
                node.start(
                        address,
                        Codec.string(),
                        Behaviors.receiveMessage(message -> {
                            String[] parts = arrives(message, name);
                            if (parts[2].equals(Fate.FAILS_AT_A_HOP.name())) {
                                isDone(parts);
                                throw new IllegalStateException("drawn");
                            }
                            made++;
                            message.forward();
                            return Behaviors.same();
                        }),
                        WorkerOptions.defaults().withIncoming(this::comesIn));
            }
        }

        private void stop(Address address) {
            var unused = node.stop(address).exceptionally(failure -> Done.getInstance());
        }

        private void startWorker(int how) {
            if (node.metadata(WORKER).isPresent()) {
                return;
            }
            SupervisorStrategy strategy = switch (how % 5) {
                case 0 -> SupervisorStrategy.resume();
                case 1 -> SupervisorStrategy.restart();
                case 2 -> SupervisorStrategy.stop();
                default ->
                    SupervisorStrategy.restartWithBackoff(BACKOFF, BACKOFF, 0).withStashCapacity(KEPT_IN_BACKOFF);
            };
            Life life = new Life(how % 5 >= 3, how % 5 == 4, this::isLost);
            String name = "worker#" + ++incarnations;
            node.start(
                    WORKER,
                    takenUpBy(life),
                    Behaviors.setup(context -> {
                        life.starts();
                        return worker(name, life);
                    }),
                    WorkerOptions.defaults().withIncoming(this::comesIn).withSupervision(strategy));
            life.livesAt(Objects.requireNonNull(node.router().find(WORKER)));
            worker = life;
        }

        /** Sees what the worker's actor takes up, also when the worker does not receive it. */
        private static Codec<String> takenUpBy(Life life) {
            return new Codec<>() {
                @Override
                public ByteString encode(String value) {
                    return Codec.string().encode(value);
                }

                @Override
                public Decoded<String> decode(ByteString payload) {
                    Decoded<String> decoded = Codec.string().decode(payload);
                    if (decoded instanceof Decoded.Value<String> body) {
                        life.takesUp(parts(body.value()));
                    }
                    return decoded;
                }
            };
        }

        private Behavior<Routed<String>> worker(String name, Life life) {
            return Behaviors.receiveMessage(message -> {
                String[] parts = arrives(message, name);
                life.receives(parts);
                Fate fate = Fate.valueOf(parts[2]);
                switch (fate) {
                    case IS_DONE, IS_DENIED, FAILS, FAILS_AT_A_HOP -> isDone(parts);
                    case IS_ANSWERED, IS_ANSWERED_AND_FAILS -> {
                        isDone(parts);
                        reply(message, name);
                    }
                    case IS_ANSWERED_TWICE -> {
                        isDone(parts);
                        // The first may be lost by now, and then the second is a plain send.
                        sendWindowInUse = true;
                        reply(message, name);
                        reply(message, name);
                    }
                    case IS_PASSED_ON -> {
                        made++;
                        message.relay(Route.of(END));
                    }
                    case IS_COPIED_AND_ONCE_IN_VAIN -> {
                        made += 2;
                        message.forward();
                        message.relay(Route.of(END));
                    }
                    case IS_FORWARDED_TO_NOBODY -> {
                        made++;
                        message.forward();
                    }
                    case IS_KEPT, IS_KEPT_AND_FAILS -> kept.add(new Kept(message.defer(), life.home(), true));
                    case IS_KEPT_AND_FORGOTTEN -> {
                        message.defer();
                        forgotten++;
                        isLost(parts, RoutingDropReason.FORGOTTEN);
                    }
                    case IS_KEPT_WITHOUT_A_WORD -> {
                        isDone(parts);
                        kept.add(new Kept(message, life.home(), false));
                    }
                }
                if (fate == Fate.FAILS || fate == Fate.IS_ANSWERED_AND_FAILS || fate == Fate.IS_KEPT_AND_FAILS) {
                    life.fails();
                    throw new IllegalStateException("drawn");
                }
                return Behaviors.same();
            });
        }

        private void reply(Routed<String> message, String sender) {
            made++;
            message.reply(body(sender, Fate.IS_DONE, message.body().length() / 2));
        }

        private void startEnd() {
            if (node.metadata(END).isPresent()) {
                return;
            }
            String name = "end#" + ++incarnations;
            Consumer next = new Consumer();
            ending = Source.<Any>empty()
                    .viaMat(
                            NodeAccess.stream(
                                    node,
                                    () -> StreamPort.at(
                                            new EndpointSpec(
                                                    END, this::comesIn, AccessControl.allowAll(), Metadata.none()),
                                            Route.empty(),
                                            Codec.any(),
                                            Codec.string())),
                            Keep.right())
                    .map(message -> isDone(arrives(message, name)))
                    .to(Sink.fromSubscriber(next))
                    .run(materializer);
            consumers.add(next);
        }

        private void stopEnd(int how) {
            switch (how % 3) {
                case 0 -> lastConsumer().cancel();
                case 1 -> stop(END);
                default -> Objects.requireNonNull(ending).drainAndShutdown();
            }
        }

        private Consumer lastConsumer() {
            return consumers.get(consumers.size() - 1);
        }

        private void answer(int which, int how) {
            if (!kept.isEmpty()) {
                Kept one = kept.remove(which % kept.size());
                settled(one, how % 4 != 1);
                switch (how % 4) {
                    case 0 -> one.message().discard();
                    case 1 -> {
                        made++;
                        one.message().forward();
                    }
                    case 2 -> reply(one.message(), "late");
                    default -> {
                        reply(one.message(), "late");
                        reply(one.message(), "late");
                    }
                }
                sendWindowInUse = true;
            }
        }

        private void settled(Kept one, boolean asItShould) {
            if (one.deferred() && one.keeper().hasEnded()) {
                keptInVain++;
            } else if (asItShould) {
                isDone(parts(one.message()));
            }
        }

        /** One at a time: what is done with messages that were received together is done in any order. */
        private void read() {
            if (reading.toCompletableFuture().isDone()) {
                reading = app.receive(Codec.string(), Duration.ZERO)
                        .thenAccept(message -> arrives(message, "app"))
                        .exceptionally(failure -> null);
            }
        }

        // ---- what is observed ----

        /** Sees, before anything else does, what is let in, and denies what is to be denied. */
        private boolean comesIn(Address source, Address destination, LocalMessage message) {
            if (letIn.computeIfPresent(source, (address, count) -> count + 1) != null) {
                made++;
            }
            if (destination.equals(WORKER)
                    && Codec.string().decode(message.payload()) instanceof Decoded.Value<String> body
                    && body.value().contains("|" + Fate.IS_DENIED + "|")) {
                isLost(parts(body.value()), RoutingDropReason.INCOMING_DENIED);
                return false;
            }
            return true;
        }

        private static String[] parts(Routed<String> message) {
            return parts(message.body());
        }

        private static String[] parts(String body) {
            return body.split("\\|", -1);
        }

        private String[] isDone(String[] parts) {
            done.computeIfAbsent(parts[0], unused -> new HashSet<>()).add(Integer.parseInt(parts[1]));
            return parts;
        }

        private void isLost(String[] parts, DropReason reason) {
            lost.computeIfAbsent(parts[0], unused -> new HashMap<>()).merge(reason, 1L, Long::sum);
        }

        /** A message was received; those of one sender that took the same path arrived in order. */
        private String[] arrives(Routed<String> message, String place) {
            got++;
            String[] parts = parts(message);
            String path = paths.merge(parts[0] + "|" + parts[1], " " + place, String::concat);
            int number = Integer.parseInt(parts[1]);
            Integer before = arrived.put(parts[0] + path, number);
            if (before != null && before >= number) {
                disorder.add(number + " of " + parts[0] + " after " + before + " on" + path);
            }
            return parts;
        }

        /** At any moment. */
        private void check() {
            long inUse = letIn.values().stream().filter(count -> count > 0).count();
            long messages = inUse * WINDOW + (sendWindowInUse ? SEND_WINDOW : 0);
            long bytes = inUse * LARGEST_BODY + (sendWindowInUse ? SEND_WINDOW_BYTES : 0);
            assertThat((long) node.messagesUnderWay()).isBetween(0L, messages);
            // A message that is alone in its window may be there beyond what the node allows.
            long grown = (long) node.messagesUnderWay() * GROWTH;
            assertThat(node.bytesUnderWay()).isBetween(0L, Math.min(bytes, NODE_BYTES + inUse * LARGEST_BODY) + grown);
            assertThat(disorder).isEmpty();
        }

        private void rest() {
            while (Turns.ALL.doOne(order)) {
                check();
            }
        }

        /** Nothing is stopped for it: whatever is under way ends when its consumers do what they are there for. */
        void comeToRest() {
            consumers.forEach(consumer -> consumer.request(Long.MAX_VALUE));
            endWhatWaits();
            // The garbage collector takes no turns. What it finds may let messages in that are forgotten as well.
            for (int inVain = 0; forgotten > 0 && !isAtRest() && inVain < VAIN_COLLECTIONS; ) {
                long before = node.dropped(RoutingDropReason.FORGOTTEN);
                Garbage.collect();
                ManualClock.ALL.pass(BACKOFF); // the node looks as often for what is forgotten
                endWhatWaits();
                inVain = node.dropped(RoutingDropReason.FORGOTTEN) > before ? 0 : inVain + 1;
            }

            assertThat(node.messagesUnderWay()).as("messages under way").isZero();
            assertThat(node.bytesUnderWay()).as("bytes under way").isZero();
            assertThat(streams).as("streams that do not end").noneMatch(stream -> stream.ended && stream.isOpen());
            assertThat(going()).as("streams that sleep").allMatch(this::isAllIn);
        }

        private boolean isAtRest() {
            return node.messagesUnderWay() == 0
                    && streams.stream().noneMatch(stream -> stream.ended && stream.isOpen())
                    && going().stream().allMatch(this::isAllIn);
        }

        private boolean isAllIn(Sending stream) {
            return Objects.equals(letIn.get(stream.address()), stream.offered);
        }

        private void endWhatWaits() {
            endWhatIsKept();
            while (Objects.requireNonNull(worker).isWaiting()) {
                ManualClock.ALL.pass(BACKOFF);
                endWhatIsKept();
            }
        }

        private void endWhatIsKept() {
            int before;
            do {
                before = got;
                kept.forEach(one -> {
                    settled(one, true);
                    one.message().discard();
                });
                kept.clear();
                rest();
                read();
                rest();
            } while (got > before || !kept.isEmpty());
        }

        void end() {
            going().forEach(stream -> stream.queue.complete());
            rest();
            assertThat(streams).as("streams that do not end").noneMatch(Sending::isOpen);
            assertThat(streams).allSatisfy(this::tellsWhatBecameOfIt);
            assertThat(plainSendsThatFit()).isEqualTo(SEND_WINDOW);
            app.close();
            CompletionStage<Done> stopped = node.stop();
            rest();

            assertThat(stopped.toCompletableFuture()).isCompleted();
            assertThat(node.addressCount()).isZero();
            assertThat(node.messagesUnderWay()).isZero();
            assertThat(node.dropped()).as("dropped").isEqualTo(made - got + keptInVain + forgotten);
        }

        /** A stream that has not failed knows of each of its messages. One whose route led nowhere has lost at least one. */
        private void tellsWhatBecameOfIt(Sending stream) {
            String sender = stream.address().toString();
            Map<DropReason, Long> lostOfIt = lost.getOrDefault(sender, Map.of());
            long doneOfIt = done.getOrDefault(sender, Set.of()).size();
            CompletionStage<StreamReport> closed = stream.handle.whenClosed();
            if (!closed.toCompletableFuture().isCompletedExceptionally()) {
                StreamReport report = Stages.done(closed);
                assertThat(report.sent()).isEqualTo((long) letIn.getOrDefault(stream.address(), 0));
                assertThat(report.lost()).isEqualTo(lostOfIt);
                assertThat(report.arrived()).isEqualTo(doneOfIt);
            } else if (Stages.failureOf(closed) instanceof RoutingException failure) {
                long denied = lostOfIt.getOrDefault(RoutingDropReason.INCOMING_DENIED, 0L);
                assertThat(doneOfIt + denied)
                        .as("what did not break the route of a stream that failed with " + failure.reason())
                        .isLessThan(stream.offered);
            }
        }

        /** Leaves nothing behind, not even after a failure. */
        void close() {
            materializer.shutdown();
            var unused = node.stop();
        }

        private int plainSendsThatFit() {
            List<Delivery> store = new ArrayList<>();
            Registration keeper =
                    node.router().register(List.of(EndpointSpec.open(Address.of("store"))), ShutdownOrder.MAILBOXES);
            keeper.open(new Registration.Handler(store::add, cause -> {}));
            while (app.send(Route.of("store"), Codec.any(), Any.INSTANCE).isAccepted()) {
                assertThat(store).hasSizeLessThanOrEqualTo(SEND_WINDOW);
            }
            store.forEach(Delivery::release);
            keeper.end();
            return store.size();
        }
    }

    /** Takes what it was told to, by the step. */
    private static final class Consumer implements Subscriber<String[]> {
        private @Nullable Subscription subscription;
        private long early;
        private boolean over;

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            if (over) {
                given.cancel();
            } else if (early > 0) {
                given.request(early);
            }
        }

        void request(long count) {
            Subscription to = subscription;
            if (to != null) {
                to.request(count);
            } else {
                early = Math.max(early, count);
            }
        }

        void cancel() {
            over = true;
            if (subscription != null) {
                subscription.cancel();
            }
        }

        @Override
        public void onNext(String[] parts) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
