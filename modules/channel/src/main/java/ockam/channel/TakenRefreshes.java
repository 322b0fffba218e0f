// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.function.Function;
import ockam.channel.ChannelMessage.RefreshCredentials;
import ockam.identity.Identities;
import ockam.identity.IdentityAndCredentials;
import ockam.identity.IdentityException;
import ockam.identity.PeerTerms;
import ockam.routing.DropReason;
import ockam.wire.Identifier;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the peer of an open channel shows of its newer history and credentials (secure channel, section 5.7). Used by the decryptor
 * alone, as a part of it.
 *
 * <p>One at a time, because each costs as many signatures as the history has changes, and one for each credential. Of those that come
 * meanwhile, the newest waits, and the others are dropped. One that breaks a rule is dropped. If a store or a vault fails, it is tried again
 * after a pause, until the channel ends; a newer one that has come takes its place, and the pause stays as long.
 *
 * <p>What comes with an older history than the known one is dropped, as in other implementations, also if another channel has brought the newer
 * one just before: whoever has nothing but a key that was replaced, because it was stolen perhaps, renews nothing.
 *
 * @param <C> what the actor understands
 */
final class TakenRefreshes<C> {
    /** What a plaintext may have: no more than a handshake message, since what is shown here has been shown there. */
    static final int MAX_LENGTH = IdentityAndCredentials.MAX_LENGTH;

    /** What the actor sends to itself. */
    sealed interface Event {}

    private record Taken(Credentials.Learned learned) implements Event {}

    private record Failed(Throwable why) implements Event {}

    private enum TryAgain implements Event {
        INSTANCE
    }

    private final ActorContext<C> context;
    private final TimerScheduler<C> timers;
    private final Function<Event, C> event;
    private final Receiver.Setup setup;
    private final Identifier peer;
    private final boolean named;
    private final Backoff backoff;
    /** What is being verified and stored, or has failed and is to be tried again. */
    private @Nullable RefreshCredentials current;
    /** Unless it is to be tried again. */
    private SignatureQueue.@Nullable Turn turn;

    private @Nullable RefreshCredentials waiting;

    TakenRefreshes(
            ActorContext<C> context,
            TimerScheduler<C> timers,
            Function<Event, C> event,
            Receiver.Setup setup,
            Identifier peer,
            boolean named) {
        this.context = context;
        this.timers = timers;
        this.event = event;
        this.setup = setup;
        this.peer = peer;
        this.named = named;
        this.backoff = Backoff.create(() -> setup.isNews().test("credentials not taken"));
    }

    /** Takes one now, or later. */
    void take(RefreshCredentials refresh) {
        if (turn != null) {
            if (waiting != null) {
                dropped(ChannelDropReason.REFRESH_SUPERSEDED);
            }
            waiting = refresh;
            return;
        }
        if (current != null) { // the pause goes on: it spares the store, whatever is to be kept there
            dropped(ChannelDropReason.REFRESH_FAILED);
            current = refresh;
            return;
        }
        begin(refresh);
    }

    /** Takes an event; calls {@code stored} when what authorities say about the peer may be another. */
    void handle(Event of, Runnable stored) {
        turn = null;
        if (of instanceof Taken taken) {
            backoff.reset();
            stored.run();
            if (setup.credentials().believes()) {
                taken.learned().logRefused(context.getLog(), setup.isNews(), named);
            }
            next();
        } else if (of instanceof Failed failed) {
            failed(Failures.unwrapped(failed.why()));
        } else if (current != null) {
            begin(current);
        }
    }

    /** What has not been taken never will be. */
    void end() {
        SignatureQueue.Turn running = turn;
        if (running != null) {
            running.leave();
        } else if (current != null) {
            dropped(ChannelDropReason.REFRESH_FAILED);
        }
        turn = null;
        current = null;
        waiting = null;
    }

    private void begin(RefreshCredentials refresh) {
        current = refresh;
        Identities identities = setup.identity().identities();
        SignatureQueue.Turn signatures =
                setup.refreshes().turn(identities.vault().verifying());
        turn = signatures;
        // Whether the peer is named was decided in the handshake, and the repository knows it since.
        PeerTerms terms = new PeerTerms(false, setup.settings().histories(), signatures);
        context.pipeToSelf(
                identities
                        .refreshPeer(refresh.changeHistory(), peer, terms)
                        .thenCompose(known ->
                                setup.credentials().learn(identities, peer, refresh.credentials(), signatures)),
                (learned, failure) -> event.apply(failure == null ? new Taken(learned) : new Failed(failure)));
    }

    private void failed(Throwable why) {
        if (why instanceof IdentityException refusal) {
            backoff.reset();
            dropped(
                    refusal.reason() == IdentityException.Reason.HISTORY_OLDER
                            ? ChannelDropReason.REFRESH_SUPERSEDED
                            : ChannelDropReason.FRAME_CONTENT_UNKNOWN);
            next();
        } else {
            if (waiting != null) {
                dropped(ChannelDropReason.REFRESH_FAILED);
                current = waiting;
                waiting = null;
            }
            Duration wait =
                    backoff.failed(context.getLog(), "Newer credentials of " + peer + " could not be taken", why);
            timers.startSingleTimer(TryAgain.INSTANCE, event.apply(TryAgain.INSTANCE), wait);
        }
    }

    private void next() {
        RefreshCredentials next = waiting;
        waiting = null;
        current = null;
        if (next != null) {
            begin(next);
        }
    }

    private void dropped(DropReason reason) {
        setup.decryptor().dropped(reason);
    }
}
