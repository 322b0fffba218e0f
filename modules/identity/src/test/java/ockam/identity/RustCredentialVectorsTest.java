// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static java.util.Map.entry;
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
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ockam.fixtures.Hex;
import ockam.identity.IdentityException.Reason;
import ockam.vault.SoftwareVault;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RustCredentialVectorsTest {
    private static final String ROTATED = "authority rotated its key after the attestation (verify with this history)";

    /** Why each of them is refused here; Rust has fewer reasons. */
    private static final Map<String, Reason> REFUSALS = Map.ofEntries(
            entry("another subject expected", CREDENTIAL_OF_OTHER_SUBJECT),
            entry("authority not accepted", UNKNOWN_AUTHORITY),
            entry("credential signature, one bit flipped", CREDENTIAL_SIGNATURE_INVALID),
            entry("credential data, one bit flipped", CREDENTIAL_SIGNATURE_INVALID),
            entry("attestation signature, one bit flipped", ATTESTATION_SIGNATURE_INVALID),
            entry("attestation data, one bit flipped", ATTESTATION_SIGNATURE_INVALID),
            entry("attestation of another authority", UNKNOWN_AUTHORITY),
            entry("attestation of the secure channel kind", WRONG_PURPOSE),
            entry("subject null", CREDENTIAL_WITHOUT_SUBJECT),
            entry("created before its attestation", CREDENTIAL_BEFORE_KEY),
            entry("expires after its attestation", CREDENTIAL_OUTLIVES_KEY),
            entry("created more than 60 s in the future", CREDENTIAL_FROM_FUTURE),
            entry("expired", CREDENTIAL_EXPIRED),
            entry("data type 2", WRONG_DATA_TYPE),
            entry("version 2", UNKNOWN_VERSION),
            entry("signed by the identity key instead of the credential key", CREDENTIAL_SIGNATURE_INVALID),
            entry("attestation created more than 60 s in the future", ATTESTATION_FROM_FUTURE),
            entry("attestation expired", ATTESTATION_EXPIRED),
            entry("attestation outlives the identity key", ATTESTATION_OUTLIVES_KEY),
            entry("attestation from before the identity key", ATTESTATION_BEFORE_KEY),
            entry(ROTATED, ATTESTATION_OUTDATED));

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
    void verifiesTheCredentialsOfRust(JsonNode vector) {
        Identities identities = at(CREDENTIALS);
        importAll(identities);
        ByteString encoded = Hex.string(text(vector, "credential_and_purpose_key"));
        CredentialAndPurposeKey credential =
                CredentialAndPurposeKey.decode(encoded).orElseThrow();

        AttestedAttributes said = done(identities.verifyCredential(
                credential, identifier(vector, "subject"), Set.of(identifier(vector, "authority"))));

        assertThat(credential.encode()).isEqualTo(encoded);
        assertThat(said)
                .isEqualTo(new AttestedAttributes(
                        identifier(vector, "subject"),
                        identifier(vector, "authority"),
                        credential.purposeKey().content().latestChange(),
                        vector.required("schema").longValue(),
                        attributes(vector),
                        new Timestamp(vector.required("created_at").longValue()),
                        new Timestamp(vector.required("expires_at").longValue())));
        CredentialData content = credential.credential().content();
        assertThat(content.subjectLatestChange().orElseThrow()).hasToString(text(vector, "subject_latest_change_hash"));
        assertThat(content.encodeSigned()).isEqualTo(credential.credential().data());
        assertThat(credential.credential().signature().algorithm().name())
                .isEqualToIgnoringCase(text(vector, "credential_key_type"));
    }

    private static Identifier identifier(JsonNode vector, String field) {
        return Identifier.parse(text(vector, field));
    }

    private static Attributes attributes(JsonNode vector) {
        return Attributes.of(Vectors.entries(vector, "attributes")
                .collect(Collectors.toMap(
                        each -> Hex.string(text(each, "key")), each -> Hex.string(text(each, "value")))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rejected")
    void refusesTheCredentialsThatRustRefuses(JsonNode vector) {
        Identities identities = at(vector);
        importAll(identities);
        String why = text(vector, "why");
        if (why.equals(ROTATED)) {
            done(identities.importHistory(Hex.string(text(vector, "authority_change_history"))));
        }
        ByteString encoded = Hex.string(text(vector, "credential_and_purpose_key"));
        CredentialAndPurposeKey credential =
                CredentialAndPurposeKey.decode(encoded).orElseThrow();
        Identifier subject = vector.required("expected_subject").isNull()
                ? identifier(CREDENTIALS.required("subjects").get(0), "identifier")
                : identifier(vector, "expected_subject");

        assertRefused(
                Objects.requireNonNull(REFUSALS.get(why)),
                identities.verifyCredential(credential, subject, Set.of(identifier(vector, "authority"))));
        assertThat(credential.encode()).isEqualTo(encoded);
    }

    @Test
    void knowsWhyEachCredentialIsRefused() {
        assertThat(rejected().map(Named::getName)).containsExactlyInAnyOrderElementsOf(REFUSALS.keySet());
        assertThat(credentials()).hasSize(10);
        assertThat(REFUSALS).hasSize(21);
    }
}
