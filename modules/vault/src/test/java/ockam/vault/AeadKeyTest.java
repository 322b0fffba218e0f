// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static ockam.vault.VaultTests.NO_AAD;
import static ockam.vault.VaultTests.assertRefused;
import static ockam.vault.VaultTests.counting;
import static ockam.vault.VaultTests.hex;
import static ockam.vault.VaultTests.synchronousVault;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import ockam.vault.VaultException.Reason;
import org.junit.jupiter.api.Test;

class AeadKeyTest {
    private static final byte[] K1 = hex("4349aa5f460aca550b37ce55d3f7ad8f2d4747084b6c62e15c523568ebafe860");
    private static final byte[] K2 = hex("831124fa3e1606b97f5cda4d81c3aa04c7c0151666f05f49a09cd0faf63a05d8");
    private static final byte[] K2_REKEYED = hex("4699ba00b29842a236c781ce67c044de2bc43eaaaf35f6bfa4353581ada3d044");
    private static final byte[] K2_REKEYED_TWICE =
            hex("b9aa3e02c32dce978ce7ab97d51f360f7902cdaaedd6c0ae237219616d45e77c");
    private static final byte[] HELLO = hex("8282008183818200466563686f657281820043617070460548656c6c6f40");
    private static final byte[] CLOSE = hex("8282028040");
    private static final byte[] PING = hex("50696e67");
    private static final long LAST_NONCE = AeadKey.RESERVED_NONCE - 1;

    private final SoftwareVault vault = synchronousVault();

    private AeadKey key(byte[] bytes) {
        return vault.aeadKey(vault.secretOf(bytes));
    }

    /** The frame of secure channel, section 5.1. */
    private static byte[] frame(AeadKey key, long nonce, byte[] plaintext) {
        byte[] frame = ByteBuffer.allocate(Long.BYTES + plaintext.length + AeadKey.TAG_LENGTH)
                .putLong(nonce)
                .put(plaintext)
                .array();
        key.seal(nonce, NO_AAD, frame, Long.BYTES, plaintext.length);
        return frame;
    }

    private static byte[] opened(AeadKey key, byte[] frame) {
        byte[] plaintext = new byte[frame.length - Long.BYTES - AeadKey.TAG_LENGTH];
        long nonce = ByteBuffer.wrap(frame).getLong();
        assertThat(key.open(nonce, NO_AAD, frame, Long.BYTES, frame.length - Long.BYTES, plaintext, 0))
                .isTrue();
        return plaintext;
    }

    @Test
    void makesTheFramesOfTheSpecification() {
        AeadKey key = key(K2);
        byte[] hello = hex("0000000000000000730a7fb64a78d67042e6e239c46e13d84c96427982db85ec27d457a5b1d4734b"
                + "8dbc005dcce94cc167df7f6f9635");
        byte[] close = hex("000000000000000162c77908c4b022eac02358e72ed42e5e115c41fe3a");
        assertThat(frame(key, 0, HELLO)).isEqualTo(hello);
        assertThat(frame(key, 1, CLOSE)).isEqualTo(close);
        assertThat(opened(key, close)).isEqualTo(CLOSE);
        assertThat(opened(key, hello)).isEqualTo(HELLO);

        assertThat(frame(key(K1), 0, HELLO))
                .isEqualTo(hex("00000000000000005defa50e8bed5dce798fd690c8dd4862c13b1604507a24c87b7ee961ff484607"
                        + "ba1839508e8f1aba78378d68cb81"));
        assertThat(frame(key(K2), 0, PING)).isEqualTo(hex("0000000000000000a1e111503fdf592b44f2037b6cfdb2c3cf3f1a07"));
    }

    @Test
    void rekeysAsSpecified() {
        byte[] frame32 = hex("00000000000000202dcf70b199aa5df8145dadbf7287dc84ace9b38d33");
        AeadKey first = key(K2).rekey();
        AeadKey second = first.rekey();

        assertThat(frame(first, 32, CLOSE)).isEqualTo(frame32).isEqualTo(frame(key(K2_REKEYED), 32, CLOSE));
        assertThat(opened(first, frame32)).isEqualTo(CLOSE);
        assertThat(frame(second, 64, CLOSE)).isEqualTo(frame(key(K2_REKEYED_TWICE), 64, CLOSE));
    }

    @Test
    void rekeyingReturnsTheSameKeyEachTimeAndLeavesThisOneUsable() {
        AeadKey key = key(K2);
        AeadKey first = key.rekey();
        AeadKey again = key.rekey();
        assertThat(first.id()).isNotEqualTo(again.id()).isNotEqualTo(key.id());
        assertThat(frame(first, 32, CLOSE)).isEqualTo(frame(again, 32, CLOSE));
        assertThat(opened(key, frame(key, 0, CLOSE))).isEqualTo(CLOSE);

        key.erase();
        assertThat(opened(again, frame(first, 33, PING))).isEqualTo(PING);
    }

    @Test
    void nonceIsFourZeroBytesAndBigEndianNumber() {
        byte[] byKey = new byte[AeadKey.TAG_LENGTH];
        key(K1).seal(0x0102030405060708L, NO_AAD, byKey, 0, 0);
        byte[] byCipher = new byte[AeadKey.TAG_LENGTH];
        new AesGcm(K1).seal(hex("000000000102030405060708"), NO_AAD, byCipher, 0, 0);
        assertThat(byKey).isEqualTo(byCipher);
    }

    @Test
    void sealsOnlyWithIncreasingNonces() {
        AeadKey key = key(K1);
        byte[] buffer = new byte[AeadKey.TAG_LENGTH];
        key.seal(5, NO_AAD, buffer, 0, 0);
        byte[] sealed = buffer.clone();
        for (long nonce : new long[] {5, 4, 0}) {
            assertRefused(Reason.INVALID_NONCE, () -> key.seal(nonce, NO_AAD, buffer, 0, 0));
        }
        assertThat(buffer).isEqualTo(sealed);
        key.seal(6, NO_AAD, buffer, 0, 0);
        key.seal(Long.MAX_VALUE, NO_AAD, buffer, 0, 0);
        key.seal(Long.MIN_VALUE, NO_AAD, buffer, 0, 0);
        assertRefused(Reason.INVALID_NONCE, () -> key.seal(Long.MAX_VALUE, NO_AAD, buffer, 0, 0));
        key.seal(LAST_NONCE, NO_AAD, buffer, 0, 0);
        for (long nonce : new long[] {LAST_NONCE, AeadKey.RESERVED_NONCE, 0, 1}) {
            assertRefused(Reason.INVALID_NONCE, () -> key.seal(nonce, NO_AAD, buffer, 0, 0));
        }
    }

    @Test
    void neverSealsWithReservedNonce() {
        AeadKey key = key(K1);
        byte[] zeros = new byte[AesGcm.KEY_LENGTH + AeadKey.TAG_LENGTH];
        assertRefused(
                Reason.INVALID_NONCE, () -> key.seal(AeadKey.RESERVED_NONCE, NO_AAD, zeros, 0, AesGcm.KEY_LENGTH));
        assertThat(zeros).isEqualTo(new byte[zeros.length]);
        assertThat(frame(key, 0, CLOSE)).hasSize(29);
    }

    @Test
    void opensInAnyOrder() {
        AeadKey sender = key(K1);
        byte[] first = frame(sender, 0, PING);
        byte[] second = frame(sender, 9, CLOSE);
        AeadKey receiver = key(K1);
        assertThat(opened(receiver, second)).isEqualTo(CLOSE);
        assertThat(opened(receiver, first)).isEqualTo(PING);
        assertThat(opened(receiver, first)).isEqualTo(PING);
    }

    @Test
    void opensNothingWithAnyBitChanged() {
        byte[] plaintext = counting(1, 37);
        byte[] aad = counting(100, 5);
        byte[] sealed = Arrays.copyOf(plaintext, plaintext.length + AeadKey.TAG_LENGTH);
        key(K1).seal(7, aad, sealed, 0, plaintext.length);
        AeadKey receiver = key(K1);

        for (int bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
            assertNotAuthentic(receiver, 7, aad, withBitChanged(sealed, bit));
        }
        for (int bit = 0; bit < aad.length * Byte.SIZE; bit++) {
            assertNotAuthentic(receiver, 7, withBitChanged(aad, bit), sealed);
        }
        for (int bit = 0; bit < Long.SIZE; bit++) {
            assertNotAuthentic(receiver, 7 ^ (1L << bit), aad, sealed);
        }
        assertNotAuthentic(receiver, 7, NO_AAD, sealed);
        assertNotAuthentic(key(K2), 7, aad, sealed);
        assertNotAuthentic(receiver.rekey(), 7, aad, sealed);

        byte[] output = new byte[plaintext.length];
        assertThat(receiver.open(7, aad, sealed, 0, sealed.length, output, 0)).isTrue();
        assertThat(output).isEqualTo(plaintext);
    }

    private static byte[] withBitChanged(byte[] bytes, int bit) {
        byte[] changed = bytes.clone();
        changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return changed;
    }

    private static void assertNotAuthentic(AeadKey key, long nonce, byte[] aad, byte[] sealed) {
        byte[] output = counting(1, sealed.length - AeadKey.TAG_LENGTH);
        assertThat(key.open(nonce, aad, sealed, 0, sealed.length, output, 0)).isFalse();
        assertThat(output).isEqualTo(new byte[output.length]);
    }

    @Test
    void sealsAndOpensMessagesOfMegabytes() {
        byte[] plaintext = counting(1, (3 << 20) + 7);
        AeadKey key = key(K1);
        byte[] frame = frame(key, 0, plaintext);
        assertThat(Arrays.equals(opened(key, frame), plaintext)).isTrue();
        frame[frame.length / 2] ^= 1;
        byte[] output = plaintext.clone();
        assertThat(key.open(0, NO_AAD, frame, Long.BYTES, frame.length - Long.BYTES, output, 0))
                .isFalse();
        assertThat(Arrays.equals(output, new byte[output.length])).isTrue();
    }

    @Test
    void inputShorterThanATagIsNotAuthentic() {
        AeadKey key = key(K1);
        byte[] output = counting(1, 4);
        for (int length = 0; length < AeadKey.TAG_LENGTH; length++) {
            assertThat(key.open(0, NO_AAD, new byte[length], 0, length, output, 2))
                    .isFalse();
        }
        assertThat(output).isEqualTo(counting(1, 4));
    }

    @Test
    void truncatedOrExtendedCiphertextIsNotAuthentic() {
        byte[] sealed = Arrays.copyOf(CLOSE, CLOSE.length + AeadKey.TAG_LENGTH);
        key(K1).seal(0, NO_AAD, sealed, 0, CLOSE.length);
        AeadKey receiver = key(K1);
        for (int length = AeadKey.TAG_LENGTH; length < sealed.length; length++) {
            assertNotAuthentic(receiver, 0, NO_AAD, Arrays.copyOf(sealed, length));
        }
        assertNotAuthentic(receiver, 0, NO_AAD, Arrays.copyOf(sealed, sealed.length + 1));
    }

    @Test
    void sealingChecksItsRangeBeforeAnythingIsDone() {
        AeadKey key = key(K1);
        byte[] buffer = counting(1, 40);
        int[][] ranges = {{-1, 1}, {0, -1}, {41, 0}, {0, 41}, {25, 0}, {0, 25}, {24, 1}, {Integer.MAX_VALUE, 1}};
        for (int[] range : ranges) {
            assertRefused(Reason.INVALID_LENGTH, () -> key.seal(0, NO_AAD, buffer, range[0], range[1]));
        }
        assertRefused(Reason.INVALID_LENGTH, () -> key.seal(0, NO_AAD, buffer, 1, Integer.MAX_VALUE));
        assertThat(buffer).isEqualTo(counting(1, 40));
        key.seal(0, NO_AAD, buffer, 24, 0);
        key.seal(1, NO_AAD, buffer, 0, 24);
    }

    @Test
    void openingChecksItsRangesBeforeAnythingIsDone() {
        AeadKey key = key(K1);
        byte[] input = counting(1, 40);
        byte[] output = counting(1, 24);
        int[][] ranges = {
            {-1, 40, 0}, {0, -1, 0}, {0, 41, 0}, {1, 40, 0}, {0, 40, -1}, {0, 40, 1}, {0, 17, 24}, {0, 16, 25}
        };
        for (int[] range : ranges) {
            assertRefused(
                    Reason.INVALID_LENGTH, () -> key.open(0, NO_AAD, input, range[0], range[1], output, range[2]));
        }
        assertRefused(Reason.INVALID_LENGTH, () -> key.open(0, NO_AAD, input, Integer.MAX_VALUE, 1, output, 0));
        assertThat(output).isEqualTo(counting(1, 24));
    }

    @Test
    void neverOpensInPlace() {
        AeadKey key = key(K1);
        byte[] buffer = frame(key, 0, CLOSE);
        byte[] sealed = buffer.clone();
        assertRefused(
                Reason.UNSUPPORTED,
                () -> key.open(0, NO_AAD, buffer, Long.BYTES, buffer.length - Long.BYTES, buffer, Long.BYTES));
        assertThat(buffer).isEqualTo(sealed);
    }

    @Test
    void erasedKeyDoesNothing() {
        AeadKey key = key(K1);
        byte[] sealed = frame(key, 0, CLOSE);
        assertThat(key.isErased()).isFalse();
        key.erase();
        key.erase();
        assertThat(key.isErased()).isTrue();

        byte[] buffer = counting(1, 21);
        assertRefused(Reason.ERASED, () -> key.seal(1, NO_AAD, buffer, 0, 5));
        assertRefused(Reason.ERASED, () -> key.open(0, NO_AAD, sealed, Long.BYTES, 21, buffer, 0));
        assertRefused(Reason.ERASED, key::rekey);
        assertThat(buffer).isEqualTo(counting(1, 21));
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 0));
    }

    @Test
    void everyKeyIsCountedUntilItIsErased() {
        AeadKey key = key(K1);
        AeadKey next = key.rekey();
        AeadKey afterThat = next.rekey();
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 3));
        next.erase();
        next.erase();
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 2));
        key.erase();
        afterThat.erase();
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 0));
    }
}
