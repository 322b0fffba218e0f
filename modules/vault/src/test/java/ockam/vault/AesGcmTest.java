// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static ockam.vault.VaultTests.NO_AAD;
import static ockam.vault.VaultTests.assertRefused;
import static ockam.vault.VaultTests.counting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.vault.VaultException.Reason;
import ockam.vault.Wycheproof.Vector;
import org.junit.jupiter.api.Test;

class AesGcmTest {
    private static final int VECTORS_OF_OUR_SIZES = 66;

    @Test
    void agreesWithWycheproofAndRefusesOtherSizes() {
        var supported = new AtomicInteger();
        Wycheproof.forEach("aes_gcm.json", vector -> {
            byte[] key = vector.bytes("key");
            if (key.length != AesGcm.KEY_LENGTH) {
                assertRefused(Reason.INVALID_LENGTH, () -> new AesGcm(key));
            } else if (vector.bytes("iv").length != AesGcm.NONCE_LENGTH) {
                refusesNonce(vector);
            } else {
                supported.incrementAndGet();
                seals(vector);
                opens(vector);
            }
        });
        assertThat(supported).hasValue(VECTORS_OF_OUR_SIZES);
    }

    private static void seals(Vector vector) {
        byte[] message = vector.bytes("msg");
        byte[] buffer = Arrays.copyOf(message, message.length + AesGcm.TAG_LENGTH);
        new AesGcm(vector.bytes("key")).seal(vector.bytes("iv"), vector.bytes("aad"), buffer, 0, message.length);
        if (vector.isValid()) {
            assertThat(buffer).as(vector.name()).isEqualTo(sealed(vector));
        } else {
            assertThat(buffer).as(vector.name()).isNotEqualTo(sealed(vector));
        }
    }

    private static void opens(Vector vector) {
        byte[] sealed = sealed(vector);
        byte[] output = counting(1, sealed.length - AesGcm.TAG_LENGTH);
        boolean authentic = new AesGcm(vector.bytes("key"))
                .open(vector.bytes("iv"), vector.bytes("aad"), sealed, 0, sealed.length, output, 0);
        assertThat(authentic).as(vector.name()).isEqualTo(vector.isValid());
        assertThat(output)
                .as(vector.name())
                .isEqualTo(vector.isValid() ? vector.bytes("msg") : new byte[output.length]);
    }

    private static void refusesNonce(Vector vector) {
        var cipher = new AesGcm(vector.bytes("key"));
        byte[] nonce = vector.bytes("iv");
        byte[] sealed = sealed(vector);
        byte[] output = new byte[sealed.length];
        assertRefused(Reason.INVALID_LENGTH, () -> cipher.seal(nonce, NO_AAD, sealed, 0, 0));
        assertRefused(Reason.INVALID_LENGTH, () -> cipher.open(nonce, NO_AAD, sealed, 0, sealed.length, output, 0));
        assertThat(sealed).isEqualTo(sealed(vector));
    }

    private static byte[] sealed(Vector vector) {
        byte[] ciphertext = vector.bytes("ct");
        byte[] tag = vector.bytes("tag");
        byte[] sealed = Arrays.copyOf(ciphertext, ciphertext.length + tag.length);
        System.arraycopy(tag, 0, sealed, ciphertext.length, tag.length);
        return sealed;
    }

    @Test
    void refusesToSealTwiceInSuccessionWithOneNonce() {
        var cipher = new AesGcm(counting(0, AesGcm.KEY_LENGTH));
        byte[] nonce = counting(0, AesGcm.NONCE_LENGTH);
        byte[] buffer = new byte[AesGcm.TAG_LENGTH + 1];
        cipher.seal(nonce, NO_AAD, buffer, 0, 1);
        byte[] sealed = buffer.clone();
        assertRefused(Reason.INVALID_NONCE, () -> cipher.seal(nonce, NO_AAD, buffer, 0, 1));
        assertThat(buffer).isEqualTo(sealed);
    }
}
