// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of the vault: what each file proves.
 *
 * <pre>
 * Algorithms, each against published vectors
 *   AesGcmTest                    AES-256-GCM; no two messages in a row are sealed with one nonce
 *   EcdsaP256Test                 ECDSA on P-256: signatures, and invalid keys and signatures
 *   Ed25519Test                   Ed25519: signatures, weak keys, signatures with any bit changed
 *   HkdfTest                      HKDF with SHA-256
 *   PasswordSealTest              what is sealed with a password: opened with it only, and as another program sealed it
 *   Sha256Test                    SHA-256, of one text and of several parts
 *   X25519Test                    X25519; an all-zero secret is refused
 *
 * The vault and what it returns
 *   SoftwareVaultTest             key pairs: generated, imported, used, deleted, unknown; where curve operations run
 *   SoftwareVaultConcurrencyTest  the same keys and secrets in many threads; the counts stay exact
 *   SecretTest                    secrets: derived, copied, erased, counted; useless to another vault
 *   AeadKeyTest                   cipher keys: frames and rekeying as specified, increasing nonces, ranges, erasure
 *   AeadKeyProperties             cipher keys on random input: sealed messages open, and a failed opening leaves only zeros
 *   ValuesTest                    public keys, signatures and ids are values
 *   PrintingTest                  nothing that is printed shows a secret
 *
 * Used by these tests
 *   VaultTests                    bytes, stages and refusals
 *   Wycheproof                    runs all vectors of a file in src/test/resources/wycheproof, and counts them
 * </pre>
 */
@NullMarked
package ockam.vault;

import org.jspecify.annotations.NullMarked;
