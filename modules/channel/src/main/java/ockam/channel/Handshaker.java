// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.channel.HandshakeException.Reason;
import ockam.channel.HandshakeException.Step;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityAndCredentials;
import ockam.identity.SecureChannelKey;
import ockam.identity.TrustPolicy;
import ockam.routing.Peer;
import ockam.routing.SendResult;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.Endpoint;
import ockam.routing.spi.Router;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import ockam.wire.internal.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of one side of a channel as a state machine (secure channel, sections 2.3 and 3.1 to 3.3), one method for each state:
 *
 * <pre>
 * initiator: preparing, writingMessage1, awaitingMessage2, readingMessage2, judgingResponder, writingMessage3, opening
 * responder: preparing, awaitingMessage1, writingMessage2, awaitingMessage3, readingMessage3, judgingInitiator, opening
 * </pre>
 *
 * <p>Curve work runs elsewhere and comes back as a message; what arrives meanwhile waits. A message that is not the expected
 * one is dropped and changes nothing; one that is authentic but brings an unacceptable peer ends the handshake. In the end the same actor
 * becomes the {@link Decryptor}.
 */
final class Handshaker {
    /** What only the actor itself sends. */
    sealed interface Private extends Receiver.Command {}

    private record KeyReady(SecureChannelKey key) implements Private {}

    private record MessageWritten(ByteString message) implements Private {}

    private record MessageRead(ByteString payload) implements Private {}

    private record MessageRefused(Receiver.Arrived message) implements Private {}

    private record PeerVerified(Identifier identifier) implements Private {}

    private record Failed(HandshakeException failure) implements Private {}

    private enum TimedOut implements Private {
        INSTANCE
    }

    /**
     * What does not change during the handshake.
     *
     * @param role which side this is
     * @param router the node
     * @param remote where the peer's messages arrive, and from where handshake messages are sent
     * @param internal from where decrypted messages are forwarded
     * @param identity who this side is
     * @param policy who the peer may be
     * @param timeout for the whole handshake
     * @param settings bounds
     * @param parent who is told how it ends
     */
    record Setup(
            Role role,
            Router router,
            Endpoint remote,
            Endpoint internal,
            Identity identity,
            TrustPolicy policy,
            Duration timeout,
            SecureChannelSettings settings,
            ActorRef<SecureChannelActor.Command> parent) {}

    private static final byte[] NO_PAYLOAD = new byte[0];

    private final ActorContext<Receiver.Command> context;
    private final TimerScheduler<Receiver.Command> timers;
    private final Setup setup;
    /**
     * Came while something was computed, and has not been looked at. Bounded like the mailbox it comes from, by the permits that its
     * messages hold.
     */
    private final StashBuffer<Receiver.Command> pending;
    /** Was looked at and is not message 3, so it may be a frame that overtook it. */
    private final EarlyFrames overtaking;

    private @Nullable NoiseHandshake noise;
    private @Nullable SecureChannelKey key;
    /** The peer's message that is being read or answered; its permit goes on to the answer. */
    private @Nullable Delivery answering;

    /** The side that sends message 1, along the given route. */
    static Behavior<Receiver.Command> initiator(Setup setup, Route route) {
        return create(setup, handshaker -> handshaker.preparing(() -> handshaker.writingMessage1(route)));
    }

    /** The side that waits for message 1. */
    static Behavior<Receiver.Command> responder(Setup setup) {
        return create(setup, handshaker -> handshaker.preparing(handshaker::awaitingMessage1));
    }

    private static Behavior<Receiver.Command> create(
            Setup setup, Function<Handshaker, Behavior<Receiver.Command>> start) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> Behaviors.withStash(
                Integer.MAX_VALUE,
                pending -> Behaviors.withStash(
                        setup.settings().earlyFrames(),
                        overtaking -> start.apply(new Handshaker(context, timers, setup, pending, overtaking))))));
    }

    private Handshaker(
            ActorContext<Receiver.Command> context,
            TimerScheduler<Receiver.Command> timers,
            Setup setup,
            StashBuffer<Receiver.Command> pending,
            StashBuffer<Receiver.Command> overtaking) {
        this.context = context;
        this.timers = timers;
        this.setup = setup;
        this.pending = pending;
        this.overtaking = new EarlyFrames(overtaking, setup.settings().earlyFrameBytes());
        timers.startSingleTimer(TimedOut.INSTANCE, setup.timeout());
    }

    // ---- both sides ----

    /** Own keys are fetched, or made and attested. */
    private Behavior<Receiver.Command> preparing(Supplier<Behavior<Receiver.Command>> next) {
        pipe(Step.PREPARE, identities().secureChannelKey(setup.identity()), KeyReady::new);
        return waiting(Step.PREPARE)
                .onMessage(KeyReady.class, ready -> {
                    key = ready.key();
                    noise = new NoiseHandshake(
                            identities().vault().secureChannels(),
                            setup.role(),
                            ready.key().key());
                    return next.get();
                })
                .build();
    }

    /** The parent makes the encryptor and opens the channel. */
    private Behavior<Receiver.Command> opening(Peer peer, Route remoteRoute) {
        timers.cancel(TimedOut.INSTANCE);
        if (answering != null) {
            answering.release();
        }
        SessionKeys keys = noise().split();
        setup.parent().tell(new SecureChannelActor.HandshakeDone(keys.sealing(), peer, remoteRoute));
        FrameOpener opener = new FrameOpener(keys.opening());
        return Behaviors.receive(Receiver.Command.class)
                .onMessage(Receiver.Arrived.class, this::keep)
                .onMessage(Receiver.Opened.class, opened -> {
                    Behavior<Receiver.Command> decryptor =
                            new Decryptor(context, setup, opener, peer, remoteRoute.recipient(), opened);
                    try {
                        return pending.unstashAll(overtaking.replayTo(decryptor));
                    } catch (RuntimeException e) {
                        endMessages(); // the decryptor, which ends with this, knows nothing of the rest
                        throw e;
                    }
                })
                .onSignal(PostStop.class, stop -> {
                    endMessages();
                    opener.erase();
                    return Behaviors.same();
                })
                .build();
    }

    /** Over; the parent has been told and will stop this actor. */
    private Behavior<Receiver.Command> failed() {
        timers.cancel(TimedOut.INSTANCE);
        return Behaviors.receive(Receiver.Command.class)
                .onMessage(Receiver.Arrived.class, this::refuse)
                .onMessage(Private.class, late -> Behaviors.same())
                .onSignal(PostStop.class, this::destroy)
                .build();
    }

    // ---- initiator ----

    private Behavior<Receiver.Command> writingMessage1(Route route) {
        pipe(Step.MESSAGE_1, noise().write(NO_PAYLOAD), Handshaker::written);
        return waiting(Step.MESSAGE_1)
                .onMessage(
                        MessageWritten.class,
                        written -> sent(Step.MESSAGE_1, route, written.message(), this::awaitingMessage2))
                .build();
    }

    private Behavior<Receiver.Command> awaitingMessage2() {
        return expecting(Step.MESSAGE_2, this::readingMessage2);
    }

    private Behavior<Receiver.Command> readingMessage2(Receiver.Arrived message2) {
        return reading(
                Step.MESSAGE_2,
                message2,
                payload -> judgingPeer(
                        Step.MESSAGE_2,
                        payload,
                        peer -> writingMessage3(
                                peer, message2.delivery().message().returnRoute())),
                refused -> {
                    refuse(refused);
                    return awaitingMessage2();
                });
    }

    private Behavior<Receiver.Command> writingMessage3(Peer peer, Route remoteRoute) {
        pipe(Step.MESSAGE_3, writingOwnPayload(), Handshaker::written);
        return waiting(Step.MESSAGE_3)
                .onMessage(
                        MessageWritten.class,
                        written ->
                                sent(Step.MESSAGE_3, remoteRoute, written.message(), () -> opening(peer, remoteRoute)))
                .build();
    }

    // ---- responder ----

    private Behavior<Receiver.Command> awaitingMessage1() {
        return expecting(Step.MESSAGE_1, this::writingMessage2);
    }

    /** Message 2 goes back the way that message 1 came; that is the remote route from now on. */
    private Behavior<Receiver.Command> writingMessage2(Receiver.Arrived message1) {
        Route remoteRoute = message1.delivery().message().returnRoute();
        answering = message1.delivery();
        pipe(
                Step.MESSAGE_2,
                noise().read(bytes(message1)).thenCompose(payload -> writingOwnPayload()),
                Handshaker::written);
        return waiting(Step.MESSAGE_2)
                .onMessage(
                        MessageWritten.class,
                        written -> sent(Step.MESSAGE_2, remoteRoute, written.message(), () -> {
                            setup.parent().tell(SecureChannelActor.AwaitingMessage3.INSTANCE);
                            return awaitingMessage3(remoteRoute);
                        }))
                .build();
    }

    private Behavior<Receiver.Command> awaitingMessage3(Route remoteRoute) {
        return expecting(Step.MESSAGE_3, message -> readingMessage3(message, remoteRoute));
    }

    private Behavior<Receiver.Command> readingMessage3(Receiver.Arrived message3, Route remoteRoute) {
        return reading(
                Step.MESSAGE_3,
                message3,
                payload -> judgingPeer(Step.MESSAGE_3, payload, peer -> opening(peer, remoteRoute)),
                refused -> {
                    if (!overtaking.keep(refused)) {
                        refused.delivery().lost(ChannelDropReason.TOO_MANY_EARLY_FRAMES);
                    }
                    return awaitingMessage3(remoteRoute);
                });
    }

    // ---- parts of states ----

    /** A state that waits for a result, and keeps what arrives until then. */
    private BehaviorBuilder<Receiver.Command> waiting(Step step) {
        return ending(step).onMessage(Receiver.Arrived.class, this::keep);
    }

    /**
     * A state that waits for a message of the peer, beginning with what arrived before. Takes one at a time: whatever state comes next
     * would only keep the others again.
     */
    private Behavior<Receiver.Command> expecting(
            Step step, Function<Receiver.Arrived, Behavior<Receiver.Command>> take) {
        return pending.unstash(
                ending(step).onMessage(Receiver.Arrived.class, take::apply).build(), 1, message -> message);
    }

    private BehaviorBuilder<Receiver.Command> ending(Step step) {
        return Behaviors.receive(Receiver.Command.class)
                .onMessage(Failed.class, failed -> fail(failed.failure()))
                .onMessage(TimedOut.class, timeout -> fail(new HandshakeException(step, Reason.TIMED_OUT)))
                .onSignal(PostStop.class, this::destroy);
    }

    private Behavior<Receiver.Command> reading(
            Step step,
            Receiver.Arrived message,
            Function<ByteString, Behavior<Receiver.Command>> take,
            Function<Receiver.Arrived, Behavior<Receiver.Command>> refused) {
        answering = message.delivery();
        context.pipeToSelf(noise().read(bytes(message)), (payload, failure) -> {
            if (failure == null) {
                return new MessageRead(Bytes.wrap(payload));
            }
            return HandshakeFailures.isOfTheMessage(failure)
                    ? new MessageRefused(message)
                    : new Failed(HandshakeFailures.of(step, failure));
        });
        return waiting(step)
                .onMessage(MessageRead.class, read -> take.apply(read.payload()))
                .onMessage(MessageRefused.class, refusal -> {
                    answering = null;
                    return refused.apply(refusal.message());
                })
                .build();
    }

    /** History, attestation and trust policy, in the order of secure channel, section 3.3; credentials are passed over. */
    private Behavior<Receiver.Command> judgingPeer(
            Step step, ByteString payload, Function<Peer, Behavior<Receiver.Command>> accepted) {
        if (!(IdentityAndCredentials.decode(payload) instanceof Decoded.Value<IdentityAndCredentials> received)) {
            return fail(new HandshakeException(step, Reason.PAYLOAD_MALFORMED));
        }
        pipe(step, identities().verifyPeer(received.value(), noise().remoteStatic()), PeerVerified::new);
        return waiting(step)
                .onMessage(PeerVerified.class, verified -> {
                    boolean trusted;
                    try {
                        trusted = setup.policy().trusts(verified.identifier());
                    } catch (RuntimeException e) {
                        return fail(HandshakeFailures.of(step, e));
                    }
                    return trusted
                            ? accepted.apply(new Peer(verified.identifier()))
                            : fail(new HandshakeException(step, Reason.POLICY_REFUSED));
                })
                .build();
    }

    /** Handshake messages carry the sender's decryptor as return route (secure channel, section 3.1). */
    private Behavior<Receiver.Command> sent(
            Step step, Route route, ByteString message, Supplier<Behavior<Receiver.Command>> next) {
        LocalMessage out = LocalMessage.of(route, Route.of(setup.remote().address()), message);
        SendResult result = answering == null
                ? setup.router().send(setup.remote(), out)
                : setup.router().send(setup.remote(), out, answering);
        return result instanceof SendResult.Refused refused
                ? fail(new HandshakeException(step, refused.reason()))
                : next.get();
    }

    private Behavior<Receiver.Command> fail(HandshakeException failure) {
        setup.parent().tell(new SecureChannelActor.HandshakeFailed(failure));
        return failed();
    }

    private Behavior<Receiver.Command> keep(Receiver.Arrived arrived) {
        pending.stash(arrived);
        return Behaviors.same();
    }

    private Behavior<Receiver.Command> refuse(Receiver.Arrived arrived) {
        arrived.delivery().lost(ChannelDropReason.HANDSHAKE_MESSAGE_REFUSED);
        return Behaviors.same();
    }

    private Behavior<Receiver.Command> destroy(PostStop signal) {
        endMessages();
        if (noise != null) {
            noise.destroy();
        }
        return Behaviors.same();
    }

    private static Private written(byte[] message) {
        return new MessageWritten(Bytes.wrap(message));
    }

    /** Gives back the permits of everything that nobody will look at any more. */
    private void endMessages() {
        setup.remote().registration().close();
        if (answering != null) {
            answering.release();
        }
        EarlyFrames.discard(pending);
        overtaking.discard();
    }

    private <T> void pipe(Step step, CompletionStage<T> stage, Function<T, Private> result) {
        context.pipeToSelf(
                stage,
                (value, failure) ->
                        failure == null ? result.apply(value) : new Failed(HandshakeFailures.of(step, failure)));
    }

    /** A payload that cannot be encoded, since it is too long, is a failure of the stage too. */
    private CompletionStage<byte[]> writingOwnPayload() {
        return CompletableFuture.completedStage(required(key))
                .thenCompose(
                        own -> noise().write(Bytes.array(own.show(List.of()).encode())));
    }

    private static byte[] bytes(Receiver.Arrived arrived) {
        return Bytes.array(arrived.delivery().message().payload());
    }

    private Identities identities() {
        return setup.identity().identities();
    }

    private NoiseHandshake noise() {
        return required(noise);
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value, "not prepared yet");
    }
}
