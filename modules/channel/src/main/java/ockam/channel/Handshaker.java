// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.util.ByteString;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.channel.HandshakeException.Reason;
import ockam.channel.HandshakeException.Step;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Identities;
import ockam.identity.IdentityAndCredentials;
import ockam.identity.PeerTerms;
import ockam.identity.SecureChannelKey;
import ockam.identity.TrustPolicy.Expectation;
import ockam.identity.VerifiedPeer;
import ockam.routing.Peer;
import ockam.routing.SendResult;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.NodeLog;
import ockam.vault.VaultException;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import ockam.wire.internal.Bytes;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of one side of a channel as a state machine (secure channel, sections 2.3 and 3.1 to 3.3), one method for each state:
 *
 * <pre>
 * initiator: preparing, writingMessage1, awaitingMessage2, readingMessage2, judgingPeer, acceptingPeer, learning, writingMessage3, opening
 * responder: preparing, awaitingMessage1, writingMessage2, awaitingMessage3, readingMessage3, judgingPeer, acceptingPeer, learning, opening
 * </pre>
 *
 * <p>Work on keys and signatures runs elsewhere, and its result comes back as a message; what arrives in the meantime waits. A message that
 * is not the expected one changes nothing: it is dropped, or kept as an early frame; only an unusable first message ends its responder. A
 * message that is authentic but brings an unacceptable peer ends the handshake. In the end the same actor becomes the {@link Decryptor}.
 */
final class Handshaker {
    /** What the actor sends only to itself. */
    sealed interface Private extends Receiver.Command {}

    private record KeyReady(SecureChannelKey key) implements Private {}

    private record MessageWritten(ByteString message) implements Private {}

    private record PayloadWritten(ByteString message, List<CredentialAndPurposeKey> shown) implements Private {}

    private record MessageRead(ByteString payload) implements Private {}

    private record MessageRefused(Receiver.Arrived message) implements Private {}

    private record PeerVerified(VerifiedPeer peer) implements Private {}

    private record PeerAccepted(Identifier identifier) implements Private {}

    private record PeerLearned(Credentials.Learned learned) implements Private {}

    private record Failed(HandshakeException failure) implements Private {}

    private enum TimedOut implements Private {
        INSTANCE
    }

    /**
     * What a state has once this side's key is ready.
     *
     * @param noise the handshake so far
     * @param key this side's key, with what proves it
     * @param answering the peer's message that is being read or replied to, if any; the reply takes over its permit
     */
    private record Talk(
            NoiseHandshake noise,
            SecureChannelKey key,
            @Nullable Delivery answering) {
        Talk answering(Delivery message) {
            return new Talk(noise, key, message);
        }

        /** Gives back the permit of the peer's message, unless a reply has taken it over. */
        void release() {
            if (answering != null) {
                answering.release();
            }
        }

        /** Ends the handshake without a channel. */
        void end() {
            release();
            noise.destroy();
        }
    }

    private static final byte[] NO_PAYLOAD = new byte[0];

    /** How many of this side's keys are tried: each was replaced by the next one just when it was to be used. */
    private static final int MAX_KEYS = 4;

    private final ActorContext<Receiver.Command> context;
    private final TimerScheduler<Receiver.Command> timers;
    private final Receiver.Setup setup;
    /**
     * Arrived while something was computed, and has not been examined yet. Bounded like the mailbox it comes from, by the permits that its
     * messages hold.
     */
    private final StashBuffer<Receiver.Command> pending;
    /** Was examined and is not message 3, so it may be a frame that overtook it. */
    private final EarlyFrames overtaking;
    /** The route that message 1 took; null at the responder. */
    private @Nullable Route toListener;
    /** Whether the policy names the peer. */
    private boolean named;
    /** Since it was learned what authorities say about the peer. The decryptor ends it, or whoever cleans up. */
    private Rotations rotations;
    /** What the peer was shown. */
    private List<CredentialAndPurposeKey> presented = List.of();

    /** The side that sends message 1, along the given route. */
    static Behavior<Receiver.Command> initiator(Receiver.Setup setup, Route route) {
        return create(setup, handshaker -> handshaker.preparing(talk -> handshaker.writingMessage1(talk, route)));
    }

    /** The side that waits for message 1. */
    static Behavior<Receiver.Command> responder(Receiver.Setup setup) {
        return create(setup, handshaker -> handshaker.preparing(handshaker::awaitingMessage1));
    }

    private static Behavior<Receiver.Command> create(
            Receiver.Setup setup, Function<Handshaker, Behavior<Receiver.Command>> start) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> Behaviors.withStash(
                Integer.MAX_VALUE,
                pending -> Behaviors.withStash(
                        setup.settings().earlyFrames(),
                        overtaking -> start.apply(new Handshaker(context, timers, setup, pending, overtaking))))));
    }

    private Handshaker(
            ActorContext<Receiver.Command> context,
            TimerScheduler<Receiver.Command> timers,
            Receiver.Setup setup,
            StashBuffer<Receiver.Command> pending,
            StashBuffer<Receiver.Command> overtaking) {
        this.context = context;
        this.timers = timers;
        this.setup = setup;
        this.pending = pending;
        this.rotations = new Rotations(identities(), Set.of());
        this.overtaking = new EarlyFrames(overtaking, setup.settings().earlyFrameBytes());
        timers.startSingleTimer(TimedOut.INSTANCE, setup.timeout());
    }

    // ---- both sides ----

    /**
     * This side's key is fetched, or generated and attested. If there has to be a credential, it is waited for: without one, nothing is sent
     * to the peer (authority, section 7.1).
     */
    private Behavior<Receiver.Command> preparing(Function<Talk, Behavior<Receiver.Command>> next) {
        pipe(
                Step.PREPARE,
                identities()
                        .secureChannelKey(setup.identity())
                        .thenCompose(key -> presented(Step.PREPARE).thenApply(shown -> new KeyReady(key))),
                ready -> ready);
        return waiting(Step.PREPARE, () -> {})
                .onMessage(
                        KeyReady.class,
                        ready -> next.apply(new Talk(
                                new NoiseHandshake(
                                        identities().vault().secureChannels(),
                                        setup.role(),
                                        ready.key().key()),
                                ready.key(),
                                null)))
                .build();
    }

    /** The parent creates the encryptor and opens the channel; code that sets it up goes by what is known of the peer now. */
    private Behavior<Receiver.Command> opening(Talk talk, Peer learned, Route routeToPeer) {
        Peer peer = rotations.withoutRotated(learned);
        timers.cancel(TimedOut.INSTANCE);
        talk.release();
        SessionKeys keys = talk.noise().split();
        setup.parent().tell(new SecureChannelActor.HandshakeDone(keys.sealing(), peer, routeToPeer, presented));
        FrameOpener opener = new FrameOpener(keys.opening(), new CatchUp(setup.catchUpKeys(), setup.nanoTime()));
        return Behaviors.receive(Receiver.Command.class)
                .onMessage(Receiver.Arrived.class, this::keep)
                .onMessage(Receiver.Opened.class, opened -> {
                    Decryptor decryptor = new Decryptor(
                            context, timers, setup, opener, peer, named, rotations, routeToPeer.recipient(), opened);
                    try {
                        return pending.unstashAll(overtaking.replayTo(decryptor));
                    } catch (RuntimeException e) {
                        decryptor.end(); // with this exception, and perhaps before it is this actor's behavior
                        cleanUp(); // of which it knows nothing
                        throw e;
                    }
                })
                .onSignal(PostStop.class, stop -> {
                    cleanUp();
                    opener.erase();
                    return Behaviors.same();
                })
                .build();
    }

    /** The handshake has failed; the parent has been told and will stop this actor. */
    private Behavior<Receiver.Command> failed() {
        timers.cancel(TimedOut.INSTANCE);
        return Behaviors.receive(Receiver.Command.class)
                .onMessage(Receiver.Arrived.class, this::refuse)
                .onMessage(Private.class, late -> Behaviors.same())
                .onSignal(PostStop.class, stop -> {
                    cleanUp();
                    return Behaviors.same();
                })
                .build();
    }

    // ---- initiator ----

    private Behavior<Receiver.Command> writingMessage1(Talk talk, Route route) {
        toListener = route;
        pipe(Step.MESSAGE_1, talk.noise().write(NO_PAYLOAD), Handshaker::written);
        return waiting(Step.MESSAGE_1, talk::end)
                .onMessage(
                        MessageWritten.class,
                        written -> sent(Step.MESSAGE_1, talk, route, written.message(), () -> awaitingMessage2(talk)))
                .build();
    }

    private Behavior<Receiver.Command> awaitingMessage2(Talk talk) {
        return expecting(Step.MESSAGE_2, talk, this::readingMessage2);
    }

    private Behavior<Receiver.Command> readingMessage2(Talk talk, Receiver.Arrived message2) {
        return reading(
                Step.MESSAGE_2,
                talk,
                message2,
                (reading, payload) -> judgingPeer(
                        Step.MESSAGE_2,
                        reading,
                        payload,
                        peer -> writingMessage3(
                                reading, peer, message2.delivery().message().returnRoute())),
                refused -> {
                    refuse(refused);
                    return awaitingMessage2(talk);
                });
    }

    private Behavior<Receiver.Command> writingMessage3(Talk talk, Peer peer, Route routeToPeer) {
        pipe(Step.MESSAGE_3, writingOwnPayload(Step.MESSAGE_3, talk), written -> written);
        return waiting(Step.MESSAGE_3, talk::end)
                .onMessage(PayloadWritten.class, written -> {
                    presented = written.shown();
                    return sent(
                            Step.MESSAGE_3,
                            talk,
                            routeToPeer,
                            written.message(),
                            () -> opening(talk, peer, routeToPeer));
                })
                .build();
    }

    // ---- responder ----

    private Behavior<Receiver.Command> awaitingMessage1(Talk talk) {
        return expecting(Step.MESSAGE_1, talk, this::writingMessage2);
    }

    /** Message 2 goes along the return route of message 1, which is the route to the peer from now on. */
    private Behavior<Receiver.Command> writingMessage2(Talk talk, Receiver.Arrived message1) {
        Route routeToPeer = message1.delivery().message().returnRoute();
        Talk answering = talk.answering(message1.delivery());
        pipe(
                Step.MESSAGE_2,
                talk.noise().read(bytes(message1)).thenCompose(payload -> writingOwnPayload(Step.MESSAGE_2, talk)),
                written -> written);
        return waiting(Step.MESSAGE_2, answering::end)
                .onMessage(PayloadWritten.class, written -> {
                    presented = written.shown();
                    received(Step.MESSAGE_1);
                    return sent(Step.MESSAGE_2, answering, routeToPeer, written.message(), () -> {
                        setup.parent().tell(SecureChannelActor.AwaitingMessage3.INSTANCE);
                        return awaitingMessage3(talk, routeToPeer);
                    });
                })
                .build();
    }

    /**
     * Also when the connection by which message 1 came has ended: message 3 goes to this address, and may come by another one, such as that
     * which the initiator, or a hop on the way, has made anew. The route to the peer stays the old one until a payload shows the new one
     * (secure channel, section 6.3).
     */
    private Behavior<Receiver.Command> awaitingMessage3(Talk talk, Route routeToPeer) {
        return expecting(Step.MESSAGE_3, talk, (same, message) -> readingMessage3(same, message, routeToPeer));
    }

    private Behavior<Receiver.Command> readingMessage3(Talk talk, Receiver.Arrived message3, Route routeToPeer) {
        return reading(
                Step.MESSAGE_3,
                talk,
                message3,
                (reading, payload) ->
                        judgingPeer(Step.MESSAGE_3, reading, payload, peer -> opening(reading, peer, routeToPeer)),
                refused -> {
                    if (!overtaking.keep(refused)) {
                        refused.delivery().lost(ChannelDropReason.TOO_MANY_EARLY_FRAMES);
                    }
                    return awaitingMessage3(talk, routeToPeer);
                });
    }

    // ---- parts of states ----

    /** A state that waits for a result, and keeps what arrives in the meantime. */
    private BehaviorBuilder<Receiver.Command> waiting(Step step, Runnable end) {
        return ending(step, end, "not done").onMessage(Receiver.Arrived.class, this::keep);
    }

    /**
     * A state that waits for a message from the peer, beginning with those that arrived before. It takes one at a time: the next state
     * would only keep the others again.
     */
    private Behavior<Receiver.Command> expecting(
            Step step, Talk talk, BiFunction<Talk, Receiver.Arrived, Behavior<Receiver.Command>> take) {
        String missing = toListener == null
                ? "it did not arrive"
                : "no reply along " + setup.decryptor().along(toListener);
        return pending.unstash(
                ending(step, talk::end, missing)
                        .onMessage(Receiver.Arrived.class, arrived -> take.apply(talk, arrived))
                        .build(),
                1,
                message -> message);
    }

    /** A state in which the handshake may fail, time out or be stopped; then {@code end} is run. */
    private BehaviorBuilder<Receiver.Command> ending(Step step, Runnable end, String missing) {
        return Behaviors.receive(Receiver.Command.class)
                .onMessage(Failed.class, failed -> fail(failed.failure(), end))
                .onMessage(
                        TimedOut.class,
                        timeout -> fail(
                                HandshakeException.timedOut(step, missing + " within " + NodeLog.text(setup.timeout())),
                                end))
                .onSignal(PostStop.class, stop -> {
                    end.run();
                    cleanUp();
                    return Behaviors.same();
                });
    }

    private Behavior<Receiver.Command> reading(
            Step step,
            Talk talk,
            Receiver.Arrived message,
            BiFunction<Talk, ByteString, Behavior<Receiver.Command>> take,
            Function<Receiver.Arrived, Behavior<Receiver.Command>> refused) {
        Talk reading = talk.answering(message.delivery());
        context.pipeToSelf(talk.noise().read(bytes(message)), (payload, failure) -> {
            if (failure == null) {
                return new MessageRead(Bytes.wrap(payload));
            }
            return HandshakeFailures.isOfTheMessage(failure)
                    ? new MessageRefused(message)
                    : new Failed(HandshakeFailures.of(step, failure));
        });
        return waiting(step, reading::end)
                .onMessage(MessageRead.class, read -> {
                    received(step);
                    return take.apply(reading, read.payload());
                })
                .onMessage(MessageRefused.class, refusal -> refused.apply(refusal.message()))
                .build();
    }

    /**
     * Trust policy, history and attestation; credentials come last. Unlike in secure channel, section 3.3, the policy is asked before
     * anything is verified, and the peer is remembered only after the policy has been asked again. So the peers that it refuses cost as
     * little as possible. None of this can be seen from outside.
     */
    private Behavior<Receiver.Command> judgingPeer(
            Step step, Talk talk, ByteString payload, Function<Peer, Behavior<Receiver.Command>> accepted) {
        if (!(IdentityAndCredentials.decode(payload) instanceof Decoded.Value<IdentityAndCredentials> received)) {
            return fail(new HandshakeException(step, Reason.PAYLOAD_MALFORMED), talk::end);
        }
        Identifier claimed = received.value().changeHistory().identifier();
        context.getLog().debug("{}: the peer claims to be {}, which is not verified yet", step, claimed);
        Expectation expectation;
        try {
            expectation = setup.policy().expects(claimed);
        } catch (Throwable e) {
            Failures.rethrowIfFatal(e);
            return fail(HandshakeFailures.of(step, e), talk::end);
        }
        if (expectation == Expectation.REFUSED) {
            return fail(HandshakeException.policyRefused(step, claimed, false), talk::end);
        }
        named = expectation == Expectation.NAMED;
        SignatureQueue.Turn turn = setup.strangers().turn(identities().vault().verifying());
        PeerTerms terms = new PeerTerms(named, setup.settings().histories(), turn);
        pipe(step, identities().verifyPeer(received.value(), talk.noise().remoteStatic(), terms), PeerVerified::new);
        return waiting(step, () -> {
                    turn.leave();
                    talk.end();
                })
                .onMessage(PeerVerified.class, verified -> {
                    boolean trusted;
                    try {
                        trusted = setup.policy().trusts(verified.peer().identifier());
                    } catch (Throwable e) {
                        Failures.rethrowIfFatal(e);
                        return fail(HandshakeFailures.of(step, e), talk::end);
                    }
                    return trusted
                            ? acceptingPeer(
                                    step,
                                    talk,
                                    verified.peer(),
                                    received.value().credentials(),
                                    accepted)
                            : fail(
                                    HandshakeException.policyRefused(
                                            step, verified.peer().identifier(), true),
                                    talk::end);
                })
                .build();
    }

    /** The peer's history is compared with the known one again, and stored. */
    private Behavior<Receiver.Command> acceptingPeer(
            Step step,
            Talk talk,
            VerifiedPeer peer,
            List<CredentialAndPurposeKey> shown,
            Function<Peer, Behavior<Receiver.Command>> accepted) {
        pipe(step, identities().acceptPeer(peer), PeerAccepted::new);
        return waiting(step, talk::end)
                .onMessage(
                        PeerAccepted.class,
                        done -> setup.credentials().believes()
                                ? learning(step, talk, done.identifier(), shown, accepted)
                                : accepted.apply(new Peer(done.identifier())))
                .build();
    }

    /** What authorities say about the peer: here, or before in another channel. A credential that does not verify does not count. */
    private Behavior<Receiver.Command> learning(
            Step step,
            Talk talk,
            Identifier peer,
            List<CredentialAndPurposeKey> shown,
            Function<Peer, Behavior<Receiver.Command>> accepted) {
        rotations = new Rotations(identities(), setup.credentials().authorities());
        SignatureQueue.Turn turn = setup.strangers().turn(identities().vault().verifying());
        pipe(step, setup.credentials().learn(identities(), peer, shown, turn), PeerLearned::new);
        return waiting(step, () -> {
                    turn.leave();
                    talk.end();
                })
                .onMessage(PeerLearned.class, done -> {
                    done.learned().logRefused(context.getLog(), setup.isNews(), named);
                    return accepted.apply(done.learned().peer());
                })
                .build();
    }

    /** Handshake messages carry the sender's decryptor as return route (secure channel, section 3.1). */
    private Behavior<Receiver.Command> sent(
            Step step, Talk talk, Route route, ByteString message, Supplier<Behavior<Receiver.Command>> next) {
        LocalMessage out = LocalMessage.of(route, Route.of(setup.decryptor().address()), message);
        setup.decryptor()
                .observed(node -> new ChannelEvent.HandshakeMessageSent(
                        node, setup.decryptor().address(), setup.role(), step));
        SendResult result = talk.answering() == null
                ? setup.decryptor().send(out)
                : talk.answering().answer(setup.decryptor(), out);
        return result instanceof SendResult.Refused refused
                ? fail(
                        HandshakeException.notSent(
                                step, refused.reason(), setup.decryptor().explain(refused.reason(), route)),
                        talk::end)
                : next.get();
    }

    private void received(Step step) {
        setup.decryptor()
                .observed(node -> new ChannelEvent.HandshakeMessageReceived(
                        node, setup.decryptor().address(), setup.role(), step));
    }

    private Behavior<Receiver.Command> fail(HandshakeException failure, Runnable end) {
        end.run();
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

    /** Settles as lost everything that waits, and watches no more. */
    private void cleanUp() {
        rotations.end();
        setup.decryptor().close();
        EarlyFrames.discard(pending);
        overtaking.discard();
    }

    private static Private written(byte[] message) {
        return new MessageWritten(Bytes.wrap(message));
    }

    private <T> void pipe(Step step, CompletionStage<T> stage, Function<T, Private> result) {
        context.pipeToSelf(
                stage,
                (value, failure) ->
                        failure == null ? result.apply(value) : new Failed(HandshakeFailures.of(step, failure)));
    }

    /** A payload that is too long to be encoded also fails the stage. */
    private CompletionStage<PayloadWritten> writingOwnPayload(Step step, Talk talk) {
        return presented(step)
                .thenCompose(shown -> currentKey(step, talk.key())
                        .thenCompose(key -> writingOwnPayload(step, talk.noise(), key, shown, MAX_KEYS)));
    }

    /** A key may be replaced, and then no longer be in the vault, between the moment at which it is asked for and that at which it is used. */
    private CompletionStage<PayloadWritten> writingOwnPayload(
            Step step, NoiseHandshake noise, SecureChannelKey key, List<CredentialAndPurposeKey> shown, int keys) {
        return noise.write(Bytes.array(key.show(shown).encode()), key.key())
                .thenApply(message -> new PayloadWritten(Bytes.wrap(message), shown))
                .exceptionallyCompose(failure -> {
                    if (!isUnknownKey(failure)) {
                        return CompletableFuture.failedStage(failure);
                    }
                    return keys > 1
                            ? renewedKey(step)
                                    .thenCompose(next -> writingOwnPayload(step, noise, next, shown, keys - 1))
                            : noOwnKey(step, failure);
                });
    }

    private static boolean isUnknownKey(Throwable failure) {
        return Failures.unwrapped(failure) instanceof VaultException refusal
                && refusal.reason() == VaultException.Reason.UNKNOWN_KEY;
    }

    /**
     * The key from the beginning of the handshake, unless the identity was rotated since: the peer may know that already. A store that cannot
     * tell now is no obstacle: a key that was replaced is noticed when it is used.
     */
    private CompletionStage<SecureChannelKey> currentKey(Step step, SecureChannelKey first) {
        if (step != Step.MESSAGE_3) {
            return CompletableFuture.completedStage(first);
        }
        return setup.ownHistories()
                .current(setup.identity())
                .handle((known, failure) -> failure != null
                        || known.latest()
                                .hash()
                                .equals(first.changeHistory().latest().hash()))
                .thenCompose(same -> same ? CompletableFuture.completedStage(first) : renewedKey(step));
    }

    /** Whatever fails here is this side's: the peer is not to blame for it. */
    private CompletionStage<SecureChannelKey> renewedKey(Step step) {
        return identities().secureChannelKey(setup.identity()).exceptionallyCompose(failure -> noOwnKey(step, failure));
    }

    private static <T> CompletionStage<T> noOwnKey(Step step, Throwable failure) {
        return CompletableFuture.failedStage(
                new HandshakeException(step, Reason.OWN_KEY_UNAVAILABLE, Failures.unwrapped(failure)));
    }

    private CompletionStage<List<CredentialAndPurposeKey>> presented(Step step) {
        return setup.credentials()
                .presented()
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(
                        new HandshakeException(step, Reason.CREDENTIAL_UNAVAILABLE, Failures.unwrapped(failure))));
    }

    private static byte[] bytes(Receiver.Arrived arrived) {
        return Bytes.array(arrived.delivery().message().payload());
    }

    private Identities identities() {
        return setup.identity().identities();
    }
}
