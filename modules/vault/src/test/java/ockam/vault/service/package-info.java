// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of signing keys that are in a service elsewhere, with a fake service and on a clock that only the tests move.
 *
 * <pre>
 *   KeyServiceVaultTest        what is repeated and what is not, time-outs, the bound, cancelling, keys that nobody wants
 *   KeyServiceVaultProperties  the same by a seed, with a service that delays, loses, refuses and breaks
 *   KeyServiceOptionsTest      defaults and bounds of the options
 *   LaterTest                  running something later on an executor of the JDK
 *
 * Used by these tests
 *   FakeKms                    a key management service with any fate for each request
 *   ManualLater                time that the tests move
 *   Ends                       results and failures of stages
 *   Warnings                   what the vault logs
 * </pre>
 */
@NullMarked
package ockam.vault.service;

import org.jspecify.annotations.NullMarked;
