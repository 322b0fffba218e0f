// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of identities whose keys are elsewhere: in a PKCS#11 token, and in a key management service.
 *
 * <pre>
 *   Pkcs11VaultTest     keys and signatures of a token: generated, found again, many at a time, deleted, a wrong PIN
 *   Pkcs11IdentityTest  an identity whose keys are in a token: a channel over hops, a restart, rotation, a key that is gone
 *   SlowKmsTest         a slow service holds up its own identity and no other; what a handshake says of one that is down
 *
 * Used by these tests
 *   SoftHsm             tokens of SoftHSM, if it is installed; otherwise the tests with tokens are skipped
 *   HeldKms             a service that answers when the test says so
 * </pre>
 */
@NullMarked
package ockam.tests.vault;

import org.jspecify.annotations.NullMarked;
