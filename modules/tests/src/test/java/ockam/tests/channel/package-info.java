// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of whole channels: on nodes, over hops, with the testkit.
 *
 * <pre>
 * The handshake
 *   HandshakeOverHopsTest   what hops see of it, and noise that does not disturb it
 *   HandshakeTimeoutTest    handshakes without an answer end in time
 *   AbandonedHandshakeTest  handshakes that cannot go on or are stopped: told at once, nothing left
 *   PeerVerificationTest    what a peer may prove and show, and what is refused
 *   KnownHistoryTest        peers whose history is known already
 *   StaticKeyTest           which static key a peer sees, and when it is a new one
 *   TrustPolicyTest         whom the policies of both sides let in
 *   EarlyFramesTest         frames that overtake the last message
 *   BulkAfterCreateTest     nothing is lost of much that is sent at once
 *   ListenerTest            many handshakes at a time, and the bound on those that are half open
 *   ListenerFloodIT         a hundred thousand first messages that nobody means (in a JVM of its own)
 *
 * The open channel
 *   ChannelRoutingTest      the routes of messages and answers, the registry, moving to another way
 *   ChannelRouteProperties  the same over random routes
 *   ReachabilityTest        who is reached through a channel: nobody, unless it was allowed
 *   NestedChannelsTest      channels in channels
 *   BadInputTest            noise, replays and nonsense from strangers and from the peer
 *   HostileHopsTest         hops that lose, double, delay, damage and repeat
 *   IndependentPeerTest     a peer that was written from the protocol alone
 *   TwoActorSystemsTest     two actor systems with the same names share nothing
 *
 * Streams
 *   ChannelStreamTest       demand, order, closing and fairness through channels
 *   ChannelWindowOfOneTest  the smallest window locks nobody, not even in nested channels
 *   FlatMemoryIT            a million messages to a slow consumer, in little memory (in a JVM of its own)
 *
 * The end
 *   ChannelClosingTest      both ends go, with all that belongs to them
 *   ChannelFailureTest      a vault that breaks ends the channel
 *   ChannelTerminationTest  whoever waits for a channel is told, also when the actor system just ends
 *
 * Used by these tests
 *   Scene                   Alice and Bob on one node; nothing may be left of their channels
 *   Party                   somebody with an identity and a vault
 *   HandmadePeer            a peer at a mailbox that makes every message by hand
 *   HandmadeNoise           one end of a channel from the JDK alone
 * </pre>
 */
@NullMarked
package ockam.tests.channel;

import org.jspecify.annotations.NullMarked;
