// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import ockam.identity.Identity;
import ockam.identity.TrustPolicy;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.DeliveryEnvelope;
import ockam.routing.spi.Endpoint;
import ockam.wire.Address;

/**
 * The protocol of the worker that lives at a channel's decryptor address: first the {@link Handshaker}, which then becomes the {@link
 * Decryptor} (secure channel, section 1.1).
 */
final class Receiver {
    private Receiver() {}

    /**
     * What does not change as long as the worker lives.
     *
     * @param role which side this is
     * @param decryptor where the peer's messages arrive, and from where handshake messages are sent
     * @param internal from where decrypted messages are forwarded
     * @param identity who this side is
     * @param ownHistories reads the newest history of that identity
     * @param policy who the peer may be
     * @param credentials what this side presents, and whose word about the peer counts
     * @param timeout of the handshake as a whole
     * @param settings the bounds
     * @param strangers verifies the signatures of peers that are not known yet
     * @param refreshes verifies the signatures of newer histories and credentials
     * @param catchUpKeys keys that may be derived for frames too far ahead
     * @param isNews whether something of this kind, which strangers or a store that fails can cause again and again, is to be logged now
     * @param nanoTime the clock
     * @param parent the actor that is told how it ends
     */
    record Setup(
            Role role,
            Endpoint decryptor,
            Endpoint internal,
            Identity identity,
            OwnHistories ownHistories,
            TrustPolicy policy,
            Credentials credentials,
            Duration timeout,
            SecureChannelSettings settings,
            SignatureQueue strangers,
            SignatureQueue refreshes,
            RateLimit catchUpKeys,
            Predicate<String> isNews,
            LongSupplier nanoTime,
            ActorRef<SecureChannelActor.Command> parent) {}

    /** What the worker understands. */
    sealed interface Command extends NoSerializationVerificationNeeded
            permits Arrived, Opened, Handshaker.Private, Decryptor.Private {}

    /** A handshake message or a frame. */
    record Arrived(Delivery delivery) implements Command, DeliveryEnvelope {}

    /** The channel is open: frames may be decrypted, and each authentic one is noted as use. */
    record Opened(ActorRef<Encryptor.Command> encryptor, Address encryptorAddress, Idleness idleness)
            implements Command {}
}
