// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of identities: what each file proves.
 *
 * <pre>
 * Histories, attestations, credentials and what a peer shows: what is accepted and what is refused
 *   HistoryVerificationTest         each rule for change histories
 *   AttestationVerificationTest     each rule for attestations of purpose keys
 *   CredentialVerificationTest      each rule for credentials; what an altered one is refused for
 *   PeerStatementsTest              credentials that a peer presents: what is stored, refused, passed on, and who is told
 *   KnownHistoriesTest              a history of an identity that is already known: older, newer, contradicting
 *   PeerVerificationTest            everything that the handshake verifies about a peer
 *   PeerHistoriesTest               what is verified of a peer's history, how long it may be, when it is remembered
 *   IdentityAndCredentialsTest      the handshake payload: encoding and limits
 *   DecodersProperties              any bytes yield a result and no exception; nothing altered passes as genuine
 *   TrustPolicyTest                 whom a policy trusts, and the warning about trusting everyone
 *
 * The identities of a node and their keys
 *   IdentitiesTest                  identities are created, loaded and rotated
 *   PurposeKeysTest                 purpose keys are generated, reused, renewed, and replaced by a call or when they are old
 *   CredentialIssuingTest           credentials are issued, with a key that outlives them
 *   FailuresTest                    vaults and repositories that fail: no key is lost, and none is left over
 *   ConcurrencyTest                 concurrent calls: an identity never forks
 *   InMemoryIdentityRepositoryTest  what the repository keeps, forgets and refuses
 *   InMemoryAttributeStoreTest      what authorities said: the newest stays, until it ends or room is needed
 *   InMemoryCredentialStoreTest     a node's own credentials: the last one stays, until it ends
 *   InMemoryStoreTest               a unit of work counts as a whole; members, tokens, and codes that are redeemed; identities by name
 *   StoreProperties                 members and tokens behave like a model, also when units fail
 *   IdentityFileTest                an identity in a file: the same in the next run; who may read it, wrong passwords, files that are none
 *   ValuesTest                      moments, hashes, options
 *
 * The same bytes as other implementations
 *   WorkedExamplesTest              the worked examples of the protocol, byte for byte
 *   RustIdentityVectorsTest         histories recorded from Rust: accepted, refused and compared as Rust does
 *   RustCredentialVectorsTest       attestations and credentials recorded from Rust: accepted and refused as Rust does
 *
 * Used by these tests
 *   Forge                           creates histories, attestations and credentials, valid and invalid ones
 *   IdentityTests                   clocks, altered bytes and refusals
 *   LookUps                         a repository that counts how often it is asked
 *   ScriptedVault                   a vault that generates the keys of a script and fails when told to
 *   Vectors                         reads src/test/resources/vectors
 * </pre>
 */
@NullMarked
package ockam.identity;

import org.jspecify.annotations.NullMarked;
