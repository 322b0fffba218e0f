// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.util.List;
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

    private record OfRefreshes(TakenRefreshes.Event event) implements Private {}

    private record OfAttributes(AttributeLookUps.Event event) implements Private {}

    private final Receiver.Setup setup;
    private final FrameOpener opener;
    private final TakenRefreshes<Receiver.Command> refreshes;
    private final AttributeLookUps<Receiver.Command> attributes;
    /** The peer, with what authorities say about it. */
    private List<LocalInfo> localInfo;

    private final Address peerDecryptor;
    private final ActorRef<Encryptor.Command> encryptor;
    private final Address encryptorAddress;
    private final Idleness idleness;
    private final Refusals refusals;
    private @Nullable Route lastReturnRoute;
    private long lastRouteNonce;

    /** With whether the policy names the peer, and with the rotations of authorities since it was learned what they say; it ends these. */
    Decryptor(
            ActorContext<Receiver.Command> context,
            TimerScheduler<Receiver.Command> timers,
            Receiver.Setup setup,
            FrameOpener opener,
            Peer peer,
            boolean named,
            Rotations sinceLearned,
            Address peerDecryptor,
            Receiver.Opened opened) {
        super(context);
        this.setup = setup;
        this.opener = opener;
        this.refreshes = new TakenRefreshes<>(context, timers, OfRefreshes::new, setup, peer.identifier(), named);
        this.attributes = new AttributeLookUps<>(context, timers, OfAttributes::new, setup, peer);
        this.localInfo = List.of(peer);
        this.peerDecryptor = peerDecryptor;
        this.encryptor = opened.encryptor();
        this.encryptorAddress = opened.encryptorAddress();
        this.idleness = opened.idleness();
        this.refusals = new Refusals(setup.nanoTime());
        attributes.begin(sinceLearned, this::known);
    }

    @Override
    public Receive<Receiver.Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Receiver.Arrived.class, this::arrived)
                .onMessage(OfRefreshes.class, this::ofRefreshes)
                .onMessage(OfAttributes.class, this::ofAttributes)
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
            if (plaintext.length > TakenRefreshes.MAX_LENGTH) {
                return drop(arrived, ChannelDropReason.FRAME_CONTENT_UNKNOWN);
            }
            arrived.delivery().release();
            refreshes.take(refresh);
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

    private Behavior<Receiver.Command> ofRefreshes(OfRefreshes of) {
        refreshes.handle(of.event(), () -> attributes.changed(this::known));
        return this;
    }

    private Behavior<Receiver.Command> ofAttributes(OfAttributes of) {
        attributes.handle(of.event(), this::known);
        return this;
    }

    private void known(Peer peer) {
        if (!localInfo.equals(List.of(peer))) {
            localInfo = List.of(peer);
            setup.parent().tell(new SecureChannelActor.PeerKnown(peer));
        }
    }

    private Behavior<Receiver.Command> drop(Receiver.Arrived arrived, DropReason reason) {
        arrived.delivery().lost(reason);
        return this;
    }

    private Behavior<Receiver.Command> postStop(PostStop signal) {
        end();
        return this;
    }

    /** Gives back everything; may be called again. For whoever made it and cannot make it the actor's behavior. */
    void end() {
        attributes.end();
        refreshes.end();
        setup.decryptor().close();
        opener.erase();
    }
}
