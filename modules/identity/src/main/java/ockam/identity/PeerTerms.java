// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import ockam.vault.VerifyingVault;

/**
 * On which terms {@link Identities} verifies what a peer shows.
 *
 * @param named whether the policy {@linkplain TrustPolicy.Expectation#NAMED names} the peer
 * @param limits how long its history may be
 * @param newSignatures verifies all signatures of a peer that shows anything new, one after the other; a stranger can make it work, so it
 *     should not let strangers hold up others. One that never answers leaves the stage open for good
 */
public record PeerTerms(boolean named, HistoryLimits limits, VerifyingVault newSignatures) {}
