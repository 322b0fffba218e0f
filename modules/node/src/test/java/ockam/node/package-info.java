// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of nodes. They are named for what they prove, seldom for a class.
 *
 * <pre>
 * The life of a worker
 *   StartTest            addresses are taken all or none, and can be sent to at once
 *   StopTest             what is in the queue is handled first, the address is free at once, the stage tells of the end
 *   AttachTest           actors that exist already take part, and their addresses go with them
 *   OwnMessagesTest      a worker with messages of its own: timers, pipes, stash, late answers
 *   FailingWorkerTest    workers and codecs that throw harm nobody else
 *   BackoffTest          workers that fail and wait before they start anew give every permit back
 *   DispatcherTest       on which threads workers run, and how many there are
 *
 * The way of a message
 *   HopTest              hops and relays: the way there and the way back
 *   RoutingProperties    the same over random routes
 *   BadRouteTest         routes that are empty, too long or lead nowhere
 *   AccessOnNodeTest     access control asked on the way, and which peer it sees
 *   DroppedMessagesTest  what cannot be sent on is told to the sender, or counted and published
 *   ObserverTest         what an observer of the node is shown
 *
 * Applications
 *   MailboxTest          sending and receiving: order, time limits, bounds, closing
 *   AskTest              a question and its first answer, from an address of its own
 *
 * Streams and permits
 *   StreamTest           demand, order, completion, failure and cancellation over hops
 *   StreamReportTest     what a stream says became of what it sent: arrived, lost, copied, answered
 *   StreamStartTest      a stream has its address as soon as it is run, and gives it back if it never starts
 *   StreamGroupTest      the streams that end together with something know of its end, once
 *   StreamPortTest       a guest, such as a transport, docks as a stream with messages of its own
 *   WindowOfOneTest      opposite flows over the same hops do not lock each other in the smallest window
 *   PermitProperties     every permit comes back: random steps in a random order, replayed by a seed
 *   PermitRaceTest       every permit comes back: real threads, stops at bad moments, a node nearly full
 *
 * The node
 *   OckamTest            nodes and actor systems keep apart; names, metadata, the end with the actor system
 *   NodeStopTest         how a node stops: in which order, what hangs, and that nothing is left
 *   RaceTest             several threads start, stop and send at once
 *
 * Used by these tests
 *   NodeKit              nodes on an actor system for each class; they must leave nothing behind
 *   Turns                an executor that does one thing at a time, in an order that the test draws
 * </pre>
 */
@NullMarked
package ockam.node;

import org.jspecify.annotations.NullMarked;
