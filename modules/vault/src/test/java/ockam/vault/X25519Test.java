// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static ockam.vault.VaultTests.assertRefused;
import static ockam.vault.VaultTests.bytesOf;
import static ockam.vault.VaultTests.done;
import static ockam.vault.VaultTests.hex;
import static ockam.vault.VaultTests.synchronousVault;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import ockam.vault.VaultException.Reason;
import org.junit.jupiter.api.Test;

class X25519Test {
    private static final int VECTORS_WITH_ZERO_SECRET = 31;

    @Test
    void agreesWithWycheproofAndRefusesZeroSecrets() {
        var refused = new AtomicInteger();
        Wycheproof.forEach("x25519.json", vector -> {
            byte[] privateKey = vector.bytes("private");
            var peer = X25519PublicKey.of(vector.bytes("public"));
            boolean isZero = vector.hasFlag("ZeroSharedSecret");
            assertThat(vector.isInvalid()).as(vector.name()).isFalse();
            assertThat(vector.bytes("shared"))
                    .as(vector.name())
                    .satisfies(shared -> assertThat(isZero(shared)).isEqualTo(isZero));
            if (isZero) {
                refused.incrementAndGet();
                assertRefused(Reason.WEAK_PUBLIC_KEY, () -> X25519.agree(privateKey, peer));
            } else {
                assertThat(X25519.agree(privateKey, peer)).as(vector.name()).isEqualTo(vector.bytes("shared"));
            }
        });
        assertThat(refused).hasValue(VECTORS_WITH_ZERO_SECRET);
    }

    @Test
    void vaultAgreesWithWycheproofAndRefusesZeroSecrets() {
        SoftwareVault vault = synchronousVault();
        Wycheproof.forEach("x25519.json", vector -> {
            AgreementKey own = vault.importAgreementKey(vector.bytes("private"));
            var peer = X25519PublicKey.of(vector.bytes("public"));
            if (vector.hasFlag("ZeroSharedSecret")) {
                assertRefused(Reason.WEAK_PUBLIC_KEY, vault.agree(own, peer));
            } else {
                Secret shared = done(vault.agree(own, peer));
                assertThat(bytesOf(shared)).as(vector.name()).isEqualTo(vector.bytes("shared"));
                shared.erase();
            }
            assertThat(done(vault.deleteAgreementKey(own))).isTrue();
            assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 0));
        });
    }

    @Test
    void reproducesKeyExchangeOfRfc7748() {
        byte[] alice = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] bob = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        var alicePublic = X25519PublicKey.of(hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
        var bobPublic = X25519PublicKey.of(hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
        byte[] shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");

        assertThat(X25519.publicKey(alice)).isEqualTo(alicePublic);
        assertThat(X25519.publicKey(bob)).isEqualTo(bobPublic);
        assertThat(X25519.agree(alice, bobPublic)).isEqualTo(shared);
        assertThat(X25519.agree(bob, alicePublic)).isEqualTo(shared);
    }

    @Test
    void acceptsOnlyPrivateKeysOf32Bytes() {
        var peer = X25519PublicKey.of(hex("09" + "00".repeat(31)));
        for (int length : new int[] {0, 31, 33}) {
            assertRefused(Reason.INVALID_LENGTH, () -> X25519.publicKey(new byte[length]));
            assertRefused(Reason.INVALID_LENGTH, () -> X25519.agree(new byte[length], peer));
        }
    }

    private static boolean isZero(byte[] bytes) {
        for (byte each : bytes) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }
}
