// SPDX-License-Identifier: Apache-2.0

/**
 * Keys, and what is computed with them: signatures, key agreement, authenticated encryption. Interfaces that a store of keys implements, and
 * {@link ockam.vault.SoftwareVault}, which keeps them in memory. Knows nothing of identities, messages or actors.
 */
@NullMarked
package ockam.vault;

import org.jspecify.annotations.NullMarked;
