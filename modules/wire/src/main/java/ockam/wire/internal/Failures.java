// SPDX-License-Identifier: Apache-2.0

package ockam.wire.internal;

import akka.annotation.InternalApi;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What lies behind the failure of a stage. */
@InternalApi
public final class Failures {

    private Failures() {}

    /** The failure itself, out of as many {@link CompletionException} and {@link ExecutionException} as are around it. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }
}
