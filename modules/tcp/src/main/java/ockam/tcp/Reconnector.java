// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.node.Connection;
import ockam.node.ConnectionEnd;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.spi.Router;
import ockam.routing.spi.StopCause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the connections of a {@link ReconnectingConnection}, one after the other. There is no state without a next attempt but the last one:
 *
 * <pre>
 * connecting -> connected -> connecting ...      a connection that has lasted is followed by an attempt at once
 * connecting -> waiting -> connecting ...        after a failure, or a connection that did not last
 * any of them -> stopping                        until the connection, or the attempt, has ended
 * </pre>
 *
 * <p>Messages do not pass through here.
 */
final class Reconnector {
    private static final Logger LOG = LoggerFactory.getLogger(Reconnector.class);

    sealed interface Command {}

    /** The address was stopped, or the node is stopping. */
    record Stop(StopCause cause) implements Command {}

    private record Connected(Connection connection) implements Command {}

    private record Failed(Throwable why) implements Command {}

    private record Ended(ConnectionEnd end) implements Command {}

    private enum Timer implements Command {
        TRY_AGAIN,
        /** The connection has not ended at once, so the next one need not wait. */
        HAS_LASTED
    }

    /**
     * An attempt to connect.
     *
     * @param connection can be ended before it is made
     * @param made completes with the connection, or fails
     */
    record Attempt(Connection connection, CompletionStage<Connection> made) {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Router router;
    private final ReconnectingConnection name;
    private final Duration lasting;
    private final Backoff backoff;
    private final Supplier<Attempt> attempts;
    /** Whether the log says that there is no connection. */
    private boolean said;

    private Reconnector(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Router router,
            ReconnectingConnection name,
            Duration lasting,
            Backoff backoff,
            Supplier<Attempt> attempts) {
        this.context = context;
        this.timers = timers;
        this.router = router;
        this.name = name;
        this.lasting = lasting;
        this.backoff = backoff;
        this.attempts = attempts;
    }

    /**
     * The behavior that serves a name.
     *
     * @param lasting how long a connection must have lasted for the next attempt to be made at once
     * @param attempts begins an attempt
     */
    static Behavior<Command> create(
            Router router, ReconnectingConnection name, Duration lasting, Backoff backoff, Supplier<Attempt> attempts) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new Reconnector(context, timers, router, name, lasting, backoff, attempts).next()));
    }

    /** Tries now, or in a while. */
    private Behavior<Command> next() {
        Duration wait = backoff.next();
        if (wait.isZero()) {
            return connecting();
        }
        timers.startSingleTimer(Timer.TRY_AGAIN, wait);
        return waiting();
    }

    private Behavior<Command> waiting() {
        return receive()
                .onMessageEquals(Timer.TRY_AGAIN, this::connecting)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> connecting() {
        Attempt attempt = attempts.get();
        context.pipeToSelf(
                attempt.made(), (made, failure) -> failure == null ? new Connected(made) : new Failed(failure));
        return receive()
                .onMessage(Connected.class, made -> connected(made.connection()))
                .onMessage(Failed.class, failed -> {
                    say(failed.why());
                    Behavior<Command> then = next();
                    name.notConnected();
                    return then;
                })
                .onMessage(Stop.class, stop -> stopping(attempt.connection(), stop.cause()))
                .build();
    }

    private Behavior<Command> connected(Connection connection) {
        said = false;
        name.connected(connection);
        timers.startSingleTimer(Timer.HAS_LASTED, lasting);
        context.pipeToSelf(connection.whenClosed(), (end, failure) -> new Ended(end));
        return receive()
                .onMessageEquals(Timer.HAS_LASTED, () -> {
                    backoff.reset();
                    return Behaviors.same();
                })
                .onMessage(Ended.class, ended -> {
                    timers.cancel(Timer.HAS_LASTED);
                    Behavior<Command> then = next();
                    name.disconnected();
                    return then;
                })
                .onMessage(Stop.class, stop -> stopping(connection, stop.cause()))
                .build();
    }

    /** A node that stops ends its connections itself, in its time. */
    private Behavior<Command> stopping(Connection connection, StopCause cause) {
        timers.cancelAll();
        if (cause == StopCause.STOPPED) {
            var unused = connection.disconnect();
        }
        context.pipeToSelf(connection.whenClosed(), (end, failure) -> new Ended(end));
        return receive()
                .onMessage(Ended.class, ended -> Behaviors.stopped())
                .onMessage(Connected.class, late -> Behaviors.same())
                .onMessage(Failed.class, failed -> Behaviors.same())
                .build();
    }

    private BehaviorBuilder<Command> receive() {
        return Behaviors.receive(Command.class).onSignal(PostStop.class, stopped -> {
            name.stopped();
            return Behaviors.same();
        });
    }

    /** Once until there is a connection again; that and the end of a connection are logged by the connection. */
    private void say(Throwable why) {
        boolean nodeStops =
                why instanceof RoutingException refused && refused.reason() == RoutingDropReason.NODE_STOPPED;
        if (!said && !nodeStops) {
            said = true;
            router.logged(() -> LOG.warn(
                    "No connection to {}, and trying again until there is one or it is stopped: {}",
                    name.remote(),
                    why.getMessage()));
        }
    }
}
