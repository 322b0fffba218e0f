// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Identity;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Shows the peer of an open channel each newer credential that the retriever has, with this side's history (secure channel, section 5.7). Used
 * by the encryptor alone, as a part of it. At most one is on its way to being sent, and at most one is sent in {@link #PAUSE}: of those in
 * between only the newest counts. One that could not be sent is tried again, and so is one that could not be had, except if the retriever says
 * that it has none: then it will say when it has one. What may have been lost on a route that leads on again is shown again.
 *
 * @param <C> what the actor understands
 */
final class Refreshes<C> {
    /** From one refresh to the next. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** What the actor sends to itself. */
    sealed interface Event {}

    private enum Newer implements Event {
        MAYBE
    }

    private enum PauseOver implements Event {
        INSTANCE
    }

    /** What to send, if anything. */
    private record Known(ChannelMessage.@Nullable RefreshCredentials next) implements Event {}

    private record Failed(Throwable why) implements Event {}

    /**
     * What does not change.
     *
     * @param retriever from where newer ones come, if at all
     * @param identity who this side is
     * @param histories where this side's history is read
     * @param shown what the peer was shown in the handshake
     */
    record Terms(
            @Nullable CredentialRetriever retriever,
            Identity identity,
            OwnHistories histories,
            List<CredentialAndPurposeKey> shown) {}

    private final ActorContext<C> context;
    private final TimerScheduler<C> timers;
    private final Function<Event, C> event;
    private final Terms terms;
    private final Backoff backoff;
    private List<CredentialAndPurposeKey> shown;
    private Runnable unwatch = () -> {};
    private boolean asking;
    private boolean pausing;
    private boolean newerMeanwhile;

    Refreshes(
            ActorContext<C> context,
            TimerScheduler<C> timers,
            Function<Event, C> event,
            Terms terms,
            Predicate<String> isNews) {
        this.context = context;
        this.timers = timers;
        this.event = event;
        this.terms = terms;
        this.backoff = Backoff.create(() -> isNews.test("credential not had"));
        this.shown = terms.shown();
    }

    /** Watches the retriever, which may have a newer one since the handshake. */
    void begin() {
        CredentialRetriever retriever = terms.retriever();
        if (retriever != null) {
            ActorRef<C> self = context.getSelf();
            C newer = event.apply(Newer.MAYBE);
            unwatch = retriever.watch(() -> self.tell(newer));
            self.tell(newer);
        }
    }

    /** Watches no longer. */
    void end() {
        unwatch.run();
    }

    /** Takes an event; {@code send} sends a message to the peer, and returns whether it could. */
    void handle(Event event, Predicate<ChannelMessage> send) {
        if (event instanceof Known known) {
            asking = false;
            backoff.reset();
            if (known.next() != null) {
                send(known.next(), send);
            }
        } else if (event instanceof Failed failed) {
            asking = false;
            failed(Failures.unwrapped(failed.why()));
        } else if (event instanceof Newer) {
            newerMeanwhile = true;
        } else {
            pausing = false;
        }
        if (newerMeanwhile && !asking && !pausing) {
            ask();
        }
    }

    /**
     * What was sent may have been lost, although the route took it: whatever has been shown since the handshake is shown again. To a peer that
     * has it, this is no news.
     */
    void showAgain(Predicate<ChannelMessage> send) {
        if (!shown.equals(terms.shown())) {
            shown = terms.shown();
            handle(Newer.MAYBE, send);
        }
    }

    private void failed(Throwable why) {
        if (why instanceof CredentialUnavailableException) {
            context.getLog().debug("There is no newer credential to present", why);
            return;
        }
        newerMeanwhile = true;
        pause(backoff.failed(context.getLog(), "What to present to the peer could not be had", why));
    }

    private void pause(Duration time) {
        pausing = true;
        timers.startSingleTimer(PauseOver.INSTANCE, event.apply(PauseOver.INSTANCE), time);
    }

    private void send(ChannelMessage.RefreshCredentials next, Predicate<ChannelMessage> send) {
        pause(PAUSE);
        if (send.test(next)) {
            shown = next.credentials();
        } else {
            newerMeanwhile = true;
        }
    }

    private void ask() {
        CredentialRetriever retriever = terms.retriever();
        if (retriever == null) {
            return;
        }
        newerMeanwhile = false;
        asking = true;
        List<CredentialAndPurposeKey> known = shown;
        context.pipeToSelf(
                AskedCredentials.ask(retriever::credential).thenCompose(next -> unless(known, next)),
                (next, failure) -> event.apply(failure == null ? new Known(next.orElse(null)) : new Failed(failure)));
    }

    /** What to send, unless the peer knows the credential already. */
    private CompletionStage<Optional<ChannelMessage.RefreshCredentials>> unless(
            List<CredentialAndPurposeKey> known, CredentialAndPurposeKey next) {
        return known.contains(next)
                ? CompletableFuture.completedStage(Optional.empty())
                : terms.histories()
                        .current(terms.identity())
                        .thenApply(
                                history -> Optional.of(new ChannelMessage.RefreshCredentials(history, List.of(next))));
    }
}
