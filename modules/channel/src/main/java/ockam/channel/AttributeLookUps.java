// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import ockam.identity.Identities;
import ockam.routing.Peer;
import ockam.wire.Identifier;
import ockam.wire.internal.Failures;

/**
 * Looks up what authorities say about the peer of an open channel: when the channel opens, and whenever it changes, in this channel or another.
 * Used by the decryptor alone, as a part of it. One look-up at a time, so that an earlier one does not answer later; one that fails is tried
 * again.
 *
 * <p>When an authority has rotated its identity, what it has said before counts no longer, at once and whether or not the store works. All
 * channels are told together, so each waits for a while before it looks up what the authority says anew.
 *
 * @param <C> what the actor understands
 */
final class AttributeLookUps<C> {
    /** The longest wait, at random, from a rotation of an authority to the look-up that follows. */
    static final Duration SPREAD = Duration.ofSeconds(1);

    /** What the actor sends to itself. */
    sealed interface Event {}

    private enum Changed implements Event {
        MAYBE
    }

    private enum TryAgain implements Event {
        INSTANCE
    }

    private record Rotated(Identifier authority) implements Event {}

    private record Known(Peer peer) implements Event {}

    private record Failed(Throwable why) implements Event {}

    private final ActorContext<C> context;
    private final TimerScheduler<C> timers;
    private final Function<Event, C> event;
    private final Credentials credentials;
    private final Identities identities;
    private final Backoff backoff;
    private final List<Runnable> unwatch = new ArrayList<>();
    /** As known last. */
    private Peer peer;

    private boolean lookingUp;
    /** While looking up: its answer may have been read before. */
    private boolean rotatedMeanwhile;

    private boolean changedMeanwhile;

    AttributeLookUps(
            ActorContext<C> context,
            TimerScheduler<C> timers,
            Function<Event, C> event,
            Receiver.Setup setup,
            Peer peer) {
        this.context = context;
        this.timers = timers;
        this.event = event;
        this.credentials = setup.credentials();
        this.identities = setup.identity().identities();
        this.peer = peer;
        this.backoff = Backoff.create(() -> setup.isNews().test("look-up of attributes"));
    }

    /**
     * Begins, if anybody's word counts; it may have changed since the handshake. What has become void in the meantime is so at once: then the
     * peer goes to {@code known}.
     */
    void begin(Rotations sinceLearned, Consumer<Peer> known) {
        if (credentials.believes()) {
            ActorRef<C> self = context.getSelf();
            C changed = event.apply(Changed.MAYBE);
            unwatch.add(identities.watchAttributes(peer.identifier(), () -> self.tell(changed)));
            for (Identifier authority : credentials.authorities()) {
                C rotated = event.apply(new Rotated(authority));
                unwatch.add(identities.watchHistory(authority, () -> self.tell(rotated)));
            }
            self.tell(changed);
        }
        for (Identifier authority : sinceLearned.end()) {
            rotated(authority);
            known.accept(peer);
        }
    }

    /** Takes an event; the peer goes to {@code known} when it has been looked up, and when what is known of it is void. */
    void handle(Event of, Consumer<Peer> known) {
        if (of instanceof Known answer) {
            lookingUp = false;
            backoff.reset();
            if (!rotatedMeanwhile) {
                peer = answer.peer();
                known.accept(peer);
            }
        } else if (of instanceof Rotated rotated) {
            rotated(rotated.authority());
            known.accept(peer);
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
        unwatch.forEach(Runnable::run);
        unwatch.clear();
        timers.cancel(TryAgain.INSTANCE);
    }

    private void rotated(Identifier authority) {
        peer = Rotations.without(peer, authority);
        rotatedMeanwhile = lookingUp;
        Duration wait = Duration.ofNanos(ThreadLocalRandom.current().nextLong(SPREAD.toNanos()));
        timers.startSingleTimer(TryAgain.INSTANCE, event.apply(TryAgain.INSTANCE), wait);
    }

    private void lookUp() {
        changedMeanwhile = false;
        lookingUp = true;
        rotatedMeanwhile = false;
        timers.cancel(TryAgain.INSTANCE);
        context.pipeToSelf(
                credentials.current(identities, peer.identifier()),
                (found, failure) -> event.apply(failure == null ? new Known(found) : new Failed(failure)));
    }

    private void failed(Throwable why) {
        Duration wait = backoff.failed(
                context.getLog(), "What authorities say about " + peer.identifier() + " could not be looked up", why);
        timers.startSingleTimer(TryAgain.INSTANCE, event.apply(TryAgain.INSTANCE), wait);
    }
}
