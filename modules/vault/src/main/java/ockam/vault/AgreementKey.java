// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * The handle of an X25519 private key that stays in its vault; it holds nothing secret.
 *
 * @param id the name of the key in its vault
 * @param publicKey the public half, to be sent to peers
 */
public record AgreementKey(KeyId id, X25519PublicKey publicKey) {}
