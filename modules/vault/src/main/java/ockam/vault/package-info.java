// SPDX-License-Identifier: Apache-2.0

/**
 * Keys and the operations on them: signatures, key agreement and authenticated encryption. Contains the interfaces that a key
 * store implements, and {@link ockam.vault.SoftwareVault}, which keeps keys in memory. Signing keys can also be elsewhere: in a service
 * ({@link ockam.vault.service}) or in a PKCS#11 token ({@link ockam.vault.pkcs11}). Knows nothing about identities, messages or actors.
 */
@NullMarked
package ockam.vault;

import org.jspecify.annotations.NullMarked;
