// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of PKCS#11 that need no real token; those with SoftHSM are in the module of tests, in {@code ockam.tests.vault}.
 *
 * <pre>
 *   TokenTest             a token in memory: keys, PINs, and tokens that come, go and break
 *   Pkcs11KeyServiceTest  what is refused before there is a token, and work that waits for a thread
 *   ProvidersTest         what the exceptions of the JDK's provider mean
 *
 * Used by these tests
 *   FakeToken             a provider like the JDK's, with a token in memory
 * </pre>
 */
@NullMarked
package ockam.vault.pkcs11;

import org.jspecify.annotations.NullMarked;
