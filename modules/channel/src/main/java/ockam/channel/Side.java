// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import java.util.concurrent.CompletableFuture;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.FlowControls;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.Router;
import ockam.wire.Address;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What differs between the two ends of a channel: how it begins, and who is told how it goes on. */
sealed interface Side {
    Role role();

    /** The handshake of this side. */
    Behavior<Receiver.Command> handshaker(Receiver.Setup setup);

    /** Opens the decryptor to what may bring in the peer's messages. */
    void letIn(FlowControls flowControls, Address decryptor);

    /** The channel is set up, and whoever wants it gets it. */
    void handOver(SecureChannel opened, Router router);

    /** It will not be handed over. Called on any thread, perhaps more than once. */
    default void notHandedOver(HandshakeException why, Router router) {}

    /** The id of the listener, if there is one. */
    default @Nullable FlowControlId spawnerId() {
        return null;
    }

    /** What may be sent to the other side. */
    default AccessControl outgoing() {
        return AccessControl.allowAll();
    }

    /** Message 2 is on its way. */
    default void awaitingMessage3(ActorRef<SecureChannelActor.Command> channel) {}

    /** The handshake is over. */
    default void settled(ActorRef<SecureChannelActor.Command> channel) {}

    /** Whether there is room for an open channel. */
    default boolean admit(SecureChannel opened) {
        return true;
    }

    /** The channel is open no more. */
    default void forget(SecureChannel opened) {}

    /** Counts what the peer has sent in vain. */
    default void dropped(ChannelDropReason reason, Router router) {}

    /** The handshake has failed, of which the peer is not told. */
    default void failed(HandshakeException why, Router router, Logger log) {}

    /** Sends along a route; a caller waits for the result, perhaps on behalf of an actor that the channel will belong to. */
    record Initiator(
            Route route, AccessControl outgoing, @Nullable ActorRef<?> owner, CompletableFuture<SecureChannel> promise)
            implements Side {
        @Override
        public Role role() {
            return Role.INITIATOR;
        }

        @Override
        public Behavior<Receiver.Command> handshaker(Receiver.Setup setup) {
            return Handshaker.initiator(setup, route);
        }

        @Override
        public void letIn(FlowControls flowControls, Address decryptor) {
            Encryptor.letAnswersIn(flowControls, decryptor, route);
        }

        @Override
        public void handOver(SecureChannel opened, Router router) {
            router.callbacks().execute(() -> {
                if (!promise.complete(opened)) {
                    // The caller has given up in the meantime, and would never close the channel.
                    var unused = opened.close();
                }
            });
        }

        @Override
        public void notHandedOver(HandshakeException why, Router router) {
            router.callbacks().execute(() -> promise.completeExceptionally(why));
        }
    }

    /** Was started by a first message; the listener is told how it proceeds. */
    record Responder(Delivery message1, Listener.Setup listener, ActorRef<Listener.Command> actor) implements Side {
        @Override
        public Role role() {
            return Role.RESPONDER;
        }

        @Override
        public Behavior<Receiver.Command> handshaker(Receiver.Setup setup) {
            return Handshaker.responder(setup);
        }

        /** From wherever the listener can be reached, even after the initiator has changed its route. */
        @Override
        public void letIn(FlowControls flowControls, Address decryptor) {
            flowControls.consumedBy(listener.address()).forEach(id -> flowControls.addConsumer(decryptor, id));
        }

        @Override
        public void handOver(SecureChannel opened, Router router) {
            actor.tell(new Listener.Accepted(opened));
        }

        @Override
        public FlowControlId spawnerId() {
            return listener.flowControlId();
        }

        @Override
        public AccessControl outgoing() {
            return listener.options().access().outgoing();
        }

        @Override
        public void awaitingMessage3(ActorRef<SecureChannelActor.Command> channel) {
            actor.tell(new Listener.AwaitingMessage3(channel));
        }

        @Override
        public void settled(ActorRef<SecureChannelActor.Command> channel) {
            actor.tell(new Listener.Settled(channel));
        }

        @Override
        public boolean admit(SecureChannel opened) {
            return listener.open().admit(opened);
        }

        @Override
        public void forget(SecureChannel opened) {
            listener.open().remove(opened);
        }

        @Override
        public void dropped(ChannelDropReason reason, Router router) {
            router.drops().dropped(reason, listener.address());
        }

        /** The other side sees an open channel on which nothing arrives, so this is the only place that can say why. */
        @Override
        public void failed(HandshakeException why, Router router, Logger log) {
            why.refused()
                    .filter(peer -> router.isNews("refused peer"))
                    .ifPresent(peer -> log.warn(
                            "{} refused a peer: {}; a policy that accepts it is TrustPolicy.identifier(Identifier.parse(\"{}\"))",
                            NodeLog.text(listener.address()),
                            why.getMessage(),
                            peer));
            if (why.reason() == HandshakeException.Reason.CREDENTIAL_UNAVAILABLE
                    && router.isNews("credential unavailable")) {
                log.warn("{} has no credential to present: {}", NodeLog.text(listener.address()), why.getMessage());
            }
        }
    }
}
