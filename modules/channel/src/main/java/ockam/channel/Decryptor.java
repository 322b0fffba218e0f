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
import ockam.wire.Identifier;
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

    private record RefreshTaken(
            Credentials.@Nullable Learned learned, @Nullable Throwable failure) implements Private {}

    /** What authorities say about the peer has changed, in this channel or another. */
    private enum AttributesChanged implements Private {
        INSTANCE
    }

    private record AttributesKnown(
            @Nullable Peer peer, @Nullable Throwable failure) implements Private {}

    private final Receiver.Setup setup;
    private final FrameOpener opener;
    private final Identifier peer;
    private List<LocalInfo> localInfo;
    private final Runnable unwatch;
    private final Address peerDecryptor;
    private final ActorRef<Encryptor.Command> encryptor;
    private final Address encryptorAddress;
    private final Idleness idleness;
    private final Refusals refusals;
    private @Nullable Route lastReturnRoute;
    private long lastRouteNonce;
    private SignatureQueue.@Nullable Turn takingRefresh;
    private boolean lookingUp;
    private boolean changedMeanwhile;

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
        this.peer = peer.identifier();
        this.localInfo = List.of(peer);
        this.peerDecryptor = peerDecryptor;
        this.encryptor = opened.encryptor();
        this.encryptorAddress = opened.encryptorAddress();
        this.idleness = opened.idleness();
        this.refusals = new Refusals(setup.nanoTime());
        this.unwatch = setup.credentials().believes() ? watchAttributes() : () -> {};
    }

    /** It may have changed since the handshake. */
    private Runnable watchAttributes() {
        ActorRef<Receiver.Command> self = getContext().getSelf();
        self.tell(AttributesChanged.INSTANCE);
        return identities().watchAttributes(peer, () -> self.tell(AttributesChanged.INSTANCE));
    }

    @Override
    public Receive<Receiver.Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Receiver.Arrived.class, this::arrived)
                .onMessage(RefreshTaken.class, this::refreshTaken)
                .onMessage(AttributesChanged.class, changed -> lookUpAttributes())
                .onMessage(AttributesKnown.class, this::attributesKnown)
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
            if (takingRefresh != null) {
                // One at a time: each costs as many signatures as the history has changes, and one for each credential.
                return drop(arrived, ChannelDropReason.FRAME_CONTENT_UNKNOWN);
            }
            arrived.delivery().release();
            take(refresh);
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

    /** The peer may have rotated its key, and have newer credentials (secure channel, section 5.7). */
    private void take(ChannelMessage.RefreshCredentials refresh) {
        Identities identities = identities();
        SignatureQueue.Turn turn = setup.refreshes().turn(identities.vault().verifying());
        takingRefresh = turn;
        // Whether the peer is named was decided in the handshake, and the repository knows it since.
        PeerTerms terms = new PeerTerms(false, setup.settings().histories(), turn);
        getContext()
                .pipeToSelf(
                        identities
                                .refreshPeer(refresh.changeHistory(), peer, terms)
                                .thenCompose(known ->
                                        setup.credentials().learn(identities, peer, refresh.credentials(), turn)),
                        RefreshTaken::new);
    }

    /** A history that is refused makes the frame one of unknown content; a credential that is, changes nothing. */
    private Behavior<Receiver.Command> refreshTaken(RefreshTaken taken) {
        takingRefresh = null;
        if (taken.learned() == null) {
            setup.decryptor().dropped(ChannelDropReason.FRAME_CONTENT_UNKNOWN);
        } else if (setup.credentials().believes()) {
            taken.learned().logRefused(getContext().getLog());
        }
        return this;
    }

    /** One look-up at a time, so that an earlier one does not answer later. */
    private Behavior<Receiver.Command> lookUpAttributes() {
        if (lookingUp) {
            changedMeanwhile = true;
        } else {
            lookingUp = true;
            getContext().pipeToSelf(setup.credentials().current(identities(), peer), AttributesKnown::new);
        }
        return this;
    }

    private Behavior<Receiver.Command> attributesKnown(AttributesKnown known) {
        lookingUp = false;
        if (known.peer() == null) {
            getContext().getLog().warn("What authorities say about {} could not be looked up", peer, known.failure());
        } else {
            localInfo = List.of(known.peer());
        }
        if (changedMeanwhile) {
            changedMeanwhile = false;
            return lookUpAttributes();
        }
        return this;
    }

    private Identities identities() {
        return setup.identity().identities();
    }

    private Behavior<Receiver.Command> drop(Receiver.Arrived arrived, DropReason reason) {
        arrived.delivery().lost(reason);
        return this;
    }

    private Behavior<Receiver.Command> postStop(PostStop signal) {
        setup.decryptor().close();
        unwatch.run();
        if (takingRefresh != null) {
            takingRefresh.leave();
        }
        opener.erase();
        return this;
    }
}
