// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import ockam.vault.VerifyingVault;

/**
 * The terms on which {@link Identities} verifies what a peer shows.
 *
 * @param named whether the policy {@linkplain TrustPolicy.Expectation#NAMED names} the peer
 * @param limits how long the peer's history may be
 * @param newSignatures verifies the signatures of a peer that shows anything new, one after the other. Strangers can make it work, so it
 *     should not let them hold up others. If it never answers, neither does {@link Identities}
 */
public record PeerTerms(boolean named, HistoryLimits limits, VerifyingVault newSignatures) {}
