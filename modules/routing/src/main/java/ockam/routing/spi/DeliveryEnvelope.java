// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.actor.NoSerializationVerificationNeeded;
import akka.annotation.InternalApi;

/**
 * INTERNAL API. A message to an actor that carries a delivery. The receiver settles the delivery. Envelopes whose actor has just stopped
 * are found among Akka's dead letters, and their deliveries are settled as lost.
 */
@InternalApi
public interface DeliveryEnvelope extends NoSerializationVerificationNeeded {
    /** What is carried. */
    Delivery delivery();
}
