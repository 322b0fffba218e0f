// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import ockam.identity.Identities;
import ockam.routing.Peer;
import ockam.wire.Identifier;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what authorities say about the peer of an open channel: when the channel opens, and whenever it changes, in this channel or another,
 * or an authority is rotated.
 * Used by the decryptor alone, as a part of it. One look-up at a time, so that an earlier one does not answer later; one that fails is tried
 * again.
 *
 * @param <C> what the actor understands
 */
final class AttributeLookUps<C> {
    /** What the actor sends to itself. */
    sealed interface Event {}

    private enum Changed implements Event {
        MAYBE
    }

    private enum TryAgain implements Event {
        INSTANCE
    }

    private record Known(Peer peer) implements Event {}

    private record Failed(Throwable why) implements Event {}

    private final ActorContext<C> context;
    private final TimerScheduler<C> timers;
    private final Function<Event, C> event;
    private final Credentials credentials;
    private final Identities identities;
    private final Identifier peer;
    private final Backoff backoff =
            new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private @Nullable Runnable unwatch;
    private boolean lookingUp;
    private boolean changedMeanwhile;

    AttributeLookUps(
            ActorContext<C> context,
            TimerScheduler<C> timers,
            Function<Event, C> event,
            Receiver.Setup setup,
            Identifier peer) {
        this.context = context;
        this.timers = timers;
        this.event = event;
        this.credentials = setup.credentials();
        this.identities = setup.identity().identities();
        this.peer = peer;
    }

    /** Begins, if anybody's word counts; it may have changed since the handshake. */
    void begin() {
        if (credentials.believes()) {
            ActorRef<C> self = context.getSelf();
            C changed = event.apply(Changed.MAYBE);
            unwatch = identities.watchAttributes(peer, credentials.authorities(), () -> self.tell(changed));
            self.tell(changed);
        }
    }

    /** Takes an event; the peer goes to {@code known} when it has been looked up. */
    void handle(Event of, Consumer<Peer> known) {
        if (of instanceof Known answer) {
            lookingUp = false;
            backoff.reset();
            known.accept(answer.peer());
        } else if (of instanceof Failed failed) {
            lookingUp = false;
            failed(Failures.unwrapped(failed.why()));
        } else {
            changedMeanwhile = true;
        }
        if (changedMeanwhile && !lookingUp) {
            lookUp();
        }
    }

    /**
     * What authorities say may have changed, and those who watch were not told: another process, or another identity of this node, was quicker
     * to store the same; or it was stored, and storing it failed all the same.
     */
    void changed(Consumer<Peer> known) {
        if (credentials.believes()) {
            handle(Changed.MAYBE, known);
        }
    }

    /** Looks up no more. */
    void end() {
        if (unwatch != null) {
            unwatch.run();
            unwatch = null;
        }
    }

    private void lookUp() {
        changedMeanwhile = false;
        lookingUp = true;
        timers.cancel(TryAgain.INSTANCE);
        context.pipeToSelf(
                credentials.current(identities, peer),
                (found, failure) -> event.apply(failure == null ? new Known(found) : new Failed(failure)));
    }

    private void failed(Throwable why) {
        Duration wait =
                backoff.failed(context.getLog(), "What authorities say about " + peer + " could not be looked up", why);
        timers.startSingleTimer(TryAgain.INSTANCE, event.apply(TryAgain.INSTANCE), wait);
    }
}
