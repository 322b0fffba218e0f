// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.channel.ChannelTests.NOTHING;
import static ockam.channel.ChannelTests.cut;
import static ockam.channel.ChannelTests.flipped;
import static ockam.channel.ChannelTests.join;
import static ockam.channel.ChannelTests.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import ockam.fixtures.Hex;
import ockam.vault.AeadKey;
import ockam.vault.SoftwareVault;
import ockam.vault.VaultException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames from one end to the other (secure channel, section 9, items 31 to 34, 37, 38 and 40). */
class FramesTest {
    private static final byte[] PAYLOAD =
            Hex.bytes("8282008183818200466563686f657281820043617070460548656c6c6f40"); // secure channel, section 8.7

    private static final byte[] CLOSE = Hex.bytes("8282028040");

    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);
    private final FrameSealer sealer = new FrameSealer(key(WorkedExample.K2));
    private final FrameOpener opener = new FrameOpener(key(WorkedExample.K2), ChannelTests.noCatchUp());

    private AeadKey key(byte[] bytes) {
        return vault.aeadKey(vault.secretOf(bytes));
    }

    private static byte[] seal(FrameSealer sealer, byte[] plaintext) {
        byte[] frame = join(new byte[Frames.NONCE_LENGTH], plaintext, new byte[AeadKey.TAG_LENGTH]);
        sealer.seal(frame);
        return frame;
    }

    private byte[] seal(int number) {
        return seal(sealer, plaintext(number));
    }

    private static byte[] plaintext(int number) {
        return ("message " + number).getBytes(StandardCharsets.UTF_8);
    }

    private List<byte[]> sealed(int count) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(seal(i));
        }
        return frames;
    }

    private void assertOpens(byte[] frame, int number) {
        assertThat(opener.open(frame)).as("frame %s", number).isEqualTo(plaintext(number));
    }

    // ---- vectors ----

    @Test
    void framesOfTheInitiatorInTheWorkedExample() { // secure channel, section 9, item 31; secure channel, section 8.7
        byte[] nonce0 =
                Hex.bytes("0000000000000000730a7fb64a78d67042e6e239c46e13d84c96427982db85ec27d457a5b1d4734b8dbc005d"
                        + "cce94cc167df7f6f9635");
        byte[] nonce1 = Hex.bytes("000000000000000162c77908c4b022eac02358e72ed42e5e115c41fe3a");
        byte[] nonce32 = Hex.bytes("00000000000000202dcf70b199aa5df8145dadbf7287dc84ace9b38d33");

        assertThat(seal(sealer, PAYLOAD)).isEqualTo(nonce0);
        assertThat(seal(sealer, CLOSE)).isEqualTo(nonce1);
        for (int nonce = 2; nonce < 32; nonce++) {
            seal(sealer, CLOSE);
        }
        assertThat(seal(sealer, CLOSE)).isEqualTo(nonce32);

        assertThat(opener.open(nonce0)).isEqualTo(PAYLOAD);
        assertThat(opener.open(nonce1)).isEqualTo(CLOSE);
        assertThat(opener.open(nonce32)).isEqualTo(CLOSE);
    }

    @Test
    void frameOfTheResponderInTheWorkedExample() { // secure channel, section 9, item 31; secure channel, section 8.7
        byte[] nonce0 =
                Hex.bytes("00000000000000005defa50e8bed5dce798fd690c8dd4862c13b1604507a24c87b7ee961ff484607ba183950"
                        + "8e8f1aba78378d68cb81");

        assertThat(seal(new FrameSealer(key(WorkedExample.K1)), PAYLOAD)).isEqualTo(nonce0);
        assertThat(new FrameOpener(key(WorkedExample.K1), ChannelTests.noCatchUp()).open(nonce0))
                .isEqualTo(PAYLOAD);
        assertThat(opener.open(nonce0))
                .as("with the key of the other direction")
                .isNull();
    }

    @Test
    void plaintextNeedNotBeAMessage() { // secure channel, section 8.7, the frame of the API
        assertThat(seal(sealer, Hex.bytes("50696e67")))
                .isEqualTo(Hex.bytes("0000000000000000a1e111503fdf592b44f2037b6cfdb2c3cf3f1a07"));
    }

    @Test
    void rekeyingGivesTheKeysOfTheWorkedExample() { // secure channel, section 9, item 37
        byte[] k1 = Hex.bytes("4699ba00b29842a236c781ce67c044de2bc43eaaaf35f6bfa4353581ada3d044");
        byte[] k2 = Hex.bytes("b9aa3e02c32dce978ce7ab97d51f360f7902cdaaedd6c0ae237219616d45e77c");
        PlainFrames plain = new PlainFrames(WorkedExample.K2);
        assertThat(plain.key(32)).isEqualTo(k1);
        assertThat(plain.key(64)).isEqualTo(k2);

        assertThat(seal(new FrameSealer(key(k1), 32), CLOSE))
                .isEqualTo(Hex.bytes("00000000000000202dcf70b199aa5df8145dadbf7287dc84ace9b38d33"));
    }

    @Test
    void frameIsNonceCiphertextAndTagWithoutAssociatedData() { // secure channel, section 9, item 31
        byte[] frame = seal(sealer, PAYLOAD);

        assertThat(frame).hasSize(8 + PAYLOAD.length + 16).startsWith(new byte[8]);
        assertThat(PlainFrames.open(WorkedExample.K2, frame)).isEqualTo(PAYLOAD);
    }

    @Test
    void keyChangesBeforeEveryThirtySecondNonce() { // secure channel, section 9, item 37
        PlainFrames plain = new PlainFrames(WorkedExample.K2);
        for (int nonce = 0; nonce < 200; nonce++) {
            byte[] frame = seal(nonce);
            assertThat(frame).as("nonce %s", nonce).isEqualTo(plain.frame(nonce, plaintext(nonce)));
            assertThat(vault.keyCounts().aeadKeys())
                    .as("one to seal, one to open")
                    .isEqualTo(2);
        }
    }

    // ---- order and loss ----

    @Test
    void opensAHundredFramesInOrder() { // secure channel, section 9, item 32
        for (int i = 0; i < 100; i++) {
            assertOpens(seal(i), i);
        }
    }

    @Test
    void opensTheRestWhenTwoOfThreeFramesAreLost() { // secure channel, section 9, item 32
        for (int i = 0; i < 1000; i++) {
            byte[] frame = seal(i);
            if (i % 3 == 0) {
                assertOpens(frame, i);
            }
        }
    }

    @Test
    void opensFramesThatAreShuffledInsideOfBlocksAndNoneTwice() { // secure channel, section 9, item 33
        int count = 3000;
        int block = 30;
        List<byte[]> frames = sealed(count);
        List<Integer> order = new ArrayList<>();
        Random random = random();
        for (int start = 0; start < count; start += block) {
            List<Integer> shuffled = new ArrayList<>();
            for (int i = start; i < start + block; i++) {
                shuffled.add(i);
            }
            Collections.shuffle(shuffled, random);
            order.addAll(shuffled);
        }
        for (int number : order) {
            assertOpens(frames.get(number), number);
            assertThat(opener.open(frames.get(number))).as("again").isNull();
        }
        Collections.shuffle(frames, random);
        assertThat(frames).allSatisfy(frame -> assertThat(opener.open(frame)).isNull());
        assertOpens(seal(count), count);
    }

    @Test
    void opensFramesOfTwoKeysThatAreMixed() {
        List<byte[]> frames = sealed(64);
        for (int i = 0; i < 32; i++) {
            assertOpens(frames.get(32 + i), 32 + i);
            assertOpens(frames.get(i), i);
        }
    }

    @Test
    void directionsAreCountedApart() {
        FrameSealer back = new FrameSealer(key(WorkedExample.K1));
        FrameOpener backOpener = new FrameOpener(key(WorkedExample.K1), ChannelTests.noCatchUp());
        for (int i = 0; i < 100; i++) {
            assertOpens(seal(i), i);
            if (i % 7 == 0) {
                assertThat(backOpener.open(seal(back, plaintext(i)))).isEqualTo(plaintext(i));
            }
        }
    }

    // ---- frames that are refused ----

    @Test
    void refusedFrameChangesNothing() { // secure channel, section 9, item 34
        List<byte[]> frames = sealed(80);
        PlainFrames wrongKey = new PlainFrames(WorkedExample.K1);
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            int keys = vault.keyCounts().aeadKeys();
            for (int index = 0; index < frame.length; index++) {
                assertThat(opener.open(flipped(frame, index))).isNull();
            }
            for (int length = 0; length < frame.length; length++) {
                assertThat(opener.open(cut(frame, length))).isNull();
            }
            assertThat(opener.open(join(frame, new byte[1]))).isNull();
            assertThat(opener.open(wrongKey.frame(i, plaintext(i)))).isNull();
            assertThat(vault.keyCounts().aeadKeys()).isEqualTo(keys);
            assertOpens(frame, i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {33, 64, 1_000_000, Long.MAX_VALUE, Long.MIN_VALUE, -2, -1})
    void forgedNonceDoesNotMoveTheWindow(long nonce) { // secure channel, section 9, item 34
        byte[] first = seal(0);
        byte[] forged = ByteBuffer.wrap(first.clone()).putLong(nonce).array(); // the body is that of an authentic frame

        assertThat(opener.open(forged)).isNull();

        assertOpens(first, 0);
        assertOpens(seal(1), 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {33, 64, 1_000_000, Long.MAX_VALUE, Long.MIN_VALUE, -2, -1})
    void authenticFrameThatIsTooFarAheadIsRefused(long nonce) {
        byte[] first = seal(0);
        assertThat(opener.open(PlainFrames.frame(WorkedExample.K2, nonce, PAYLOAD)))
                .isNull();
        assertOpens(first, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 23})
    void refusesFramesThatAreTooShortForNonceAndTag(int length) { // secure channel, section 5.1
        assertThat(opener.open(new byte[length])).isNull();
        assertThat(opener.open(cut(seal(0), length))).isNull();
    }

    @Test
    void opensFrameWithoutPlaintext() { // secure channel, section 5.1
        byte[] frame = seal(sealer, NOTHING);

        assertThat(frame).hasSize(24);
        assertThat(opener.open(flipped(frame, 23))).isNull();
        assertThat(opener.open(new byte[24])).isNull();
        assertThat(opener.open(frame)).isEmpty();
        assertThat(opener.open(frame)).isNull();
    }

    @Test
    void leavesTheFrameAsItIs() {
        byte[] frame = seal(0);
        byte[] copy = frame.clone();

        opener.open(flipped(frame, 20));
        opener.open(frame);

        assertThat(frame).isEqualTo(copy);
    }

    // ---- the life of keys ----

    @Test
    void erasesKeysThatAreNotNeededAnyMore() {
        for (int i = 0; i < 32; i++) {
            assertOpens(seal(i), i);
            assertThat(vault.keyCounts().aeadKeys()).isEqualTo(2);
        }
        for (int i = 32; i < 200; i++) {
            assertOpens(seal(i), i);
            assertThat(vault.keyCounts().aeadKeys()).as("and the previous one").isEqualTo(3);
        }
        opener.erase();
        assertThat(vault.keyCounts().aeadKeys()).isEqualTo(1);
        sealer.erase();
        assertThat(vault.keyCounts().aeadKeys()).isZero();
        assertThat(vault.keyCounts().secrets()).isZero();
        assertThatThrownBy(() -> seal(200))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(VaultException.Reason.ERASED));
    }

    @Test
    void forgedFrameOfTheNextKeyLeavesNoKey() {
        assertOpens(seal(0), 0);
        byte[] forged = flipped(PlainFrames.frame(WorkedExample.K2, 32, PAYLOAD), 10);

        for (int i = 0; i < 10; i++) {
            assertThat(opener.open(forged)).isNull();
        }

        assertThat(vault.keyCounts().aeadKeys()).isEqualTo(2);
    }

    // ---- the end of the nonces ----

    @Test
    void lastNonceIsTheOneBeforeTheReservedOne() { // secure channel, section 9, item 38
        FrameSealer near = new FrameSealer(key(WorkedExample.K2), -4L);
        for (long nonce = -4; nonce != -1; nonce++) {
            assertThat(near.isExhausted()).isFalse();
            byte[] frame = seal(near, PAYLOAD);
            assertThat(frame).isEqualTo(PlainFrames.frame(WorkedExample.K2, nonce, PAYLOAD));
            assertThat(Frames.nonceOf(frame)).isEqualTo(nonce);
        }
        assertThat(near.isExhausted()).isTrue();
        byte[] frame = new byte[Frames.OVERHEAD];
        assertThatIllegalStateException().isThrownBy(() -> near.seal(frame)).withMessage("no nonce is left");
        assertThatIllegalStateException().as("permanently").isThrownBy(() -> near.seal(frame));
        assertThat(frame).as("untouched").isEqualTo(new byte[Frames.OVERHEAD]);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, -33, -65, 0x7fff_ffff_ffff_ffe0L, 31, 32, 33})
    void keyChangesAtTheSameNoncesWhereverOneBegins(long start) {
        FrameSealer from = new FrameSealer(key(WorkedExample.K2), start);
        PlainFrames plain = new PlainFrames(WorkedExample.K2, start);
        for (long nonce = start; nonce != start + 40 && nonce != -1; nonce++) {
            assertThat(seal(from, PAYLOAD)).isEqualTo(plain.frame(nonce, PAYLOAD));
        }
    }
}
