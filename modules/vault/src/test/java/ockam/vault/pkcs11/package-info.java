// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of PKCS#11 that need no token; those with a token are in the module of tests, in {@code ockam.tests.vault}.
 *
 * <pre>
 *   Pkcs11KeyServiceTest  what is refused before there is a token, and work that waits for a thread
 *   ProvidersTest         what the exceptions of the JDK's provider mean
 * </pre>
 */
@NullMarked
package ockam.vault.pkcs11;

import org.jspecify.annotations.NullMarked;
