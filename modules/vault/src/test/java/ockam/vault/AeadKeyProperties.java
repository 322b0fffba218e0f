// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static ockam.vault.VaultTests.counting;
import static ockam.vault.VaultTests.synchronousVault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AeadKeyProperties {
    private static final int MAX_LENGTH = 3000;
    private static final int MAX_MARGIN = 40;

    /** Where a range lies in the arrays: bytes before and after it, and the same for the opened plaintext. */
    private record Place(int before, int after, int outputBefore, int outputAfter) {
        static Place of(long seed) {
            var random = new Random(seed);
            return new Place(
                    random.nextInt(MAX_MARGIN),
                    random.nextInt(MAX_MARGIN),
                    random.nextInt(MAX_MARGIN),
                    random.nextInt(MAX_MARGIN));
        }
    }

    @Test
    void openingReturnsWhatWasSealedAndChangesNothingElse() {
        SoftwareVault vault = synchronousVault();
        qt().forAll(
                        integers().between(0, MAX_LENGTH),
                        integers().between(0, 64),
                        longs().all(),
                        longs().all().assuming(nonce -> nonce != AeadKey.RESERVED_NONCE))
                .checkAssert((length, aadLength, seed, nonce) -> {
                    Place place = Place.of(seed);
                    byte[] aad = random(seed + 1, aadLength);
                    byte[] buffer = random(seed + 2, place.before() + length + AeadKey.TAG_LENGTH + place.after());
                    byte[] original = buffer.clone();
                    AeadKey key = vault.aeadKey(vault.secretOf(random(seed + 3, 32)));

                    key.seal(nonce, aad, buffer, place.before(), length);
                    assertOutsideUnchanged(original, buffer, place.before(), length + AeadKey.TAG_LENGTH);

                    byte[] sealed = buffer.clone();
                    byte[] output = counting(1, place.outputBefore() + length + place.outputAfter());
                    byte[] outputOriginal = output.clone();
                    assertThat(key.open(
                                    nonce,
                                    aad,
                                    buffer,
                                    place.before(),
                                    length + AeadKey.TAG_LENGTH,
                                    output,
                                    place.outputBefore()))
                            .isTrue();
                    assertThat(buffer).isEqualTo(sealed);
                    assertOutsideUnchanged(outputOriginal, output, place.outputBefore(), length);
                    assertThat(range(output, place.outputBefore(), length))
                            .isEqualTo(range(original, place.before(), length));
                    key.erase();
                });
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 0));
    }

    @Test
    void failedOpeningZeroesOnlyItsOutputRange() {
        SoftwareVault vault = synchronousVault();
        AeadKey key = vault.aeadKey(vault.secretOf(counting(3, 32)));
        qt().forAll(integers().between(0, MAX_LENGTH), longs().all()).checkAssert((length, seed) -> {
            Place place = Place.of(seed);
            byte[] forged = random(seed + 2, place.before() + length + AeadKey.TAG_LENGTH + place.after());
            byte[] original = forged.clone();
            byte[] output = counting(1, place.outputBefore() + length + place.outputAfter());
            byte[] outputOriginal = output.clone();
            assertThat(key.open(
                            seed,
                            VaultTests.NO_AAD,
                            forged,
                            place.before(),
                            length + AeadKey.TAG_LENGTH,
                            output,
                            place.outputBefore()))
                    .isFalse();
            assertThat(forged).isEqualTo(original);
            assertOutsideUnchanged(outputOriginal, output, place.outputBefore(), length);
            assertThat(range(output, place.outputBefore(), length)).isEqualTo(new byte[length]);
        });
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] range(byte[] bytes, int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    private static void assertOutsideUnchanged(byte[] original, byte[] changed, int offset, int length) {
        assertThat(range(changed, 0, offset)).isEqualTo(range(original, 0, offset));
        int end = offset + length;
        assertThat(range(changed, end, changed.length - end)).isEqualTo(range(original, end, original.length - end));
    }
}
