// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of whole channels: on nodes, over hops, with the testkit.
 *
 * <pre>
 * The handshake
 *   HandshakeOverHopsTest   what hops see of it, and noise that does not disturb it
 *   HandshakeTimeoutTest    handshakes without a reply end in time
 *   AbandonedHandshakeTest  handshakes that cannot continue or are stopped: they fail immediately, nothing is left
 *   PeerVerificationTest    what a peer may prove and show, and what is refused
 *   KnownHistoryTest        peers whose history is already known
 *   StaticKeyTest           which static key a peer sees, and when it is a new one
 *   TrustPolicyTest         whom the policies of both sides accept
 *   OutgoingAttributesTest  what may leave a worker, a relay, a listener's channels, by what authorities say about the receiver
 *   CredentialsTest         credentials that are presented one way and both ways, refused, refreshed, and that end on an open channel
 *   StrangersTest           what strangers with long histories cost, and that they neither delay nor displace known peers
 *   EarlyFramesTest         frames that overtake the last message
 *   BulkAfterCreateTest     nothing is lost of many messages that are sent immediately
 *   ListenerTest            many concurrent handshakes, and the bound on those that are half open
 *   ChannelBoundsTest       bounds on open channels, for peers that reconnect and never close
 *   HeapBoundsIT            what many messages with long routes make a node hold (in a separate JVM)
 *   ListenerFloodIT         a hundred thousand bogus first messages (in a separate JVM)
 *   FirstMistakesTest       what one sees of the mistakes of the first day, the rows of docs/troubleshooting.md
 *
 * The open channel
 *   SetupTest               nothing comes out of a channel before it is set up; channels that are not set up
 *   ChannelRoutingTest      the routes of messages and replies, the registry, moving to another route
 *   ChannelRouteProperties  the same over random routes
 *   ReachabilityTest        what can be reached through a channel: nothing, unless it was allowed
 *   NestedChannelsTest      channels in channels
 *   BodyLimitTest           the largest message, and one byte more
 *   BadInputTest            noise, replays and nonsense from strangers and from the peer
 *   HostileHopsTest         hops that lose, duplicate, delay, damage and replay messages
 *   LostFramesTest          more lost frames in a row than the window has room for
 *   ChannelStateTest        what a channel says about itself: route lost, out of step, closed, and what heals it
 *   ChannelEventsTest       what an observer sees of a channel: the handshake step by step, frames, how it ends
 *   CredentialRefreshTest   credentials that are replaced on open channels, both ways, through outages, of two authorities
 *   RotationTest            keys of both kinds and credentials that are replaced while streams run and handshakes are under way
 *   PurposeKeyRotationTest  purpose keys that are replaced by a schedule
 *   LivenessTest            a channel that watches its peer, and a peer that has gone
 *   IndependentPeerTest     a peer that was written from the protocol alone
 *   SerializedMessagesTest  the same where Akka serializes all messages
 *   TwoActorSystemsTest     two actor systems with the same names share nothing
 *
 * Streams
 *   ChannelStreamTest       demand, order, closing and fairness through channels
 *   ChannelWindowOfOneTest  the smallest window causes no deadlock, not even in nested channels
 *   ConnectedNodesTest      nodes that share nothing but connections: channels across them, floods in both directions
 *   FlatMemoryIT            a million messages to a slow consumer, in little memory (in a separate JVM)
 *
 * The end
 *   ChannelClosingTest      both ends stop, with all that belongs to them
 *   OwnerTest               channels and listeners end with the actor that they belong to, in the middle of a handshake too
 *   ChannelKeeperTest       channels by messages, for actors
 *   ChannelFailureTest      a vault that breaks ends the channel
 *   ChannelTerminationTest  whoever waits for a channel is told, also when the actor system just ends
 *
 * Used by these tests
 *   Scene                   Alice and Bob on one node; nothing may be left of their channels
 *   CredentialScene         a scene with two authorities, a clock, and workers for members
 *   HandmadePeer            a peer at a mailbox that makes every message by hand
 *   HandmadeNoise           one end of a channel from the JDK alone
 * </pre>
 */
@NullMarked
package ockam.tests.channel;

import org.jspecify.annotations.NullMarked;
