// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;

/**
 * INTERNAL API. A message to an actor that carries a delivery. Whoever gets one settles the delivery; those that reach nobody, because
 * their actor has just stopped, are found among Akka's dead letters and released.
 */
@InternalApi
public interface DeliveryEnvelope {
    /** What is carried. */
    Delivery delivery();
}
