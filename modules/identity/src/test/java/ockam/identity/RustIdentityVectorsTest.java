// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityException.Reason.*;
import static ockam.identity.IdentityTests.assertRefused;
import static ockam.identity.IdentityTests.identitiesAt;
import static ockam.identity.Vectors.IDENTITIES;
import static ockam.identity.Vectors.text;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ockam.fixtures.Hex;
import ockam.identity.IdentityException.Reason;
import ockam.vault.SoftwareVault;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RustIdentityVectorsTest {
    /** The rule that each of the refused histories breaks. */
    private static final Map<String, Reason> BROKEN_RULES = Map.ofEntries(
            Map.entry("signature of the last change, one bit flipped", SIGNATURE_INVALID),
            Map.entry("previous signature of the last change, one bit flipped", PREVIOUS_SIGNATURE_INVALID),
            Map.entry("first change data, one bit flipped", SIGNATURE_INVALID),
            Map.entry("first signature, last bit flipped", SIGNATURE_INVALID),
            Map.entry("previous signature left out", PREVIOUS_SIGNATURE_MISSING),
            Map.entry("previous signature null", PREVIOUS_SIGNATURE_MISSING),
            Map.entry("signature and previous signature exchanged", SIGNATURE_INVALID),
            Map.entry("first change left out", FIRST_CHANGE_HAS_PREVIOUS),
            Map.entry("second change left out", PREVIOUS_CHANGE_MISMATCH),
            Map.entry("last two changes exchanged", PREVIOUS_CHANGE_MISMATCH),
            Map.entry("last change twice", PREVIOUS_CHANGE_MISMATCH),
            Map.entry("history of another identity appended", PREVIOUS_CHANGE_MISMATCH),
            Map.entry("empty list", EMPTY_HISTORY),
            Map.entry("empty input", MALFORMED),
            Map.entry("cut by one byte", MALFORMED),
            Map.entry("change data as text string", MALFORMED),
            Map.entry("version 2", UNKNOWN_VERSION),
            Map.entry("version 0", UNKNOWN_VERSION),
            Map.entry("data type 2", WRONG_DATA_TYPE),
            Map.entry("data type 3", WRONG_DATA_TYPE),
            Map.entry("valid_from decreases", VALIDITY_DECREASES),
            Map.entry("previous_change wrong, signatures right", PREVIOUS_CHANGE_MISMATCH),
            Map.entry("previous_change null in the second change", PREVIOUS_CHANGE_MISMATCH),
            Map.entry("previous_change present in the first change", FIRST_CHANGE_HAS_PREVIOUS),
            Map.entry("Ed25519 signature marked as P-256", KEY_AND_SIGNATURE_DIFFER),
            Map.entry("P-256 signature marked as Ed25519", KEY_AND_SIGNATURE_DIFFER),
            Map.entry("P-256 signature with s = 0", SIGNATURE_INVALID),
            Map.entry("P-256 signature over the data instead of its hash", SIGNATURE_INVALID),
            Map.entry("Ed25519 signature over the data instead of its hash", SIGNATURE_INVALID),
            Map.entry("signed by another key", SIGNATURE_INVALID),
            Map.entry("public key of 31 bytes", MALFORMED),
            Map.entry("change data with four elements", MALFORMED),
            Map.entry("another identifier was expected", UNEXPECTED_IDENTIFIER));

    /** Unusual encodings whose outer lists become canonical when they are exported again. */
    private static final Set<String> EXPORTED_OTHERWISE = Set.of(
            "trailing bytes after the list",
            "indefinite-length list and change",
            "first change with null as previous signature");

    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
    private final Identities identities =
            identitiesAt(IDENTITIES.required("now").longValue(), SoftwareVault.create(Runnable::run), repository);

    static Stream<Named<JsonNode>> identities() {
        return Vectors.named(IDENTITIES, "identities", "identifier");
    }

    static Stream<Named<JsonNode>> rejected() {
        return Vectors.named(IDENTITIES, "rejected", "why");
    }

    static Stream<Named<JsonNode>> acceptedUnusual() {
        return Vectors.named(IDENTITIES, "accepted_unusual", "why");
    }

    static Stream<Named<JsonNode>> comparisons() {
        return Vectors.named(IDENTITIES, "comparisons", "case");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("identities")
    void importsAndExportsWhatRustExported(JsonNode entry) {
        ByteString exported = Hex.string(text(entry, "change_history"));

        Identifier identifier = done(identities.importHistory(exported));

        assertThat(identifier).hasToString(text(entry, "identifier"));
        ChangeHistory history = done(identities.history(identifier)).orElseThrow();
        assertThat(history.export()).isEqualTo(exported);
        List<JsonNode> changes = Vectors.entries(entry, "changes").toList();
        assertThat(history.changes()).hasSameSizeAs(changes);
        for (int i = 0; i < changes.size(); i++) {
            assertChange(history.changes().get(i), changes.get(i));
        }
    }

    private static void assertChange(Change change, JsonNode expected) {
        ChangeData content = change.content();
        assertThat(change.hash()).hasToString(text(expected, "hash"));
        assertThat(content.previousChange().map(ChangeHash::toString).orElse(null))
                .isEqualTo(expected.required("previous_change").textValue());
        assertThat(content.publicKey().algorithm().name()).isEqualToIgnoringCase(text(expected, "key_type"));
        assertThat(Hex.of(content.publicKey().toBytes())).isEqualTo(text(expected, "public_key"));
        assertThat(content.revokesPurposeKeys())
                .isEqualTo(expected.required("revoke_all_purpose_keys").booleanValue());
        assertThat(content.validFrom().seconds())
                .isEqualTo(expected.required("attestations_valid_from").longValue());
        assertThat(content.validUntil().seconds())
                .isEqualTo(expected.required("attestations_valid_until").longValue());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rejected")
    void refusesWhatRustRefuses(JsonNode entry) {
        ByteString exported = Hex.string(text(entry, "change_history"));
        JsonNode expected = entry.get("expected_identifier");

        CompletionStage<Identifier> imported = expected == null
                ? identities.importHistory(exported)
                : identities.importHistory(exported, Identifier.parse(expected.textValue()));

        assertRefused(Objects.requireNonNull(BROKEN_RULES.get(text(entry, "why"))), imported);
    }

    @Test
    void knowsWhyEachHistoryIsRefused() {
        assertThat(rejected().map(Named::getName).collect(Collectors.toSet())).isEqualTo(BROKEN_RULES.keySet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("acceptedUnusual")
    void acceptsUnusualEncodingsAndExportsSignedBytesAsReceived(JsonNode entry) {
        ByteString exported = Hex.string(text(entry, "change_history"));

        Identifier identifier = done(identities.importHistory(exported));

        assertThat(identifier).hasToString(text(entry, "identifier"));
        ByteString again = done(identities.history(identifier)).orElseThrow().export();
        boolean same = !EXPORTED_OTHERWISE.contains(text(entry, "why"));
        assertThat(entry.required("exported_again_by_rust").booleanValue()).isEqualTo(same);
        assertThat(again.equals(exported)).isEqualTo(same);
        ChangeHistory received = ChangeHistory.decode(exported).orElseThrow();
        assertThat(ChangeHistory.decode(again).orElseThrow()).isEqualTo(received);
        assertThat(received.changes())
                .allSatisfy(change -> assertThat(Hex.of(again)).contains(Hex.of(change.data())));
        assertThat(done(identities.importHistory(again))).isEqualTo(identifier);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("comparisons")
    void comparesWithTheKnownHistoryLikeRust(JsonNode entry) {
        ByteString stored = Hex.string(text(entry, "stored"));
        ByteString received = Hex.string(text(entry, "received"));
        Identifier identifier = done(identities.importHistory(stored));

        CompletionStage<Identifier> imported = identities.importHistory(received);

        switch (text(entry, "case")) {
            case "equal", "newer" -> {
                assertThat(text(entry, "rust")).isEqualTo("accepted");
                assertThat(done(imported)).isEqualTo(identifier);
            }
            case "older" -> assertRefused(HISTORY_OLDER, imported);
            default -> assertRefused(HISTORY_CONFLICT, imported);
        }
        boolean replaced = text(entry, "stored_afterwards").equals("received");
        assertThat(done(identities.history(identifier)).orElseThrow().export()).isEqualTo(replaced ? received : stored);
    }
}
