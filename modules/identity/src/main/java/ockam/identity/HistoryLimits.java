// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

/**
 * How long a peer's change history may be. Each change costs up to two signatures to verify, and what is accepted is remembered.
 *
 * @param maxChanges the most changes, at least 1
 * @param maxUnnamedBytes the longest exported form, in bytes, for a peer that the application has not named, neither by its policy
 *     ({@link TrustPolicy.Expectation#NAMED}) nor by importing the peer's history
 */
public record HistoryLimits(int maxChanges, long maxUnnamedBytes) {

    /** Checks the ranges; throws {@link IllegalArgumentException} for what no history has. */
    public HistoryLimits {
        if (maxChanges < 1 || maxUnnamedBytes < 0) {
            throw new IllegalArgumentException(
                    "no history has " + maxChanges + " changes or " + maxUnnamedBytes + " bytes");
        }
    }
}
