// SPDX-License-Identifier: Apache-2.0

/**
 * Signing keys in a PKCS#11 token, a hardware security module for example, by the provider of the JDK:
 * {@link ockam.vault.pkcs11.Pkcs11KeyService}.
 */
@NullMarked
package ockam.vault.pkcs11;

import org.jspecify.annotations.NullMarked;
