// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.ExampleIdentities.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import ockam.vault.SignatureAlgorithm;
import org.junit.jupiter.api.Test;

/** The small values: moments, hashes, options. */
class ValuesTest {
    private static final Timestamp LATEST = new Timestamp(-1);

    @Test
    void momentsAreUnsigned() {
        assertThat(LATEST.isAfter(new Timestamp(Long.MAX_VALUE))).isTrue();
        assertThat(new Timestamp(5).isBefore(LATEST)).isTrue();
        assertThat(new Timestamp(5).isBefore(new Timestamp(5))).isFalse();
        assertThat(new Timestamp(5).isAfter(new Timestamp(5))).isFalse();
        assertThat(LATEST).hasToString("18446744073709551615");
    }

    @Test
    void momentsEndWithTheLatest() {
        assertThat(new Timestamp(5).plus(Duration.ofMillis(1_999))).isEqualTo(new Timestamp(6));
        assertThat(new Timestamp(-10).plus(Duration.ofSeconds(20))).isEqualTo(LATEST);
        assertThatThrownBy(() -> LATEST.plus(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void momentsBeginIn1970() {
        assertThat(Timestamp.of(Instant.ofEpochMilli(1_999))).isEqualTo(new Timestamp(1));
        assertThat(Timestamp.of(Instant.EPOCH)).isEqualTo(new Timestamp(0));
        assertThatThrownBy(() -> Timestamp.of(Instant.ofEpochSecond(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void momentsBeyondAllInstantsAreTheLastOne() {
        assertThat(new Timestamp(5).toInstant()).isEqualTo(Instant.ofEpochSecond(5));
        assertThat(new Timestamp(Instant.MAX.getEpochSecond() + 1).toInstant()).isEqualTo(Instant.MAX);
        assertThat(LATEST.toInstant()).isEqualTo(Instant.MAX);
    }

    @Test
    void changeHashHasThirtyTwoBytesAndPrintsAsHex() {
        assertThat(new ChangeHash(ByteString.fromArray(filled(0xab)))).hasToString("ab".repeat(32));
        assertThatThrownBy(() -> new ChangeHash(ByteString.fromArray(new byte[31])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void changeDataComparesEveryField() {
        Forge forge = new Forge();
        ChangeData data = forge.first(forge.ed25519(1)).content();

        assertThat(data).isEqualTo(forge.first(forge.ed25519(1)).content()).hasSameHashCodeAs(data);
        assertThat(Set.of(
                        data,
                        new ChangeData(
                                forge.first(forge.p256(1)).hash(),
                                data.publicKey(),
                                false,
                                data.validFrom(),
                                data.validUntil()),
                        new ChangeData(null, forge.ed25519(2).publicKey(), false, data.validFrom(), data.validUntil()),
                        new ChangeData(null, data.publicKey(), true, data.validFrom(), data.validUntil()),
                        new ChangeData(null, data.publicKey(), false, LATEST, data.validUntil()),
                        new ChangeData(null, data.publicKey(), false, data.validFrom(), LATEST)))
                .hasSize(6);
        assertThat(data).doesNotHaveSameHashCodeAs(forge.first(forge.ed25519(2)).content());
    }

    @Test
    void historiesAlsoCompareSignatures() {
        Forge forge = new Forge();
        Change change = forge.first(forge.ed25519(1));
        Change signedOtherwise = new Change(change.data(), forge.sign(forge.ed25519(2), change.data()), null);

        assertThat(Forge.of(change))
                .isEqualTo(Forge.of(forge.first(forge.ed25519(1))))
                .hasSameHashCodeAs(Forge.of(change))
                .doesNotHaveSameHashCodeAs(Forge.of(forge.first(forge.ed25519(2))));
        assertThat(change).doesNotHaveSameHashCodeAs(forge.first(forge.ed25519(2)));
        assertThat(Forge.of(change)).isNotEqualTo(Forge.of(signedOtherwise));
        assertThat(Forge.of(change).compareWith(Forge.of(signedOtherwise))).isEqualTo(Comparison.EQUAL);
    }

    @Test
    void optionsChangeOneAtATime() {
        IdentityOptions options = IdentityOptions.defaults()
                .withSignatureAlgorithm(SignatureAlgorithm.P256)
                .withKeyLifetime(Duration.ofDays(2))
                .withAttestationLifetime(Duration.ofDays(1));

        assertThat(options)
                .isEqualTo(new IdentityOptions(
                        SignatureAlgorithm.P256, SignatureAlgorithm.ED25519, Duration.ofDays(2), Duration.ofDays(1)));
        assertThat(options.withCredentialKeyAlgorithm(SignatureAlgorithm.P256).credentialKeyAlgorithm())
                .isEqualTo(SignatureAlgorithm.P256);
    }

    @Test
    void refusesLifetimesBelowOneSecond() {
        IdentityOptions options = IdentityOptions.defaults();

        assertThatThrownBy(() -> options.withKeyLifetime(Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withAttestationLifetime(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(options.withKeyLifetime(Duration.ofSeconds(1)).keyLifetime()).isEqualTo(Duration.ofSeconds(1));
    }
}
