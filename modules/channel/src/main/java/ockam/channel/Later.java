// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.Cancellable;
import akka.actor.typed.Scheduler;
import java.time.Duration;
import scala.concurrent.ExecutionContextExecutor;

/**
 * The timers of an actor system, for what is no actor.
 *
 * @param scheduler of the actor system
 * @param executor runs what is due
 */
record Later(Scheduler scheduler, ExecutionContextExecutor executor) {
    /** Does something after this time, at once if it is negative; never, if the actor system has terminated. */
    Cancellable after(Duration wait, Runnable work) {
        try {
            return scheduler.scheduleOnce(wait.isNegative() ? Duration.ZERO : wait, work, executor);
        } catch (IllegalStateException e) {
            return Cancellable.alreadyCancelled(); // the actor system has terminated
        }
    }
}
