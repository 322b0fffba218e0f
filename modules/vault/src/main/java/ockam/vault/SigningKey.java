// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * The handle of a private signing key that stays in its vault; it holds nothing secret.
 *
 * @param id the name of the key in its vault
 * @param publicKey the public half, which also determines the algorithm
 */
public record SigningKey(KeyId id, VerifyingKey publicKey) {}
