// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Scheduler;
import java.time.Duration;
import java.util.Objects;
import ockam.identity.Identity;
import ockam.node.WorkerOptions;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.ExecutionContextExecutor;

/**
 * Replaces the purpose keys of an identity of this node when they have reached an age: the key for secure channels, and that for
 * credentials (secure channel, section 4.7). Without it, they are replaced when their attestations end, after five years by default, and by
 * a call ({@link ockam.identity.Identities#rotateSecureChannelKey}, {@link ockam.identity.Identities#rotateCredentialKey}).
 *
 * <ul>
 *   <li>Channels that are open go on, handshakes that are under way take the new key, and the old one is deleted from the vault.
 *   <li>The age is that of the attestation, so a node that is restarted does not begin anew; and of several nodes that share a store, one
 *       replaces the key.
 *   <li>A key that nobody has needed yet is not made.
 *   <li>The identity's own key is not replaced: a history takes 64 changes ({@link ockam.identity.Identities#rotate}).
 *   <li>When it fails, such as with a vault that cannot be reached, it logs a warning, once, and tries again within a minute.
 * </ul>
 *
 * <p>It runs until it is stopped, or the actor system ends. Thread safe; nothing blocks, and there are no threads: the timer is that of the
 * actor system.
 */
public final class PurposeKeyRotation {
    private static final Logger log = LoggerFactory.getLogger(PurposeKeyRotation.class);

    /** The clock may jump, and keys may come about: they are looked at no less often than this. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

    private final Later later;
    private final Identity identity;
    private final Duration age;

    // Everything below is guarded by this.
    private Cancellable timer = Cancellable.alreadyCancelled();
    private boolean stopped;
    private boolean failing;

    /** Starts with the age that the settings of the actor system say: {@code ockam.channel.purpose-key-age}. */
    public static PurposeKeyRotation start(ActorSystem<?> system, Identity identity) {
        return start(system, identity, SecureChannels.get(system).settings().purposeKeyAge());
    }

    /**
     * Starts with another age. The first look at the keys is taken at once.
     *
     * @param system whose scheduler and dispatcher it uses
     * @param identity an identity of this node
     * @param age at which a key is replaced, at least a second; otherwise throws {@link IllegalArgumentException}
     */
    public static PurposeKeyRotation start(ActorSystem<?> system, Identity identity, Duration age) {
        return start(
                system.scheduler(),
                system.dispatchers().lookup(DispatcherSelector.fromConfig(WorkerOptions.DISPATCHER)),
                identity,
                age);
    }

    static PurposeKeyRotation start(
            Scheduler scheduler, ExecutionContextExecutor executor, Identity identity, Duration age) {
        PurposeKeyRotation rotation = new PurposeKeyRotation(scheduler, executor, identity, age);
        rotation.look();
        return rotation;
    }

    private PurposeKeyRotation(
            Scheduler scheduler, ExecutionContextExecutor executor, Identity identity, Duration age) {
        if (age.toSeconds() < 1) {
            throw new IllegalArgumentException("after " + age + " no key is old");
        }
        this.later = new Later(scheduler, executor);
        this.identity = Objects.requireNonNull(identity, "identity");
        this.age = age;
    }

    /** Replaces no more keys, except for what is under way. May be called more than once. */
    public synchronized void stop() {
        stopped = true;
        timer.cancel();
    }

    private void look() {
        var unused = identity.identities().rotatePurposeKeys(identity, age).whenComplete(this::looked);
    }

    private synchronized void looked(@Nullable Duration left, @Nullable Throwable failure) {
        if (stopped) {
            return;
        }
        if (failure != null && !failing) {
            log.warn(
                    "The purpose keys of {} could not be replaced; trying again",
                    identity.identifier(),
                    Failures.unwrapped(failure));
        } else if (failure == null && failing) {
            log.info("The purpose keys of {} are replaced again when they are old", identity.identifier());
        }
        failing = failure != null;
        timer = later.after(left == null || left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : left, this::look);
    }
}
