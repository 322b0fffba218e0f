// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static ockam.vault.VaultTests.counting;
import static ockam.vault.VaultTests.done;
import static ockam.vault.VaultTests.synchronousVault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Nothing that is logged by accident shows a secret. */
class PrintingTest {
    private static final byte[] KEY = counting(0xa1, 32);
    private static final int SHORTEST_LEAK = 4;

    private final SoftwareVault vault = synchronousVault();

    /** No run of four key bytes, in hex, decimal, or Base64. */
    private static void assertHides(byte[] secret, Object printed) {
        String text = printed.toString().toLowerCase(Locale.ROOT);
        for (int start = 0; start + SHORTEST_LEAK <= secret.length; start++) {
            byte[] part = Arrays.copyOfRange(secret, start, start + SHORTEST_LEAK);
            String decimal = Arrays.toString(part);
            assertThat(text)
                    .doesNotContain(ByteArrays.hex(part))
                    .doesNotContain(decimal.substring(1, decimal.length() - 1));
        }
        assertThat(printed.toString()).doesNotContain(Base64.getEncoder().encodeToString(secret));
    }

    @Test
    void secretsAndCipherKeysPrintTheirIds() {
        Secret secret = vault.secretOf(KEY);
        AeadKey key = vault.aeadKey(vault.secretOf(KEY));
        assertThat(secret).hasToString("Secret(" + secret.id() + ")");
        assertThat(key).hasToString("AeadKey(" + key.id() + ")");
        assertThat(new SecretBytes(KEY.clone())).hasToString("SecretBytes");
        for (Object each : List.of(secret, key, secret.id(), key.id(), new AesGcm(KEY), vault.derive(secret))) {
            assertHides(KEY, each);
        }
    }

    @Test
    void handlesAndVaultPrintNoPrivateKey() {
        AgreementKey agreementKey = vault.importAgreementKey(KEY);
        assertHides(KEY, agreementKey);
        assertThat(agreementKey.toString()).contains(agreementKey.id().value());
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            SigningKey signingKey = vault.importSigningKey(algorithm, KEY);
            assertHides(KEY, signingKey);
            assertHides(KEY, done(vault.sign(signingKey, KEY)));
        }
        assertHides(KEY, vault);
        assertThat(vault.toString()).contains("agreementKeys=1", "signingKeys=2");
    }

    @Test
    void refusalsShowNoBytes() {
        byte[] tooLong = counting(0xa1, 33);
        AeadKey key = vault.aeadKey(vault.secretOf(KEY));
        Secret erased = vault.secretOf(KEY);
        erased.erase();
        List<VaultException> refusals = List.of(
                refusal(() -> vault.secretOf(tooLong)),
                refusal(() -> vault.importAgreementKey(tooLong)),
                refusal(() -> vault.importSigningKey(SignatureAlgorithm.P256, tooLong)),
                refusal(() -> vault.derive(erased)),
                refusal(() -> key.seal(0, KEY, KEY.clone(), 0, KEY.length)),
                refusal(() -> key.seal(AeadKey.RESERVED_NONCE, KEY, KEY.clone(), 0, 0)));
        for (VaultException each : refusals) {
            assertHides(KEY, each);
        }
    }

    private static VaultException refusal(ThrowingCallable call) {
        return catchThrowableOfType(VaultException.class, call);
    }
}
