// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityException.Reason.*;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.assertRefused;
import static ockam.identity.IdentityTests.identitiesAt;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import ockam.vault.Ed25519PublicKey;
import ockam.vault.Ed25519Signature;
import ockam.vault.KeyId;
import ockam.vault.P256PublicKey;
import ockam.vault.P256Signature;
import ockam.vault.Signature;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.wire.CborWriter;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

/** The rules of secure channel, section 4.5, one by one. */
class HistoryVerificationTest {
    private final Forge forge = new Forge();
    private final SigningKey key1 = forge.ed25519(1);
    private final SigningKey key2 = forge.ed25519(2);
    private final SigningKey key3 = forge.ed25519(3);
    private final SigningKey p256 = forge.p256(4);
    private final Change first = forge.first(key1);
    private final Identities identities = identitiesAt(NOW, forge.vault, InMemoryIdentityRepository.create());

    private void assertAccepted(ChangeHistory history) {
        assertThat(done(identities.importHistory(history.export()))).isEqualTo(history.identifier());
    }

    private void assertRefusedFor(IdentityException.Reason reason, Change... changes) {
        assertRefused(reason, identities.importHistory(Forge.of(changes).export()));
    }

    @Test
    void acceptsHistoryRotatedSeveralTimesBetweenAlgorithms() { // secure channel, section 9, items 20 and 24
        assertAccepted(forge.history(key1));
        assertAccepted(forge.history(p256, key1));
        assertAccepted(forge.history(key2, p256, key3, forge.p256(5)));
    }

    @Test
    void signaturesOfP256AreSixtyFourBytesOverTheHash() { // secure channel, section 9, item 24
        Change change = forge.first(p256);

        assertThat(change.signature()).isInstanceOf(P256Signature.class);
        assertThat(change.signature().toBytes()).hasSize(64);
        assertThat(done(forge.vault.verify(
                        p256.publicKey(), change.hash().bytes().toArray(), change.signature())))
                .isTrue();
    }

    @Test
    void refusesEmptyHistory() {
        ByteString empty = CborWriter.create(1).array(0).toByteString();

        assertRefused(EMPTY_HISTORY, identities.importHistory(empty));
    }

    @Test
    void refusesOtherVersions() {
        for (long version : new long[] {0, 2, -1}) {
            ByteString data = Forge.relabelled(first.data(), version, 1);
            assertRefusedFor(UNKNOWN_VERSION, forge.signed(data, key1, null));
        }
    }

    @Test
    void refusesDecreasingVersion() { // 0 after 1: only version 1 is known at all
        Change next = forge.next(first, key1, key2);
        ByteString data = Forge.relabelled(next.data(), 0, 1);

        assertRefusedFor(UNKNOWN_VERSION, first, forge.signed(data, key2, key1));
    }

    @Test
    void refusesDataOfAnotherType() {
        for (long type : new long[] {0, 2, 3, -1}) {
            ByteString data = Forge.relabelled(first.data(), 1, type);
            assertRefusedFor(WRONG_DATA_TYPE, forge.signed(data, key1, null));
        }
    }

    @Test
    void refusesDataThatCannotBeRead() {
        assertRefusedFor(MALFORMED, forge.signed(ByteString.fromString("no CBOR"), key1, null));
        ByteString emptyContent = CborWriter.create(8)
                .array(3)
                .unsigned(1)
                .unsigned(1)
                .bytes(new byte[0])
                .toByteString();
        assertRefusedFor(MALFORMED, forge.signed(emptyContent, key1, null));
    }

    @Test
    void refusesKeysOfUnknownKindAndCompressedPoints() {
        byte[] compressed = new byte[P256PublicKey.LENGTH];
        compressed[0] = 2;

        assertRefusedFor(MALFORMED, forge.signed(dataWithKey(2, new byte[32]), key1, null));
        assertRefusedFor(MALFORMED, forge.signed(dataWithKey(1, compressed), key1, null));
    }

    private static ByteString dataWithKey(int kind, byte[] key) {
        CborWriter content = CborWriter.create(128)
                .array(5)
                .nul()
                .variant(kind, 1)
                .bytes(key)
                .bool(false)
                .unsigned(NOW)
                .unsigned(NOW + 1);
        return VersionedData.encode(VersionedData.Type.CHANGE, content);
    }

    @Test
    void refusesSignaturesOfUnknownKind() {
        ByteString exported = CborWriter.create(128)
                .array(1)
                .array(2)
                .bytes(first.data())
                .variant(2, 1)
                .bytes(new byte[64])
                .toByteString();

        assertRefused(MALFORMED, identities.importHistory(exported));
    }

    @Test
    void refusesFirstChangeThatNamesAPreviousOne() {
        ByteString data = Forge.data(first.hash(), key1, NOW);

        assertRefusedFor(FIRST_CHANGE_HAS_PREVIOUS, forge.signed(data, key1, null));
    }

    @Test
    void refusesWrongAndMissingPreviousChange() {
        Change second = forge.next(first, key1, key2);
        Change jumpsBack = forge.signed(Forge.data(first.hash(), key3, NOW), key3, key2);
        Change namesNone = forge.signed(Forge.data(null, key3, NOW), key3, key2);

        assertRefusedFor(PREVIOUS_CHANGE_MISMATCH, first, second, jumpsBack);
        assertRefusedFor(PREVIOUS_CHANGE_MISMATCH, first, second, namesNone);
    }

    @Test
    void refusesValidityThatBeginsBeforeThatOfThePreviousKey() {
        Change earlier = forge.signed(Forge.data(first.hash(), key2, NOW - 1), key2, key1);
        Change same = forge.signed(Forge.data(first.hash(), key2, NOW), key2, key1);

        assertRefusedFor(VALIDITY_DECREASES, first, earlier);
        assertAccepted(Forge.of(first, same));
    }

    @Test
    void comparesValidityAsUnsignedNumbers() {
        Change latest = forge.signed(Forge.data(null, key1, -1), key1, null);
        Change wrapped = forge.signed(Forge.data(latest.hash(), key2, 5), key2, key1);

        assertAccepted(Forge.of(latest));
        assertRefusedFor(VALIDITY_DECREASES, latest, wrapped);
    }

    @Test
    void acceptsGapBetweenValiditiesAndValidityInThePast() {
        Change later = forge.signed(Forge.data(first.hash(), key2, NOW + 2 * Forge.LIFETIME), key2, key1);

        assertAccepted(Forge.of(first, later));
        assertAccepted(Forge.of(forge.signed(Forge.data(null, key3, 1), key3, null)));
    }

    @Test
    void refusesForgedSignatures() { // secure channel, section 9, item 21
        Change second = forge.next(first, key1, key2);
        Change third = forge.next(second, key2, key3);
        Signature forged = forge.sign(key3, first.data());

        assertRefusedFor(SIGNATURE_INVALID, new Change(first.data(), forged, null));
        assertRefusedFor(
                SIGNATURE_INVALID,
                first,
                new Change(second.data(), forge.sign(key3, second.data()), forge.sign(key1, second.data())));
        assertRefusedFor(
                PREVIOUS_SIGNATURE_INVALID,
                first,
                new Change(second.data(), second.signature(), forge.sign(key2, second.data())));
        assertRefusedFor(
                PREVIOUS_SIGNATURE_INVALID,
                first,
                second,
                new Change(third.data(), third.signature(), forge.sign(key1, third.data())));
    }

    @Test
    void refusesMissingPreviousSignatureOnAnyLaterChange() { // secure channel, section 9, item 21
        Change second = forge.next(first, key1, key2);
        Change third = forge.next(second, key2, key3);

        assertRefusedFor(PREVIOUS_SIGNATURE_MISSING, first, new Change(second.data(), second.signature(), null));
        assertRefusedFor(PREVIOUS_SIGNATURE_MISSING, first, second, new Change(third.data(), third.signature(), null));
    }

    @Test
    void ignoresPreviousSignatureOfTheFirstChange() {
        Signature meaningless = P256Signature.of(new byte[P256Signature.LENGTH]);
        ChangeHistory history = Forge.of(new Change(first.data(), first.signature(), meaningless));

        assertAccepted(history);
        assertThat(done(identities.history(history.identifier()))).contains(history);
    }

    @Test
    void refusesSignatureOfADifferentAlgorithmThanTheKey() {
        Signature bytesOfEd25519 = P256Signature.of(first.signature().toBytes());
        Change p256First = forge.first(p256);
        Signature bytesOfP256 = Ed25519Signature.of(p256First.signature().toBytes());
        Change second = forge.next(first, key1, p256);

        assertRefusedFor(KEY_AND_SIGNATURE_DIFFER, new Change(first.data(), bytesOfEd25519, null));
        assertRefusedFor(KEY_AND_SIGNATURE_DIFFER, new Change(p256First.data(), bytesOfP256, null));
        assertRefusedFor(
                KEY_AND_SIGNATURE_DIFFER, first, new Change(second.data(), second.signature(), second.signature()));
    }

    @Test
    void refusesKeysThatAreNotPointsOfTheirCurve() {
        byte[] noPoint = new byte[P256PublicKey.LENGTH];
        noPoint[0] = 4;
        var badP256 = new SigningKey(new KeyId("bad"), P256PublicKey.of(noPoint));
        var badEd25519 = new SigningKey(new KeyId("bad"), Ed25519PublicKey.of(new byte[32]));

        assertRefusedFor(
                SIGNATURE_INVALID, new Change(Forge.data(null, badP256, NOW), P256Signature.of(new byte[64]), null));
        assertRefusedFor(
                SIGNATURE_INVALID,
                new Change(Forge.data(null, badEd25519, NOW), Ed25519Signature.of(new byte[64]), null));
    }

    @Test
    void refusesHistoryOfADifferentIdentityThanExpected() { // secure channel, section 9, item 19
        ByteString exported = forge.history(key1, key2).export();
        Identifier other = forge.history(key2).identifier();

        assertRefused(UNEXPECTED_IDENTIFIER, identities.importHistory(exported, other));
        assertThat(done(identities.history(first.hash().toIdentifier()))).isEmpty();
        assertThat(done(identities.importHistory(exported, first.hash().toIdentifier())))
                .isEqualTo(first.hash().toIdentifier());
    }

    @Test
    void refusesHistoryBeyondTheLimits() {
        ChangeHistory longest = forge.history(longHistory(ChangeHistory.MAX_CHANGES));
        List<Change> tooMany = new ArrayList<>(longest.changes());
        tooMany.add(first);
        ByteString tooLong = ByteString.fromArray(new byte[ChangeHistory.MAX_EXPORTED_LENGTH + 1]);

        assertRefused(HISTORY_TOO_LONG, identities.importHistory(new ChangeHistory(tooMany).export()));
        assertRefused(HISTORY_TOO_LONG, identities.importHistory(tooLong));
    }

    private SigningKey[] longHistory(int changes) {
        SigningKey[] keys = new SigningKey[changes];
        for (int i = 0; i < changes; i++) {
            keys[i] = i % 2 == 0 ? key1 : key2;
        }
        return keys;
    }

    @Test
    void verifiesTheLongestHistoryWithoutExhaustingTheStack() throws Exception {
        ByteString exported =
                forge.history(longHistory(ChangeHistory.MAX_CHANGES)).export();

        assertThat(done(identities.importHistory(exported)))
                .isEqualTo(first.hash().toIdentifier());

        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Identities elsewhere =
                    identitiesAt(NOW, SoftwareVault.create(executor), InMemoryIdentityRepository.create());
            assertThat(elsewhere.importHistory(exported).toCompletableFuture().get(1, TimeUnit.MINUTES))
                    .isEqualTo(first.hash().toIdentifier());
        } finally {
            executor.shutdown();
        }
    }
}
