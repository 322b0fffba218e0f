// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PasswordSealTest {
    private static final char[] PASSWORD = "correct horse".toCharArray();
    private static final byte[] SECRET = {1, 2, 3};
    private static final byte[] CONTEXT = {9};

    @Test
    void opensWithPasswordAndContextOnly() {
        byte[] sealed = PasswordSeal.seal(PASSWORD, SECRET, CONTEXT);

        assertThat(sealed).hasSize(SECRET.length + PasswordSeal.OVERHEAD);
        assertThat(PasswordSeal.open(PASSWORD, sealed, CONTEXT)).hasValue(SECRET);
        assertThat(PasswordSeal.open("wrong".toCharArray(), sealed, CONTEXT)).isEmpty();
        assertThat(PasswordSeal.open(PASSWORD, sealed, new byte[0])).isEmpty();
        assertThat(PasswordSeal.seal(PASSWORD, SECRET, CONTEXT)).isNotEqualTo(sealed);
    }

    @Test
    void noticesEachPartThatWasChanged() {
        byte[] sealed = PasswordSeal.seal(PASSWORD, SECRET, CONTEXT);
        for (int i : new int[] {0, 16, 28, sealed.length - 1}) { // salt, nonce, ciphertext, tag
            byte[] altered = sealed.clone();
            altered[i] ^= 1;
            assertThat(PasswordSeal.open(PASSWORD, altered, CONTEXT))
                    .as("byte %s", i)
                    .isEmpty();
        }
        for (int length : new int[] {0, 16, 43, 44, sealed.length - 1}) {
            assertThat(PasswordSeal.open(PASSWORD, Arrays.copyOf(sealed, length), CONTEXT))
                    .as("%s bytes", length)
                    .isEmpty();
        }
    }

    /** Sealed by another program, in Python with the library cryptography: files must stay readable. */
    @Test
    void opensWhatWasSealedBefore() {
        byte[] sealed = HexFormat.of()
                .parseHex(
                        "000102030405060708090a0b0c0d0e0f000102030405060708090a0b4a25423ca588add18e6dc7e5e0e285acb13670");

        assertThat(PasswordSeal.open(PASSWORD, sealed, CONTEXT)).hasValue(SECRET);
    }
}
