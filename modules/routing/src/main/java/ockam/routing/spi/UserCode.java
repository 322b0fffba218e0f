// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;

/**
 * INTERNAL API. What a node makes of an exception or error that the application's code throws on one of its threads: a codec, an access
 * control, a worker. What strangers send can lead there, so it must end neither the JVM nor what else runs on that thread.
 */
@InternalApi
public final class UserCode {

    private UserCode() {}

    /**
     * Rethrows an error that the JVM may not survive, such as a lack of memory. A stack overflow is none of them: it ends with the call that
     * went too deep.
     */
    public static void rethrowIfFatal(Throwable thrown) {
        if (thrown instanceof VirtualMachineError fatal && !(thrown instanceof StackOverflowError)) {
            throw fatal;
        }
    }
}
