// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityException.Reason.*;
import static ockam.identity.IdentityTests.assertRefused;
import static ockam.identity.IdentityTests.identitiesAt;
import static ockam.identity.Vectors.CREDENTIALS;
import static ockam.identity.Vectors.text;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ockam.fixtures.Hex;
import ockam.identity.IdentityException.Reason;
import ockam.vault.SoftwareVault;
import ockam.vault.VerifyingKey;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RustCredentialVectorsTest {
    private static final String ROTATED = "authority rotated its key after the attestation (verify with this history)";
    private static final String WRONG_KIND = "attestation of the secure channel kind";

    /** Refused because of the attestation of the key that signed the credential. */
    private static final Map<String, Reason> BROKEN_ATTESTATIONS = Map.of(
            "attestation signature, one bit flipped",
            ATTESTATION_SIGNATURE_INVALID,
            "attestation data, one bit flipped",
            ATTESTATION_SIGNATURE_INVALID,
            "attestation created more than 60 s in the future",
            ATTESTATION_FROM_FUTURE,
            "attestation expired",
            ATTESTATION_EXPIRED,
            "attestation outlives the identity key",
            ATTESTATION_OUTLIVES_KEY,
            "attestation from before the identity key",
            ATTESTATION_BEFORE_KEY,
            ROTATED,
            ATTESTATION_OUTDATED);

    /** Refused because of the credential's content or its authority: only decoded, as long as there are no authorities. */
    private static final Set<String> DECODE_ONLY = Set.of(
            "another subject expected",
            "authority not accepted",
            "credential signature, one bit flipped",
            "credential data, one bit flipped",
            "attestation of another authority",
            WRONG_KIND,
            "subject null",
            "created before its attestation",
            "expires after its attestation",
            "created more than 60 s in the future",
            "expired",
            "data type 2",
            "version 2",
            "signed by the identity key instead of the credential key");

    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();

    private Identities at(JsonNode entry) {
        return identitiesAt(entry.required("now").longValue(), SoftwareVault.create(Runnable::run), repository);
    }

    static Stream<Named<JsonNode>> attestations() {
        return Vectors.named(CREDENTIALS, "attestations", "subject");
    }

    static Stream<Named<JsonNode>> credentials() {
        return Vectors.named(CREDENTIALS, "credentials", "subject");
    }

    static Stream<Named<JsonNode>> rejected() {
        return Vectors.named(CREDENTIALS, "rejected", "why");
    }

    private static void importAll(Identities identities) {
        for (String group : Set.of("authorities", "subjects")) {
            Vectors.entries(CREDENTIALS, group)
                    .forEach(each -> assertThat(
                                    done(identities.importHistory(Hex.string(text(each, "change_history")))))
                            .hasToString(text(each, "identifier")));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attestations")
    void verifiesTheAttestationsOfRust(JsonNode entry) {
        Identities identities = at(CREDENTIALS);
        done(identities.importHistory(Hex.string(text(entry, "change_history"))));
        ByteString encoded = Hex.string(text(entry, "attestation"));
        PurposeKeyAttestation attestation =
                PurposeKeyAttestation.decode(encoded).orElseThrow();

        PurposeKeyAttestationData content = done(identities.verifyAttestation(attestation));

        assertThat(attestation.encode()).isEqualTo(encoded);
        assertThat(content.subject()).hasToString(text(entry, "subject"));
        assertThat(content.latestChange()).hasToString(text(entry, "subject_latest_change_hash"));
        assertThat(content.createdAt().seconds())
                .isEqualTo(entry.required("created_at").longValue());
        assertThat(content.expiresAt().seconds())
                .isEqualTo(entry.required("expires_at").longValue());
        assertKey(content.publicKey(), entry);
    }

    private static void assertKey(PurposePublicKey publicKey, JsonNode expected) {
        byte[] bytes;
        if (publicKey instanceof PurposePublicKey.CredentialSigning signing) {
            assertThat(text(expected, "kind")).isEqualTo("credential");
            assertThat(signing.key().algorithm().name()).isEqualToIgnoringCase(text(expected, "key_type"));
            bytes = signing.key().toBytes();
        } else {
            assertThat(text(expected, "kind")).isEqualTo("secure_channel");
            bytes = ((PurposePublicKey.SecureChannelStatic) publicKey).key().toBytes();
        }
        assertThat(Hex.of(bytes)).isEqualTo(text(expected, "public_key"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("credentials")
    void readsTheCredentialsOfRustAndVerifiesTheKeysThatSignedThem(JsonNode entry) {
        Identities identities = at(CREDENTIALS);
        importAll(identities);
        ByteString encoded = Hex.string(text(entry, "credential_and_purpose_key"));
        CredentialAndPurposeKey credential =
                CredentialAndPurposeKey.decode(encoded).orElseThrow();

        PurposeKeyAttestationData key = done(identities.verifyAttestation(credential.purposeKey()));

        assertThat(credential.encode()).isEqualTo(encoded);
        assertThat(key.subject()).hasToString(text(entry, "authority"));
        VerifyingKey signing = ((PurposePublicKey.CredentialSigning) key.publicKey()).key();
        assertThat(signing.algorithm().name()).isEqualToIgnoringCase(text(entry, "credential_key_type"));
        assertThat(credential.credential().signature().algorithm()).isEqualTo(signing.algorithm());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rejected")
    void refusesTheAttestationsThatRustRefuses(JsonNode entry) {
        Identities identities = at(entry);
        importAll(identities);
        String why = text(entry, "why");
        if (why.equals(ROTATED)) {
            done(identities.importHistory(Hex.string(text(entry, "authority_change_history"))));
        }
        ByteString encoded = Hex.string(text(entry, "credential_and_purpose_key"));
        CredentialAndPurposeKey credential =
                CredentialAndPurposeKey.decode(encoded).orElseThrow();

        Reason broken = BROKEN_ATTESTATIONS.get(why);
        if (broken != null) {
            assertRefused(broken, identities.verifyAttestation(credential.purposeKey()));
        } else {
            Class<?> kind = why.equals(WRONG_KIND)
                    ? PurposePublicKey.SecureChannelStatic.class
                    : PurposePublicKey.CredentialSigning.class;
            assertThat(done(identities.verifyAttestation(credential.purposeKey()))
                            .publicKey())
                    .isInstanceOf(kind);
        }
        assertThat(credential.encode()).isEqualTo(encoded);
    }

    @Test
    void knowsWhyEachCredentialIsRefused() {
        Set<String> whys = rejected().map(Named::getName).collect(Collectors.toSet());

        assertThat(whys).containsAll(DECODE_ONLY).containsAll(BROKEN_ATTESTATIONS.keySet());
        assertThat(whys).hasSize(DECODE_ONLY.size() + BROKEN_ATTESTATIONS.size());
    }
}
