// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

/**
 * A purpose key of an identity of this node, with its attestation (secure channel, section 4.7); the private key is in the vault.
 *
 * @param key the handle of the key
 * @param attestation the identity's statement that the key is its own
 * @param <K> the kind of handle: {@link ockam.vault.AgreementKey} for secure channels, {@link ockam.vault.SigningKey} for
 *     credentials
 */
public record AttestedKey<K>(K key, PurposeKeyAttestation attestation) {}
