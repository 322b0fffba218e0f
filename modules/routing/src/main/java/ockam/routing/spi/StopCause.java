// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;

/** INTERNAL API. Why the holder of an address has to stop. */
@InternalApi
public enum StopCause {
    /** One of its addresses was stopped. */
    STOPPED,
    /** The whole node stops. */
    NODE_STOPPING
}
