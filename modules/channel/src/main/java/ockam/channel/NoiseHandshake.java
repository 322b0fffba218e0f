// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import ockam.vault.AeadKey;
import ockam.vault.AgreementKey;
import ockam.vault.DerivedSecrets;
import ockam.vault.Secret;
import ockam.vault.SecureChannelVault;
import ockam.vault.X25519PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * One side of the Noise XX handshake of Ockam (secure channel, section 2).
 *
 * <p>A message that cannot be read changes nothing: the next one may be the right one. The calls return stages, because key agreements may
 * take a while; only one call at a time is allowed. {@link #destroy} may be called at any moment, even while another call is running.
 */
final class NoiseHandshake {
    /** The longest handshake message, in bytes. */
    static final int MAX_MESSAGE_LENGTH = 65_535;

    /** Ockam's protocol name: 32 bytes, so that it is its own hash. */
    static final String PROTOCOL_NAME = "OCKAM_XX_25519_AES256_GCM_SHA256";

    private static final int KEY_LENGTH = 32;

    private enum Token {
        E,
        S,
        EE,
        ES,
        SE
    }

    /** XX: the messages go back and forth, the first one from the initiator. */
    private static final List<List<Token>> PATTERN =
            List.of(List.of(Token.E), List.of(Token.E, Token.EE, Token.S, Token.ES), List.of(Token.S, Token.SE));

    /** What each message has beyond its payload: public keys, and tags as soon as there is a key to make them with. */
    private static final List<Integer> OVERHEADS = List.of(
            KEY_LENGTH,
            KEY_LENGTH + KEY_LENGTH + AeadKey.TAG_LENGTH + AeadKey.TAG_LENGTH,
            KEY_LENGTH + AeadKey.TAG_LENGTH + AeadKey.TAG_LENGTH);

    private final SecureChannelVault vault;
    private final Role role;
    private AgreementKey staticKey;
    private SymmetricState symmetric;
    private @Nullable AgreementKey ephemeral;
    private @Nullable X25519PublicKey remoteEphemeral;
    private @Nullable X25519PublicKey remoteStatic;
    private int next; // index of the next message
    private boolean busy; // guarded by this
    private boolean destroyed; // guarded by this

    NoiseHandshake(SecureChannelVault vault, Role role, AgreementKey staticKey) {
        this(vault, role, staticKey, PROTOCOL_NAME.getBytes(StandardCharsets.US_ASCII));
    }

    /** With another name of 32 bytes, as in the published vectors of Noise. */
    NoiseHandshake(SecureChannelVault vault, Role role, AgreementKey staticKey, byte[] protocolName) {
        this.vault = vault;
        this.role = role;
        this.staticKey = staticKey;
        this.symmetric = SymmetricState.initial(vault, protocolName);
    }

    /** Writes the next message of this side. Fails with {@code TOO_LONG} if the payload does not fit, before anything is done. */
    CompletionStage<byte[]> write(byte[] payload) {
        if (next < OVERHEADS.size() && payload.length > MAX_MESSAGE_LENGTH - OVERHEADS.get(next)) {
            return CompletableFuture.failedStage(new NoiseException(NoiseException.Reason.TOO_LONG));
        }
        return run(new Writer(), writer -> writer.finish(payload));
    }

    /**
     * The same, with this static key from now on: for the message that brings it to the other side. If the vault does not have the key, it fails
     * with that, and the message can be written with another one: nothing has been sealed yet, or, in message 2, only with a key that nothing
     * else is sealed with, because each attempt has a new ephemeral key.
     */
    CompletionStage<byte[]> write(byte[] payload, AgreementKey otherStaticKey) {
        staticKey = otherStaticKey;
        return write(payload);
    }

    /** Reads the next message of the other side; completes with its payload. */
    CompletionStage<byte[]> read(byte[] message) {
        if (message.length > MAX_MESSAGE_LENGTH) {
            return CompletableFuture.failedStage(new NoiseException(NoiseException.Reason.TOO_LONG));
        }
        return run(new Reader(message), Reader::finish);
    }

    /** The static key that the other side has proved to hold; known only after the message that brings it. */
    X25519PublicKey remoteStatic() {
        return required(remoteStatic);
    }

    byte[] hash() {
        return symmetric.hash();
    }

    /**
     * Ends the finished handshake and returns the keys of the channel. Note the direction, which is not the one of the Noise standard: the
     * initiator seals with {@code k2} (secure channel, section 2.4).
     */
    SessionKeys split() {
        synchronized (this) {
            if (destroyed || next != PATTERN.size()) {
                throw new IllegalStateException("the handshake is not finished, or it was given up or split");
            }
        }
        DerivedSecrets keys = symmetric.split();
        AeadKey k1 = vault.aeadKey(keys.first());
        AeadKey k2 = vault.aeadKey(keys.second());
        destroy();
        return role == Role.INITIATOR ? new SessionKeys(k2, k1) : new SessionKeys(k1, k2);
    }

    /** Erases every secret of this handshake, now or as soon as a running call ends. The static key is kept. */
    void destroy() {
        synchronized (this) {
            if (destroyed) {
                return;
            }
            destroyed = true;
            if (busy) {
                return;
            }
        }
        eraseAll();
    }

    private void eraseAll() {
        symmetric.erase();
        deleteEphemeral(ephemeral);
    }

    private void deleteEphemeral(@Nullable AgreementKey key) {
        if (key != null) {
            var unused = vault.deleteAgreementKey(key);
        }
    }

    private interface Finish<S, R> {
        R of(S step);
    }

    private <S extends Step> CompletionStage<byte[]> run(S step, Finish<S, byte[]> finish) {
        synchronized (this) {
            if (destroyed) {
                step.rollback();
                return CompletableFuture.failedStage(new NoiseException(NoiseException.Reason.DESTROYED));
            }
            if (busy || next == PATTERN.size() || (next % 2 == 0) != step.expectsInitiatorsTurn()) {
                throw new IllegalStateException("not the turn of this call");
            }
            busy = true;
        }
        CompletionStage<Void> done = CompletableFuture.completedStage(null);
        for (Token token : PATTERN.get(next)) {
            done = done.thenCompose(unused -> step.take(token));
        }
        return done.thenApply(unused -> finish.of(step)).whenComplete((result, failure) -> end(step, failure));
    }

    private void end(Step step, @Nullable Throwable failure) {
        if (failure == null) {
            step.commit();
        } else {
            step.rollback();
        }
        boolean gone;
        synchronized (this) {
            busy = false;
            gone = destroyed;
        }
        if (gone) {
            eraseAll();
            throw new CompletionException(new NoiseException(NoiseException.Reason.DESTROYED));
        }
    }

    /** Work on one message: all in copies until it is committed. */
    private abstract class Step {
        final SymmetricState state = symmetric.fork();

        @Nullable
        AgreementKey stepEphemeral = ephemeral;

        @Nullable
        X25519PublicKey stepRemoteEphemeral = remoteEphemeral;

        @Nullable
        X25519PublicKey stepRemoteStatic = remoteStatic;

        abstract boolean expectsInitiatorsTurn();

        abstract CompletionStage<Void> takeEphemeral();

        abstract CompletionStage<Void> takeStatic();

        CompletionStage<Void> take(Token token) {
            return switch (token) {
                case E -> takeEphemeral();
                case S -> takeStatic();
                case EE -> agree(required(stepEphemeral), required(stepRemoteEphemeral));
                case ES ->
                    role == Role.INITIATOR
                            ? agree(required(stepEphemeral), required(stepRemoteStatic))
                            : agree(staticKey, required(stepRemoteEphemeral));
                case SE ->
                    role == Role.INITIATOR ? mixStatic() : agree(required(stepEphemeral), required(stepRemoteStatic));
            };
        }

        /** With the initiator's static key, which only its writer has. */
        CompletionStage<Void> mixStatic() {
            throw new IllegalStateException("not in the pattern");
        }

        private CompletionStage<Void> agree(AgreementKey own, X25519PublicKey theirs) {
            return vault.agree(own, theirs).thenAccept((Secret shared) -> state.mixKey(shared));
        }

        void commit() {
            state.replaces(symmetric);
            symmetric = state;
            ephemeral = stepEphemeral;
            remoteEphemeral = stepRemoteEphemeral;
            remoteStatic = stepRemoteStatic;
            next++;
        }

        void rollback() {
            state.discard();
            if (!Objects.equals(stepEphemeral, ephemeral)) {
                deleteEphemeral(stepEphemeral);
            }
        }
    }

    private final class Writer extends Step {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private @Nullable Secret agreed;

        @Override
        boolean expectsInitiatorsTurn() {
            return role == Role.INITIATOR;
        }

        @Override
        CompletionStage<Void> takeEphemeral() {
            return vault.generateAgreementKey().thenAccept(key -> {
                stepEphemeral = key;
                byte[] publicKey = key.publicKey().toBytes();
                out.writeBytes(publicKey);
                state.mixHash(publicKey);
            });
        }

        /**
         * The initiator's key is agreed with before it is sealed: if the vault no longer has it, nothing has been sealed, and the message can be
         * written with another one. Two keys sealed one after the other would share a nonce.
         *
         * <p>The responder's key is sealed before it is agreed with (ES comes after S). That is safe for another reason: if the vault no longer
         * has it, the ephemeral key is dropped as well, so what the next attempt seals with comes from another EE. Whoever lets an attempt
         * keep the ephemeral key has to agree first here, too.
         */
        @Override
        CompletionStage<Void> takeStatic() {
            if (role == Role.RESPONDER) {
                sealStatic();
                return CompletableFuture.completedStage(null);
            }
            return vault.agree(staticKey, required(stepRemoteEphemeral)).thenAccept(shared -> {
                agreed = state.owning(shared);
                sealStatic();
            });
        }

        private void sealStatic() {
            out.writeBytes(state.encryptAndHash(staticKey.publicKey().toBytes()));
        }

        @Override
        CompletionStage<Void> mixStatic() {
            state.mixKey(required(agreed));
            return CompletableFuture.completedStage(null);
        }

        byte[] finish(byte[] payload) {
            out.writeBytes(state.encryptAndHash(payload));
            return out.toByteArray();
        }
    }

    private final class Reader extends Step {
        private final byte[] message;
        private int position;

        Reader(byte[] message) {
            this.message = message;
        }

        @Override
        boolean expectsInitiatorsTurn() {
            return role == Role.RESPONDER;
        }

        @Override
        CompletionStage<Void> takeEphemeral() {
            byte[] publicKey = take(KEY_LENGTH);
            state.mixHash(publicKey);
            stepRemoteEphemeral = X25519PublicKey.of(publicKey);
            return CompletableFuture.completedStage(null);
        }

        @Override
        CompletionStage<Void> takeStatic() {
            stepRemoteStatic = X25519PublicKey.of(state.decryptAndHash(take(KEY_LENGTH + AeadKey.TAG_LENGTH)));
            return CompletableFuture.completedStage(null);
        }

        byte[] finish() {
            return state.decryptAndHash(take(message.length - position));
        }

        private byte[] take(int length) {
            if (message.length - position < length) {
                throw new NoiseException(NoiseException.Reason.TOO_SHORT);
            }
            position += length;
            return Arrays.copyOfRange(message, position - length, position);
        }
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the pattern has not brought this key yet");
        }
        return value;
    }
}
