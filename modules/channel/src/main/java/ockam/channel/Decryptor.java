// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Receive;
import java.util.List;
import ockam.identity.Identities;
import ockam.identity.PeerTerms;
import ockam.routing.DropReason;
import ockam.routing.Peer;
import ockam.routing.spi.Delivery;
import ockam.wire.Address;
import ockam.wire.Decoded;
import ockam.wire.LocalInfo;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import ockam.wire.internal.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of an open channel: opens frames and forwards what they carry, as coming from the peer (secure channel, section 6.2).
 * A frame that is refused changes nothing and gets no reply. An exception stops it, and with it the channel.
 */
final class Decryptor extends AbstractBehavior<Receiver.Command> {
    /** What the actor sends only to itself. */
    sealed interface Private extends Receiver.Command {}

    private record HistoryTaken(@Nullable Throwable failure) implements Private {}

    private final Receiver.Setup setup;
    private final FrameOpener opener;
    private final Peer peer;
    private final List<LocalInfo> localInfo;
    private final Address peerDecryptor;
    private final ActorRef<Encryptor.Command> encryptor;
    private final Address encryptorAddress;
    private final Idleness idleness;
    private final Refusals refusals;
    private @Nullable Route lastReturnRoute;
    private long lastRouteNonce;
    private SignatureQueue.@Nullable Turn takingHistory;

    Decryptor(
            ActorContext<Receiver.Command> context,
            Receiver.Setup setup,
            FrameOpener opener,
            Peer peer,
            Address peerDecryptor,
            Receiver.Opened opened) {
        super(context);
        this.setup = setup;
        this.opener = opener;
        this.peer = peer;
        this.localInfo = List.of(peer);
        this.peerDecryptor = peerDecryptor;
        this.encryptor = opened.encryptor();
        this.encryptorAddress = opened.encryptorAddress();
        this.idleness = opened.idleness();
        this.refusals = new Refusals(setup.nanoTime());
    }

    @Override
    public Receive<Receiver.Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Receiver.Arrived.class, this::arrived)
                .onMessage(HistoryTaken.class, this::historyTaken)
                .onSignal(PostStop.class, this::postStop)
                .build();
    }

    private Behavior<Receiver.Command> arrived(Receiver.Arrived arrived) {
        try {
            return decrypt(arrived);
        } catch (RuntimeException e) {
            arrived.delivery().lost(ChannelDropReason.CHANNEL_CLOSED); // this exception ends the channel
            throw e;
        }
    }

    private Behavior<Receiver.Command> decrypt(Receiver.Arrived arrived) {
        LocalMessage message = arrived.delivery().message();
        byte[] frame = Bytes.array(message.payload());
        byte[] plaintext = opener.open(frame);
        if (plaintext == null) {
            if (refusals.refused()) {
                setup.parent().tell(SecureChannelActor.InStep.NO);
            }
            return drop(arrived, ChannelDropReason.FRAME_REFUSED);
        }
        if (refusals.accepted()) {
            setup.parent().tell(SecureChannelActor.InStep.YES);
        }
        idleness.received();
        if (!(ChannelMessage.decode(plaintext) instanceof Decoded.Value<ChannelMessage> decoded)) {
            return drop(arrived, ChannelDropReason.FRAME_CONTENT_UNKNOWN);
        }
        if (decoded.value() instanceof ChannelMessage.Payload payload) {
            followRoute(message.returnRoute(), Frames.nonceOf(frame));
            forward(payload, arrived.delivery());
        } else if (decoded.value() instanceof ChannelMessage.RefreshCredentials refresh) {
            if (takingHistory != null) {
                // One at a time: each costs as many signatures as the history has changes.
                return drop(arrived, ChannelDropReason.FRAME_CONTENT_UNKNOWN);
            }
            arrived.delivery().release();
            takeHistory(refresh);
        } else {
            arrived.delivery().release();
            setup.parent().tell(SecureChannelActor.PeerClosed.INSTANCE);
        }
        return this;
    }

    /** Local info is exactly one entry, the peer; that of the outer message is dropped (secure channel, section 6.2). */
    private void forward(ChannelMessage.Payload payload, Delivery frame) {
        frame.sendOrDrop(
                setup.internal(),
                new LocalMessage(
                        payload.onwardRoute(),
                        payload.returnRoute().prepend(encryptorAddress),
                        payload.payload(),
                        localInfo));
    }

    /**
     * A responder replies along the route by which the newest payload came; late frames and the very first one do not count (secure
     * channel, section 6.3).
     */
    private void followRoute(Route returnRoute, long nonce) {
        if (setup.role() == Role.INITIATOR || Long.compareUnsigned(nonce, lastRouteNonce) <= 0) {
            return;
        }
        lastRouteNonce = nonce;
        if (lastReturnRoute == null || !returnRoute.equals(lastReturnRoute)) {
            lastReturnRoute = returnRoute;
            encryptor.tell(new Encryptor.RouteChanged(returnRoute.append(peerDecryptor)));
        }
    }

    /** The peer may have rotated its key; its credentials are ignored (secure channel, section 5.7). */
    private void takeHistory(ChannelMessage.RefreshCredentials refresh) {
        Identities identities = setup.identity().identities();
        SignatureQueue.Turn turn = setup.refreshes().turn(identities.vault().verifying());
        takingHistory = turn;
        // Whether the peer is named was decided in the handshake, and the repository knows it since.
        PeerTerms terms = new PeerTerms(false, setup.settings().histories(), turn);
        getContext()
                .pipeToSelf(
                        identities.refreshPeer(refresh.changeHistory(), peer.identifier(), terms),
                        (history, failure) -> new HistoryTaken(failure));
    }

    private Behavior<Receiver.Command> historyTaken(HistoryTaken taken) {
        takingHistory = null;
        if (taken.failure() != null) {
            setup.decryptor().dropped(ChannelDropReason.FRAME_CONTENT_UNKNOWN);
        }
        return this;
    }

    private Behavior<Receiver.Command> drop(Receiver.Arrived arrived, DropReason reason) {
        arrived.delivery().lost(reason);
        return this;
    }

    private Behavior<Receiver.Command> postStop(PostStop signal) {
        setup.decryptor().close();
        if (takingHistory != null) {
            takingHistory.leave();
        }
        opener.erase();
        return this;
    }
}
