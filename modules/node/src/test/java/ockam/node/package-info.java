// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of nodes. They are named for what they prove, seldom for a class.
 *
 * <pre>
 * The life of a worker
 *   StartTest            addresses are taken all or none, and can receive immediately
 *   StopTest             queued messages are handled first, the address is free immediately, the stage completes at the end
 *   AttachTest           actors that exist already take part, and their addresses go with them
 *   OwnProtocolTest      workers with a protocol of their own, started by the node or by anyone, restarted, stopped
 *   OwnProtocolRaceTest  the same while many messages come in: order, window, openings; many successors at one address
 *   OwnMessagesTest      a worker with its own messages: timers, pipes, stash, late replies
 *   FailingWorkerTest    workers and codecs that throw harm nothing else
 *   BackoffTest          workers that fail and wait to be restarted give every permit back
 *   SlowHandlerTest      a handler that does not return is named in the log
 *   DispatcherTest       on which threads workers run, and how many there are
 *
 * The path of a message
 *   HopTest              hops and relays: the onward and the return route
 *   RoutingProperties    the same over random routes
 *   BadRouteTest         routes that are empty, too long or lead nowhere
 *   AccessOnNodeTest     access control along the route, and which peer it sees
 *   DroppedMessagesTest  messages that cannot be sent are reported to the sender, or counted and published
 *   UnencodableTest      a text that cannot be encoded is reported to whoever sends it, and nothing is sent
 *   UndecodableTest      a payload that a codec refuses is reported with the codec, the peer and the place
 *   NoRoomTest           whoever finds no room is told where most of what is under way waits
 *   UserCodeTest         code of the application that throws, at each place where a node calls it
 *   ObserverTest         what an observer of the node is shown
 *
 * Applications
 *   MailboxTest          sending and receiving: order, time limits, bounds, closing
 *   AkkaSerializationTest  codecs by the serializers of the actor system, never by Java's own
 *   AskTest              a question and its first reply, from its own address
 *
 * Streams and permits
 *   StreamTest           demand, order, completion, failure and cancellation over hops
 *   StreamReportTest     what a stream says became of what it sent: arrived, lost, copied, answered
 *   StreamStartTest      a stream or connection has its address as soon as it is run, and gives it back if it never starts
 *   StreamDrainTest      a stream that ends waits as long as something arrives
 *   StreamGroupTest      the streams that end together with something know of its end, once
 *   StreamPortTest       a guest, such as a transport, connects as a stream with its own messages
 *   WindowOfOneTest      opposite flows over the same hops do not lock each other in the smallest window
 *   PermitProperties     every permit comes back, also of workers in back-off: random steps in a random order, from a seed
 *   PermitRaceTest       every permit comes back: real threads, stops at bad moments, a node nearly full
 *
 * Connections
 *   ConnectionTest       what a connection brings in and carries out, its read window, what is stuck, how it ends
 *   ConnectionSettingsTest  the keys of connections in reference.conf, their defaults and ranges
 *
 * The node
 *   OckamTest            nodes and actor systems keep apart; names, metadata, the end with the actor system
 *   StateFeedTest        who follows a state sees each change, and leaves nothing behind however it ends
 *   StreamSettingsTest   the keys of streams in reference.conf, their defaults and ranges, and what cannot be read
 *   LibraryVersionsTest  modules of different versions, and another Akka than the library is made for, are named at the start
 *   UnknownSettingsTest  settings that nobody reads, and those that were probably meant
 *   NodeStopTest         how a node stops: in which order, what hangs, and that nothing is left
 *   TerminationTest      whoever waits is told, and later calls are refused, also when the actor system just ends
 *   RaceTest             several threads start, stop and send at the same time
 *
 * Used by these tests
 *   NodeKit              nodes on an actor system for each class; they must leave nothing behind
 *   ManualClock          the time of an actor system, which passes when the test says so
 *   Turns                an executor that does one thing at a time, in an order that the test draws
 * </pre>
 */
@NullMarked
package ockam.node;

import org.jspecify.annotations.NullMarked;
