// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static ockam.vault.VaultTests.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Sha256Test {
    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void hashesAsInFips180() {
        assertThat(Sha256.hash()).isEqualTo(hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        assertThat(Sha256.hash(ascii("abc")))
                .hasSize(Sha256.LENGTH)
                .isEqualTo(hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }

    @Test
    void hashesPartsAsOneText() {
        assertThat(Sha256.hash(ascii("a"), ByteArrays.EMPTY, ascii("bc"))).isEqualTo(Sha256.hash(ascii("abc")));
    }

    @Test
    void startsTheHandshakeAsSpecified() {
        assertThat(Sha256.hash(ascii("OCKAM_XX_25519_AES256_GCM_SHA256")))
                .isEqualTo(hex("c6096331ab8d033b2ab45efed418e9511b63d51e0b5a9a584086ea8b5905e752"));
    }
}
