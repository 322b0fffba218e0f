// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Routed;
import ockam.routing.SendResult;
import ockam.routing.spi.Endpoint;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker of a remote relay. In each of its states something is going to happen: an answer or a connection is awaited with a time-out, a
 * timer runs, or the end of the connection is watched.
 */
final class Registrant {
    private static final Logger LOG = LoggerFactory.getLogger(Registrant.class);

    /** What the registrant understands. */
    sealed interface Command extends NoSerializationVerificationNeeded {}

    /** A confirmation, or, from a relay that passes data through here, something for another worker. */
    record Arrived(Routed<Any> message) implements Command {}

    /** The way to the relay's node is there, or there is none. */
    private record Connected(
            int attempt, @Nullable Route route, @Nullable Throwable failure) implements Command {}

    /** The connection or channel that the way begins with has ended. */
    private record WayGone(int attempt) implements Command {}

    /** Whether what is sent along the way gets anywhere. */
    private record Reach(int attempt, boolean isThere) implements Command {}

    private enum Time implements Command {
        /** What is awaited takes too long. */
        TOO_LONG,
        RETRY,
        RENEW,
        /** It has been registered for so long that the connection can be called a good one. */
        SETTLED
    }

    /** What does not change while it lives; {@code jitter} is between 0 and 1. */
    record Setup(
            Node node,
            Introductions addresses,
            RelayWay way,
            RemoteRelayOptions options,
            RelaySettings settings,
            RemoteRelayStates states,
            DoubleSupplier jitter) {}

    /**
     * One attempt, and what has come of it.
     *
     * @param number counts all of them
     * @param failures how many in a row have failed before; one less than none when it has succeeded, and lasted
     * @param made the way that it has asked for
     * @param unwatch no longer look whether that is there
     */
    private record Attempt(int number, int failures, CompletionStage<Route> made, Runnable unwatch) {
        Attempt withFailures(int count) {
            return new Attempt(number, count, made, unwatch);
        }

        Attempt watchedBy(Runnable taker) {
            return new Attempt(number, failures, made, taker);
        }
    }

    private static final Attempt NONE = new Attempt(
            0, 0, CompletableFuture.failedStage(new IllegalStateException("nothing was asked for")), () -> {});

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Setup setup;
    private final Router router;
    private final Endpoint self;
    private final String name;
    private int attempts;

    static Behavior<Command> create(Setup setup) {
        return Behaviors.setup(context -> {
            Address main = setup.addresses().main();
            Registration own = NodeAccess.router(setup.node()).find(main);
            return own == null
                    ? Behaviors.stopped() // it was stopped before it has started
                    : Behaviors.withTimers(
                            timers -> new Registrant(context, timers, setup, own.endpoint(main)).connecting(0));
        });
    }

    private Registrant(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup, Endpoint self) {
        this.context = context;
        this.timers = timers;
        this.setup = setup;
        this.router = NodeAccess.router(setup.node());
        this.self = self;
        this.name = setup.options().name().orElse(Registrar.EPHEMERAL);
    }

    // ---- on the way ----

    private Behavior<Command> connecting(int failures) {
        setup.states().change(RemoteRelayState.Registering.INSTANCE);
        int number = ++attempts;
        Attempt attempt = new Attempt(number, failures, connect(), () -> {});
        context.pipeToSelf(attempt.made(), (route, failure) -> new Connected(number, route, failure));
        timers.startSingleTimer(Time.TOO_LONG, setup.settings().connectTimeout());
        return orIgnored(state(attempt)
                .onMessage(Connected.class, connected -> connected(attempt, connected))
                .onMessageEquals(Time.TOO_LONG, () -> failed(attempt, "no way to the relay's node in time")));
    }

    private CompletionStage<Route> connect() {
        try {
            CompletionStage<Route> made = setup.way().connect();
            return made == null ? CompletableFuture.failedStage(new NullPointerException("the way is null")) : made;
        } catch (Throwable e) {
            Failures.rethrowIfFatal(e);
            return CompletableFuture.failedStage(e);
        }
    }

    private Behavior<Command> connected(Attempt attempt, Connected connected) {
        if (connected.attempt() != attempt.number()) {
            return Behaviors.same();
        }
        Route route = connected.route();
        if (route == null) {
            return failed(
                    attempt,
                    connected.failure() == null
                            ? "no way to the relay's node"
                            : String.valueOf(
                                    Failures.unwrapped(connected.failure()).getMessage()));
        }
        return register(attempt, route);
    }

    private Behavior<Command> register(Attempt attempt, Route route) {
        Route toService = route.append(setup.options().service());
        Registration begin = router.find(router.firstTerminal(toService).orElse(toService.next()));
        if (begin == null) {
            return failed(attempt, "nothing lives at " + NodeLog.text(toService.next()));
        }
        setup.addresses().open(toService.next());
        int number = attempt.number();
        var actor = context.getSelf();
        Runnable unwatch = begin.whenFree(() -> actor.tell(new WayGone(number)));
        Runnable unfollow = begin.followReach(isThere -> actor.tell(new Reach(number, isThere)));
        return reaching(
                attempt.watchedBy(() -> {
                    unwatch.run();
                    unfollow.run();
                }),
                toService);
    }

    /** A connection that is made anew under its old name is waited for; but not for ever, because another way may be shorter. */
    private Behavior<Command> reaching(Attempt attempt, Route toService) {
        timers.startSingleTimer(Time.TOO_LONG, setup.settings().connectTimeout());
        return orIgnored(state(attempt)
                .onMessage(WayGone.class, gone -> wayGone(attempt, gone))
                .onMessage(Reach.class, reach -> is(true, reach, attempt), reach -> asking(attempt, toService))
                .onMessageEquals(Time.TOO_LONG, () -> {
                    letGo(attempt);
                    return connecting(attempt.failures());
                }));
    }

    private static boolean is(boolean there, Reach reach, Attempt attempt) {
        return reach.attempt() == attempt.number() && reach.isThere() == there;
    }

    /** The confirmation of a registration before this is worth nothing. */
    private Behavior<Command> interrupted(Attempt attempt, Route toService) {
        timers.cancelAll();
        router.logged(() -> LOG.info("Not registered at a relay: the connection was interrupted"));
        setup.states().change(RemoteRelayState.Registering.INSTANCE);
        return reaching(attempt, toService);
    }

    /** Returns why not, or null. */
    private @Nullable String send(Route toService) {
        SendResult result = self.send(LocalMessage.of(
                toService, Route.of(setup.addresses().main()), Codec.string().encode(name)));
        return result instanceof SendResult.Refused refused ? router.explain(refused.reason(), toService) : null;
    }

    private Behavior<Command> registering(Attempt attempt, Route toService) {
        timers.startSingleTimer(Time.TOO_LONG, setup.settings().registrationTimeout());
        return orIgnored(state(attempt)
                .onMessage(WayGone.class, gone -> wayGone(attempt, gone))
                .onMessage(Reach.class, reach -> is(false, reach, attempt), reach -> interrupted(attempt, toService))
                .onMessageEquals(Time.TOO_LONG, () -> failed(attempt, "no confirmation in time"))
                .onMessage(
                        Arrived.class,
                        arrived -> !isForOthers(arrived.message()),
                        arrived -> confirmed(attempt, toService, arrived.message())));
    }

    private Behavior<Command> confirmed(Attempt attempt, Route toService, Routed<Any> message) {
        RemoteRelayState.Registered registered = confirmation(message);
        if (registered == null) {
            return Behaviors.same();
        }
        timers.cancel(Time.TOO_LONG);
        boolean isNews = setup.states().change(registered);
        if (isNews) {
            router.logged(() -> LOG.info("Registered at {}", NodeLog.text(registered.route())));
        }
        if (setup.options().name().isPresent()) {
            setup.settings().renewInterval().ifPresent(interval -> timers.startSingleTimer(Time.RENEW, interval));
        }
        return registered(attempt, toService);
    }

    /** Returns what a confirmation says, or null if it is none for this registration. */
    private RemoteRelayState.@Nullable Registered confirmation(Routed<Any> message) {
        Route relay = message.returnRoute();
        String confirmed = Codec.string().decode(message.message().payload()) instanceof Decoded.Value<String> text
                ? text.value()
                : "";
        if (relay.isEmpty() || !relay.recipient().isLocal() || confirmed.isEmpty()) {
            return ignored("what arrived is no confirmation");
        }
        if (setup.options().name().isPresent() && !confirmed.endsWith(name)) {
            return ignored("another name was confirmed");
        }
        return new RemoteRelayState.Registered(relay.recipient(), relay);
    }

    private RemoteRelayState.@Nullable Registered ignored(String why) {
        if (router.isNews("confirmation")) {
            router.logged(() -> LOG.warn("A remote relay goes on waiting: {}", why));
        }
        return null;
    }

    // ---- there ----

    private Behavior<Command> registered(Attempt attempt, Route toService) {
        timers.startSingleTimer(Time.SETTLED, setup.settings().minBackoff());
        return there(attempt.withFailures(0), toService);
    }

    /** Confirmations that are repeated change nothing (services, section 1.7). */
    private Behavior<Command> there(Attempt attempt, Route toService) {
        return orIgnored(state(attempt)
                .onMessage(WayGone.class, gone -> wayGone(attempt, gone))
                .onMessage(Reach.class, reach -> is(false, reach, attempt), reach -> interrupted(attempt, toService))
                .onMessageEquals(Time.SETTLED, () -> there(attempt.withFailures(-1), toService))
                .onMessageEquals(Time.RENEW, () -> asking(attempt, toService)));
    }

    private Behavior<Command> asking(Attempt attempt, Route toService) {
        String refusal = send(toService);
        return refusal == null ? registering(attempt, toService) : failed(attempt, refusal);
    }

    // ---- again ----

    private Behavior<Command> wayGone(Attempt attempt, WayGone gone) {
        return gone.attempt() == attempt.number() ? failed(attempt, "the connection has ended") : Behaviors.same();
    }

    private Behavior<Command> failed(Attempt attempt, String why) {
        letGo(attempt);
        int failures = attempt.failures() + 1;
        router.logged(() -> LOG.info("Not registered at a relay: {}", NodeLog.text(why, 200)));
        if (failures == 0) {
            return connecting(0); // it was there
        }
        Duration delay = delay(failures);
        setup.states().change(new RemoteRelayState.Waiting(delay, why));
        timers.startSingleTimer(Time.RETRY, delay);
        return waiting(failures);
    }

    private Behavior<Command> waiting(int failures) {
        return orIgnored(state(NONE).onMessageEquals(Time.RETRY, () -> connecting(failures)));
    }

    /** A random part of a time that doubles, so that many nodes that have lost the same relay do not come back all at once. */
    private Duration delay(int failures) {
        Duration longest = setup.settings().maxBackoff();
        Duration most = setup.settings().minBackoff();
        for (int i = 1; i < failures && most.compareTo(longest) < 0; i++) {
            most = most.multipliedBy(2);
        }
        most = most.compareTo(longest) < 0 ? most : longest;
        return Duration.ofNanos((long) (most.toNanos() * setup.jitter().getAsDouble()));
    }

    /** A connection that is made too late is let go of as well. */
    private void letGo(Attempt attempt) {
        timers.cancelAll();
        attempt.unwatch().run();
        setup.addresses().close();
        var unused = attempt.made().thenAccept(route -> setup.way().abandon(route));
    }

    // ---- in every state ----

    private static Behavior<Command> orIgnored(BehaviorBuilder<Command> state) {
        return state.onAnyMessage(late -> Behaviors.same()).build(); // or repeated
    }

    private BehaviorBuilder<Command> state(Attempt attempt) {
        return Behaviors.receive(Command.class)
                .onMessage(Arrived.class, arrived -> isForOthers(arrived.message()), arrived -> {
                    arrived.message().relay(Route.empty());
                    return Behaviors.same();
                })
                .onSignal(PreRestart.class, signal -> {
                    letGo(attempt);
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, signal -> {
                    letGo(attempt);
                    setup.states().change(RemoteRelayState.Stopped.INSTANCE);
                    return Behaviors.same();
                });
    }

    private static boolean isForOthers(Routed<Any> message) {
        return message.onwardRoute().size() > 1;
    }
}
