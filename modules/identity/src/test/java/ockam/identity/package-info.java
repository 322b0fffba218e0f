// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of identities: what each file proves.
 *
 * <pre>
 * Histories, attestations and what a peer shows: what is accepted and what is refused
 *   HistoryVerificationTest         each rule for change histories
 *   AttestationVerificationTest     each rule for attestations of purpose keys
 *   KnownHistoriesTest              a history of an identity that is known already: older, newer, contradicting
 *   PeerVerificationTest            all that the handshake asks about a peer
 *   PeerHistoriesTest               what of a peer's history is verified, how long it may be, when it is remembered
 *   IdentityAndCredentialsTest      the handshake payload: encoding and limits
 *   DecodersProperties              any bytes get an answer and no exception; nothing altered passes as genuine
 *   TrustPolicyTest                 whom a policy trusts, and that trust in everybody is warned of
 *
 * Own identities and their keys
 *   IdentitiesTest                  identities are made, found again and rotated
 *   PurposeKeysTest                 purpose keys are made, used again and renewed
 *   FailuresTest                    vaults and repositories that fail: no key is lost, and none left over
 *   ConcurrencyTest                 many at once: an identity never forks
 *   InMemoryIdentityRepositoryTest  what the repository keeps, forgets and refuses
 *   ValuesTest                      moments, hashes, options
 *
 * The same bytes as others
 *   WorkedExamplesTest              the worked examples of the protocol, byte for byte
 *   RustIdentityVectorsTest         histories recorded from Rust: accepted, refused and compared as Rust does
 *   RustCredentialVectorsTest       attestations and credentials recorded from Rust: accepted and refused as Rust does
 *
 * Used by these tests
 *   Forge                           makes histories and attestations, right and wrong ones
 *   IdentityTests                   clocks, altered bytes and refusals
 *   ScriptedVault                   a vault that generates the keys of a script and fails when told to
 *   Vectors                         reads src/test/resources/vectors
 * </pre>
 */
@NullMarked
package ockam.identity;

import org.jspecify.annotations.NullMarked;
