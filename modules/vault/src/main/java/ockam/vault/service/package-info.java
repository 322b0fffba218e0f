// SPDX-License-Identifier: Apache-2.0

/**
 * Signing keys that are elsewhere: {@link ockam.vault.service.KeyService} is what a key management service or a token has to do, and
 * {@link ockam.vault.service.KeyServiceVault} makes a {@link ockam.vault.SigningVault} of it, with time-outs, bounds and repetitions.
 */
@NullMarked
package ockam.vault.service;

import org.jspecify.annotations.NullMarked;
