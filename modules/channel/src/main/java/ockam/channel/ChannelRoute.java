// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.function.Function;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.wire.Address;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * The route of a channel: watches its first terminal address, without which nothing leaves the node, and looks for it when it is gone. Used
 * by the channel's actor alone, which hands it the events that this sends there.
 *
 * @param <C> what the actor understands
 */
final class ChannelRoute<C> {
    /** What the channel's actor is told. */
    sealed interface Event {}

    /** The first terminal address of a route is free. */
    record Gone(Registration wayOut) implements Event {}

    /** Whether what is sent to it gets anywhere. */
    private record Reach(Registration wayOut, boolean isThere) implements Event {}

    private enum Time implements Event {
        LOOK,
        LOST_FOR_TOO_LONG
    }

    /** How often is looked whether the first terminal address of a lost route is there again. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final ActorRef<C> actor;
    private final TimerScheduler<C> timers;
    private final Function<Event, C> message;
    private final Router router;
    private final Duration lostLimit;

    private Route route = Route.empty();
    /** What is watched: who has the first terminal address of the route. */
    private @Nullable Registration wayOut;

    private Runnable unwatch = () -> {};
    /** The last such address that there was. */
    private @Nullable Address lastWayOut;

    private boolean lost;
    private boolean lostForTooLong;
    private boolean reached = true;

    /** With the message that brings an event back. */
    ChannelRoute(
            ActorRef<C> actor,
            TimerScheduler<C> timers,
            Function<Event, C> message,
            Router router,
            Duration lostLimit) {
        this.actor = actor;
        this.timers = timers;
        this.message = message;
        this.router = router;
        this.lostLimit = lostLimit;
    }

    /** Says when the way out of a route is gone; nothing else is known of it before the channel is open. */
    void watch(Route handshake) {
        route = handshake;
        var unused = begins();
    }

    /** From now on this is the route of the open channel. */
    void follow(Route next) {
        route = next;
        if (begins()) {
            found();
        } else {
            lose();
        }
    }

    void handle(Event event) {
        if (event instanceof Gone gone) {
            if (gone.wayOut() == wayOut) { // and not of a route from before
                lose();
            }
        } else if (event instanceof Reach reach) {
            if (reach.wayOut() == wayOut) {
                reached = reach.isThere();
            }
        } else if (event == Time.LOOK) {
            // Somebody may have taken the address again: a worker that was started anew, or a connection under a name.
            if (begins()) {
                found();
            }
        } else {
            lostForTooLong = lost;
        }
    }

    /** Nothing can be sent along it. */
    boolean isLost() {
        return lost;
    }

    boolean isLostForTooLong() {
        return lostForTooLong;
    }

    /** What is sent along it gets somewhere now, as far as this node knows. */
    boolean leadsOn() {
        return !lost && reached;
    }

    void end() {
        unwatch.run();
        unwatch = () -> {};
        wayOut = null;
        reached = true;
    }

    private void lose() {
        lost = true;
        timers.startSingleTimer(Time.LOST_FOR_TOO_LONG, message.apply(Time.LOST_FOR_TOO_LONG), lostLimit);
        timers.startTimerWithFixedDelay(Time.LOOK, message.apply(Time.LOOK), LOOK);
    }

    private void found() {
        lost = false;
        timers.cancel(Time.LOST_FOR_TOO_LONG);
        timers.cancel(Time.LOOK);
    }

    /** Watches what the route begins with now, and returns whether it begins at all. */
    private boolean begins() {
        end();
        Address out = router.firstTerminal(route).orElse(null);
        Registration found = out == null ? null : router.find(out);
        if (found == null) {
            // Behind an address that was the way out, the route goes on elsewhere.
            return router.find(route.next()) != null && (lastWayOut == null || !route.contains(Route.of(lastWayOut)));
        }
        wayOut = found;
        lastWayOut = out;
        Runnable unwatchEnd = found.whenFree(() -> actor.tell(message.apply(new Gone(found))));
        Runnable unwatchReach = found.followReach(isThere -> actor.tell(message.apply(new Reach(found, isThere))));
        unwatch = () -> {
            unwatchEnd.run();
            unwatchReach.run();
        };
        return true;
    }
}
