// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.channel.ChannelTests.NOTHING;
import static ockam.channel.ChannelTests.assertRefused;
import static ockam.channel.ChannelTests.flipped;
import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import ockam.channel.NoiseException.Reason;
import ockam.vault.AgreementKey;
import ockam.vault.KeyCounts;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A handshake that is given up leaves no secret, whatever it was doing (secure channel, section 9, item 6). */
class NoiseDestroyTest {
    private final NoiseSide alice = NoiseSide.initiator();
    private final NoiseSide bob = NoiseSide.responder();

    private NoiseSide side(Role role) {
        return role == Role.INITIATOR ? alice : bob;
    }

    /** The first messages of the handshake. */
    private void messages(int count) {
        for (int i = 0; i < count; i++) {
            NoiseSide sender = i % 2 == 0 ? alice : bob;
            side(sender == alice ? Role.RESPONDER : Role.INITIATOR).read(sender.write(NOTHING));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INITIATOR, 0", "INITIATOR, 1", "INITIATOR, 2", "INITIATOR, 3",
        "RESPONDER, 0", "RESPONDER, 1", "RESPONDER, 2", "RESPONDER, 3"
    })
    void leavesNothingBetweenTwoMessages(Role role, int messages) {
        messages(messages);
        NoiseSide side = side(role);

        side.noise.destroy();

        side.vault.assertOnlyStaticKey();
        assertRefused(Reason.DESTROYED, side.noise.write(NOTHING));
        assertRefused(Reason.DESTROYED, side.noise.read(WorkedExample.M2));
        side.noise.destroy();
        side.vault.assertOnlyStaticKey();
    }

    /**
     * The curve operations of the initiator are: ephemeral key; ee and es of message 2; se of message 3. Those of the responder:
     * ephemeral key, ee and es of message 2; se of message 3.
     */
    @ParameterizedTest
    @CsvSource({
        "INITIATOR, 0, 0", "INITIATOR, 1, 0", "INITIATOR, 1, 1", "INITIATOR, 2, 0",
        "RESPONDER, 1, 0", "RESPONDER, 1, 1", "RESPONDER, 1, 2", "RESPONDER, 2, 0"
    })
    void leavesNothingWhileCurveOperationIsUnderWay(Role role, int messages, int operation) {
        messages(messages);
        NoiseSide side = side(role);
        boolean writes = (messages % 2 == 0) == (role == Role.INITIATOR);
        byte[] received = writes ? NOTHING : side(other(role)).write(NOTHING);
        side.vault.hold();
        CompletionStage<byte[]> call = writes ? side.noise.write(NOTHING) : side.noise.read(received);
        for (int i = 0; i < operation; i++) {
            side.vault.release();
        }
        assertThat(side.vault.isHolding()).isTrue();

        side.noise.destroy();
        assertThat(call.toCompletableFuture()).isNotDone();
        assertRefused(Reason.DESTROYED, side.noise.write(NOTHING));
        side.vault.releaseAll();

        assertRefused(Reason.DESTROYED, call);
        side.vault.assertOnlyStaticKey();
        assertRefused(Reason.DESTROYED, side.noise.read(received));
    }

    private static Role other(Role role) {
        return role == Role.INITIATOR ? Role.RESPONDER : Role.INITIATOR;
    }

    @Test
    void leavesNothingWhileWrongMessageIsBeingRead() {
        messages(1);
        byte[] m2 = bob.write(NOTHING);
        alice.vault.hold();
        CompletionStage<byte[]> call = alice.noise.read(flipped(m2, m2.length - 1));

        alice.noise.destroy();
        alice.vault.releaseAll();

        assertThat(call.toCompletableFuture()).isCompletedExceptionally();
        alice.vault.assertOnlyStaticKey();
    }

    @Test
    void leavesNothingWhenVaultFailsInTheMeantime() {
        messages(1);
        byte[] m2 = bob.write(NOTHING);
        alice.vault.hold();
        CompletionStage<byte[]> call = alice.noise.read(m2);

        alice.noise.destroy();
        alice.vault.failAfter(0); // the second agreement
        alice.vault.releaseAll();

        assertThat(call.toCompletableFuture()).isCompletedExceptionally();
        alice.vault.assertOnlyStaticKey();
    }

    /** As in an actor: called from one thread, while curve operations end on others. */
    @Test
    void leavesNothingWhenItRacesWithCurveOperations() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            SoftwareVault vault = SoftwareVault.create(executor);
            AgreementKey staticKey = vault.importAgreementKey(WorkedExample.RESPONDER_STATIC);
            for (int i = 0; i < 300; i++) {
                NoiseHandshake noise = new NoiseHandshake(vault, Role.RESPONDER, staticKey);
                var call = noise.read(WorkedExample.M1)
                        .thenCompose(payload -> noise.write(NOTHING))
                        .toCompletableFuture();
                for (int turn = 0; turn < i * 10 && !call.isDone(); turn++) {
                    Thread.onSpinWait(); // from immediately to too late
                }
                noise.destroy();
                call.handle((message, failure) -> message == null).get(10, TimeUnit.SECONDS);
                assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(1, 0, 0, 0));
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysOfTheFinishedHandshakeAreNoLongerItsOwn(Role role) {
        messages(3);
        NoiseSide side = side(role);
        SessionKeys keys = side.noise.split();

        side.noise.destroy();

        assertThat(side.vault.keys.keyCounts()).isEqualTo(new KeyCounts(1, 0, 0, 2));
        byte[] frame = new byte[Frames.OVERHEAD];
        new FrameSealer(keys.sealing()).seal(frame);
        assertThat(keys.opening().isErased()).isFalse();
        keys.erase();
        side.vault.assertOnlyStaticKey();
    }

    @Test
    void staticKeyCanBeUsedAgain() {
        messages(2);
        alice.noise.destroy();

        NoiseHandshake again = new NoiseHandshake(alice.vault, Role.INITIATOR, alice.staticKey);

        assertThat(done(again.write(NOTHING))).hasSize(32);
    }
}
