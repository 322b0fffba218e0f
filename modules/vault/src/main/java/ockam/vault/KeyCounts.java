// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * The number of keys that a software vault holds at one moment, for gauges and for tests that look for leaks.
 *
 * <p>Each number is exact when nothing runs at the same time; the four are not read atomically.
 *
 * @param agreementKeys X25519 private keys
 * @param signingKeys private signing keys of all algorithms
 * @param secrets secrets that were neither erased nor turned into a cipher key
 * @param aeadKeys cipher keys that were not erased
 */
public record KeyCounts(int agreementKeys, int signingKeys, int secrets, int aeadKeys) {}
