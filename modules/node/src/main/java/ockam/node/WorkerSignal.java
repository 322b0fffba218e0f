// SPDX-License-Identifier: Apache-2.0

package ockam.node;

/** What the node itself sends to the actor of a worker; everything else that reaches the actor is the worker's own. */
sealed interface WorkerSignal permits Delivery, WorkerSignal.Stop {
    /** Stop after what is in the queue. */
    enum Stop implements WorkerSignal {
        INSTANCE
    }
}
