// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Scheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import ockam.channel.RefreshTiming.Held;
import ockam.identity.CredentialAndPurposeKey;
import ockam.node.WorkerOptions;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.ExecutionContextExecutor;

/**
 * Gets a credential from a source, such as an authority, and gets the next one before it ends (authority, section 7.1). All channels of an
 * identity can share one; what it has is presented to every new peer, and each newer one on all open channels.
 *
 * <ul>
 *   <li>The first is asked for when it is needed; a handshake waits for it.
 *   <li>One request is under way at a time, and between two there is always {@code retry-pause}, however short credentials are valid. The
 *       pause doubles with each failure, up to {@code max-retry-pause}; but while a credential lasts, at most a quarter of what is left of
 *       it passes without a request.
 *   <li>While the source fails, the old credential is presented as long as it lasts. Then {@link #credential} fails with
 *       {@link CredentialUnavailableException}, without asking again within {@code retry-pause}; open channels stay open, and peers forget
 *       the attributes. When the source works again, they learn of the new one.
 *   <li>As long as nobody watches, no timer is running but those of a request and of the pause after it.
 * </ul>
 *
 * <p>The clock says when a credential ends. Pauses and {@code request-timeout} are measured by the timers of the actor system, so that they
 * last as long as they should while somebody sets the clock.
 *
 * <p>What the source says is presented without being verified. Thread safe; nothing blocks, and there are no threads: the timers are those of
 * the actor system, and callbacks run on its default dispatcher for workers or where the source completes.
 */
public final class RefreshingRetriever implements CredentialRetriever {
    private static final Logger log = LoggerFactory.getLogger(RefreshingRetriever.class);

    /** The clock may jump: it is looked at no less often than this. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

    private final Later later;
    private final Supplier<? extends CompletionStage<CredentialAndPurposeKey>> source;
    private final Clock clock;
    private final CredentialRefreshSettings settings;
    private final RefreshTiming timing;

    // Everything below is guarded by this.
    private final List<Watch> watches = new ArrayList<>();
    private @Nullable Held held;
    private @Nullable Request request;
    private @Nullable CredentialUnavailableException lastFailure;
    private int failures;
    /** As long as it lasts, the source is not asked for the next one. */
    private final Pause rest = new Pause();
    /** As long as it lasts, it is not asked for somebody who needs a credential: no longer than {@link #rest}. */
    private final Pause refusal = new Pause();

    private @Nullable Cancellable timer;

    /** A time after a request. Guarded by the retriever. */
    private final class Pause {
        private @Nullable Object lasting;
        private Cancellable end = Cancellable.alreadyCancelled();

        boolean lasts() {
            return lasting != null;
        }

        /** Begins, also anew. */
        void begin(Duration time) {
            Object begun = new Object();
            lasting = begun;
            end.cancel();
            end = later.after(wholeMillis(time), () -> end(begun));
        }

        private void end(Object begun) {
            synchronized (RefreshingRetriever.this) {
                if (lasting != begun) {
                    return;
                }
                lasting = null;
            }
            look();
        }
    }

    /** A question to the source, and who waits for the answer. */
    private static final class Request {
        private final CompletableFuture<CredentialAndPurposeKey> answer = new CompletableFuture<>();
        private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    }

    /** Creates one with the settings of the actor system. */
    public static RefreshingRetriever create(
            ActorSystem<?> system, Supplier<? extends CompletionStage<CredentialAndPurposeKey>> source, Clock clock) {
        return create(system, source, clock, CredentialRefreshSettings.create(system));
    }

    /**
     * Creates one.
     *
     * @param system whose scheduler and dispatcher it uses
     * @param source asks for a new credential; it must not block, and may fail. A request that takes longer than
     *     {@code request-timeout} counts as failed, and what it brings later is ignored
     * @param clock by which credentials end
     * @param settings when to ask
     */
    public static RefreshingRetriever create(
            ActorSystem<?> system,
            Supplier<? extends CompletionStage<CredentialAndPurposeKey>> source,
            Clock clock,
            CredentialRefreshSettings settings) {
        return new RefreshingRetriever(
                system.scheduler(),
                system.dispatchers().lookup(DispatcherSelector.fromConfig(WorkerOptions.DISPATCHER)),
                source,
                clock,
                settings,
                new SplittableRandom());
    }

    /** Also with its own executor and randomness. */
    RefreshingRetriever(
            Scheduler scheduler,
            ExecutionContextExecutor executor,
            Supplier<? extends CompletionStage<CredentialAndPurposeKey>> source,
            Clock clock,
            CredentialRefreshSettings settings,
            RandomGenerator random) {
        this.later = new Later(scheduler, executor);
        this.source = Objects.requireNonNull(source, "source");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.settings = settings;
        this.timing = new RefreshTiming(settings, random);
    }

    @Override
    public CompletionStage<CredentialAndPurposeKey> credential() {
        Request asked;
        synchronized (this) {
            Instant now = clock.instant();
            if (held != null && held.isPresentable(now)) {
                return CompletableFuture.completedStage(held.credential());
            }
            if (request != null) {
                return request.answer.minimalCompletionStage();
            }
            if (refusal.lasts()) {
                return CompletableFuture.failedStage(
                        lastFailure == null
                                ? new CredentialUnavailableException("the credential ended soon after it was asked for")
                                : lastFailure);
            }
            asked = begin();
        }
        ask(asked);
        return asked.answer.minimalCompletionStage();
    }

    @Override
    public Runnable watch(Runnable newer) {
        Watch watch = new Watch(newer);
        synchronized (this) {
            watches.add(watch);
            plan();
        }
        return () -> unwatch(watch);
    }

    private synchronized void unwatch(Watch watch) {
        if (watches.remove(watch) && watches.isEmpty()) {
            cancelTimer();
        }
    }

    /** Sets the timer, if there is anything to wait for. */
    private synchronized void plan() {
        cancelTimer();
        if (watches.isEmpty() || request != null || rest.lasts()) {
            return;
        }
        Duration wait = held == null ? Duration.ZERO : Duration.between(clock.instant(), held.renewAt());
        if (wait.compareTo(LONGEST_SLEEP) > 0) {
            wait = LONGEST_SLEEP;
        }
        timer = later.after(wholeMillis(wait), this::look);
    }

    private synchronized void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void look() {
        Request next;
        synchronized (this) {
            if (watches.isEmpty() || request != null || rest.lasts()) {
                return;
            }
            if (held != null && clock.instant().isBefore(held.renewAt())) {
                plan();
                return;
            }
            next = begin();
        }
        ask(next);
    }

    private synchronized Request begin() {
        Request next = new Request();
        request = next;
        plan();
        return next;
    }

    private void ask(Request asking) {
        Cancellable timeout = later.after(
                settings.requestTimeout(),
                () -> ended(asking, null, new TimeoutException("no answer within " + settings.requestTimeout())));
        CompletionStage<?> unused = asking.over.whenComplete((over, never) -> timeout.cancel());
        unused = AskedCredentials.ask(source).whenComplete((credential, failure) -> ended(asking, credential, failure));
    }

    /** The first end of a request counts, be it an answer, a failure or the time-out. */
    private void ended(Request asked, @Nullable CredentialAndPurposeKey credential, @Nullable Throwable failure) {
        List<Watch> told = List.of();
        CredentialUnavailableException why = null;
        CredentialAndPurposeKey answer = null;
        synchronized (this) {
            if (request != asked) {
                return;
            }
            request = null;
            Instant now = clock.instant();
            Held before = held;
            try {
                answer = taken(credential, failure, now);
                if (before == null || !before.credential().equals(answer)) {
                    told = List.copyOf(watches);
                }
            } catch (CredentialUnavailableException e) {
                why = failed(e, now);
                if (held != null && held.isPresentable(now)) {
                    answer = held.credential();
                }
            }
            plan();
        }
        asked.over.complete(true);
        if (answer != null) {
            asked.answer.complete(answer);
        } else if (why != null) {
            asked.answer.completeExceptionally(why);
        }
        told.forEach(Watch::tell);
    }

    /** Keeps a credential that can be presented. */
    private CredentialAndPurposeKey taken(
            @Nullable CredentialAndPurposeKey credential, @Nullable Throwable failure, Instant now) {
        if (credential == null) {
            throw new CredentialUnavailableException(
                    "the source of credentials has failed", failure == null ? null : Failures.unwrapped(failure));
        }
        AskedCredentials.endOf(credential);
        Held next = timing.held(credential);
        if (source instanceof KeptCredentials kept && kept.isOld(credential)) {
            next = next.dueAt(now);
        }
        if (!next.isPresentable(now)) {
            throw new CredentialUnavailableException("the credential from the source has ended");
        }
        boolean same = held != null && held.credential().equals(credential);
        if (same && !now.isBefore(next.renewAt())) {
            throw new CredentialUnavailableException("the source has no newer credential yet");
        }
        if (failures > 0) {
            log.info("A credential was obtained again, after {} failures", failures);
        }
        held = next;
        failures = 0;
        lastFailure = null;
        rest.begin(settings.retryPause());
        refusal.begin(settings.retryPause());
        return credential;
    }

    private CredentialUnavailableException failed(CredentialUnavailableException why, Instant now) {
        failures++;
        lastFailure = why;
        Duration left = held == null ? Duration.ZERO : Duration.between(now, held.end());
        Duration pause = timing.afterFailure(failures, left);
        rest.begin(pause);
        refusal.begin(settings.retryPause());
        if (failures == 1) {
            log.warn("No newer credential: {}; asking again in {}", why.getMessage(), pause, why.getCause());
        } else {
            log.debug("No newer credential, {} times: {}; asking again in {}", failures, why.getMessage(), pause);
        }
        return why;
    }

    /** Not less: a timer that comes a little too early would be set again and again. */
    private static Duration wholeMillis(Duration wait) {
        return wait.plusNanos(999_999).truncatedTo(ChronoUnit.MILLIS);
    }
}
