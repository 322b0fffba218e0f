// SPDX-License-Identifier: Apache-2.0

package ockam.wire.internal;

import akka.annotation.InternalApi;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Finds the cause of a stage's failure, and tells what can be survived. */
@InternalApi
public final class Failures {

    private Failures() {}

    /** Returns the failure itself, without any {@link CompletionException} and {@link ExecutionException} around it. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /**
     * Rethrows an error that the JVM may not survive, such as a lack of memory. A stack overflow is none of them: it ends with the call that
     * went too deep.
     *
     * <p>For what the application's code throws on a thread of ours: a codec, an access control, a worker. What strangers send can lead there, so
     * it must end neither the JVM nor what else runs on that thread.
     */
    public static void rethrowIfFatal(Throwable thrown) {
        if (thrown instanceof VirtualMachineError fatal && !(thrown instanceof StackOverflowError)) {
            throw fatal;
        }
    }
}
