// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import ockam.wire.internal.Failures;

/**
 * INTERNAL API. What a node makes of an exception or error that the application's code throws on one of its threads: a codec, an access
 * control, a worker. What strangers send can lead there, so it must end neither the JVM nor what else runs on that thread.
 */
@InternalApi
public final class UserCode {

    private UserCode() {}

    /** Does what {@link Failures#rethrowIfFatal} does. */
    public static void rethrowIfFatal(Throwable thrown) {
        Failures.rethrowIfFatal(thrown);
    }
}
