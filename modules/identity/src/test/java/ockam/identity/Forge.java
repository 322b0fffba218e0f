// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.ExampleIdentities.filled;
import static ockam.fixtures.Stages.done;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ockam.vault.Sha256;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.wire.CborWriter;
import org.jspecify.annotations.Nullable;

/** Creates changes, histories, attestations and credentials of any kind, valid and invalid ones, with known keys. */
final class Forge {
    static final long LIFETIME = 1_000_000;

    final SoftwareVault vault = SoftwareVault.create(Runnable::run);

    SigningKey ed25519(int fill) {
        return vault.importSigningKey(SignatureAlgorithm.ED25519, filled(fill));
    }

    SigningKey p256(int fill) {
        return vault.importSigningKey(SignatureAlgorithm.P256, filled(fill));
    }

    Signature sign(SigningKey key, ByteString data) {
        return done(vault.sign(key, Sha256.hash(data.toArray())));
    }

    static ByteString data(@Nullable ChangeHash previous, SigningKey key, long from) {
        return new ChangeData(previous, key.publicKey(), false, new Timestamp(from), new Timestamp(from + LIFETIME))
                .encodeSigned();
    }

    /** Returns the same content with another version and type. */
    static ByteString relabelled(ByteString data, long version, long type) {
        ByteString content = VersionedData.decode(data).orElseThrow().content();
        return CborWriter.create(256)
                .array(3)
                .unsigned(version)
                .unsigned(type)
                .bytes(content)
                .toByteString();
    }

    Change signed(ByteString data, SigningKey key, @Nullable SigningKey previousKey) {
        return new Change(data, sign(key, data), previousKey == null ? null : sign(previousKey, data));
    }

    Change first(SigningKey key) {
        return signed(data(null, key, IdentityTests.NOW), key, null);
    }

    Change next(Change before, SigningKey previousKey, SigningKey key) {
        return signed(data(before.hash(), key, IdentityTests.NOW), key, previousKey);
    }

    /** Returns a history with these keys, in order. */
    ChangeHistory history(SigningKey... keys) {
        List<Change> changes = new ArrayList<>(List.of(first(keys[0])));
        for (int i = 1; i < keys.length; i++) {
            changes.add(next(changes.get(i - 1), keys[i - 1], keys[i]));
        }
        return new ChangeHistory(changes);
    }

    static ChangeHistory of(Change... changes) {
        return new ChangeHistory(Arrays.asList(changes));
    }

    PurposeKeyAttestation attestation(
            ChangeHistory subject, SigningKey key, PurposePublicKey attested, long createdAt, long expiresAt) {
        return signed(
                new PurposeKeyAttestationData(
                                subject.identifier(),
                                subject.latest().hash(),
                                attested,
                                new Timestamp(createdAt),
                                new Timestamp(expiresAt))
                        .encodeSigned(),
                key);
    }

    PurposeKeyAttestation signed(ByteString data, SigningKey key) {
        return new PurposeKeyAttestation(data, sign(key, data));
    }

    /** Returns a credential with this content, signed with this key. */
    Credential credential(CredentialData content, SigningKey key) {
        return credential(content.encodeSigned(), key);
    }

    Credential credential(ByteString data, SigningKey key) {
        return new Credential(data, sign(key, data));
    }
}
