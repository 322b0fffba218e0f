// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * How many keys a software vault holds at one moment, for gauges and for tests that look for leaks.
 *
 * <p>Each number is exact when nothing runs at the same time; the four are not read in one step.
 *
 * @param agreementKeys X25519 private keys
 * @param signingKeys private signing keys of all algorithms
 * @param secrets secrets neither erased nor turned into a cipher key
 * @param aeadKeys cipher keys not erased
 */
public record KeyCounts(int agreementKeys, int signingKeys, int secrets, int aeadKeys) {}
