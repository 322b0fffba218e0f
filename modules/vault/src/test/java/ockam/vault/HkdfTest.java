// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static ockam.vault.VaultTests.assertRefused;
import static ockam.vault.VaultTests.counting;
import static ockam.vault.VaultTests.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import ockam.vault.VaultException.Reason;
import org.junit.jupiter.api.Test;

class HkdfTest {
    @Test
    void agreesWithWycheproof() {
        Wycheproof.forEach("hkdf_sha256.json", vector -> {
            byte[] key = Hkdf.extract(vector.bytes("salt"), vector.bytes("ikm"));
            byte[] info = vector.bytes("info");
            int size = vector.test().required("size").intValue();
            if (vector.isValid()) {
                assertThat(Hkdf.expand(key, info, size)).as(vector.name()).isEqualTo(vector.bytes("okm"));
            } else {
                assertThat(vector.hasFlag("SizeTooLarge")).as(vector.name()).isTrue();
                assertRefused(Reason.INVALID_LENGTH, () -> Hkdf.expand(key, info, size));
            }
        });
    }

    @Test
    void reproducesFirstVectorOfRfc5869() {
        byte[] key = Hkdf.extract(counting(0, 13), hex("0b".repeat(22)));
        assertThat(key).isEqualTo(hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
        assertThat(Hkdf.expand(key, counting(0xf0, 10), 42))
                .isEqualTo(hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
    }

    @Test
    void reproducesSecondVectorOfRfc5869() {
        byte[] key = Hkdf.extract(counting(0x60, 80), counting(0, 80));
        assertThat(key).isEqualTo(hex("06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244"));
        assertThat(Hkdf.expand(key, counting(0xb0, 80), 82))
                .isEqualTo(hex("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                        + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                        + "cc30c58179ec3e87c14c01d5c1f3434f1d87"));
    }

    @Test
    void reproducesThirdVectorOfRfc5869() {
        byte[] input = hex("0b".repeat(22));
        byte[] output = hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
        assertThat(Hkdf.extract(ByteArrays.EMPTY, input))
                .isEqualTo(hex("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04"));
        assertThat(Hkdf.derive(ByteArrays.EMPTY, input, output.length)).isEqualTo(output);
    }

    @Test
    void longerOutputContinuesShorterOne() {
        byte[] key = counting(1, 32);
        byte[] longest = Hkdf.expand(key, ByteArrays.EMPTY, Hkdf.MAX_LENGTH);
        for (int length : new int[] {0, 1, 31, 32, 33, 64}) {
            assertThat(Hkdf.expand(key, ByteArrays.EMPTY, length)).isEqualTo(Arrays.copyOf(longest, length));
        }
        assertRefused(Reason.INVALID_LENGTH, () -> Hkdf.expand(key, ByteArrays.EMPTY, Hkdf.MAX_LENGTH + 1));
        assertRefused(Reason.INVALID_LENGTH, () -> Hkdf.expand(key, ByteArrays.EMPTY, -1));
    }

    @Test
    void doesNotChangeItsArguments() {
        byte[] salt = counting(0, 32);
        byte[] input = counting(1, 32);
        byte[] info = counting(2, 8);
        Hkdf.derive(salt, input, 64);
        Hkdf.expand(Hkdf.extract(salt, input), info, 64);
        assertThat(salt).isEqualTo(counting(0, 32));
        assertThat(input).isEqualTo(counting(1, 32));
        assertThat(info).isEqualTo(counting(2, 8));
    }
}
