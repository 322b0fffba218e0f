// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.actor.NoSerializationVerificationNeeded;
import akka.annotation.InternalApi;

/**
 * INTERNAL API. What the node itself tells an actor that lives at an address, such as a {@link Delivery}; everything else that reaches the
 * actor is its own.
 */
@InternalApi
public interface NodeSignal extends NoSerializationVerificationNeeded {}
