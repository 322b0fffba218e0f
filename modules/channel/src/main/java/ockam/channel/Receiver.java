// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.DeliveryEnvelope;
import ockam.wire.Address;

/**
 * The protocol of the worker that lives at a channel's decryptor address: first the {@link Handshaker}, which then becomes the {@link
 * Decryptor} (secure channel, section 1.1).
 */
final class Receiver {
    private Receiver() {}

    /** What the worker understands. */
    sealed interface Command permits Arrived, Opened, Handshaker.Private, Decryptor.Private {}

    /** A handshake message or a frame. */
    record Arrived(Delivery delivery) implements Command, DeliveryEnvelope {}

    /** The channel is open: frames may be decrypted. */
    record Opened(ActorRef<Encryptor.Command> encryptor, Address encryptorAddress) implements Command {}
}
