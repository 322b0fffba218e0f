// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of flows between nodes over TCP. Each has a long form, with larger numbers and figures in the log; see {@link
 * ockam.tests.flows.LongForm}.
 *
 * <pre>
 * Much at once
 *   FloodsTest            questions and plain sends in both directions, as many as are let in
 *   LargeEchoesTest       large messages through channels, with windows of the same size in both directions
 *   ForgedNoncesTest      frames with forged nonces, as fast as they are taken, beside channels that are in use
 *
 * Slow receivers
 *   StuckDestinationTest  one destination among ten that takes nothing
 *   SlowConsumersTest     streams to consumers that pause or are slow lose nothing
 *
 * Bad networks
 *   RungsTest             a stream on nine rungs from a good to a terrible network ends well or is told why not
 *   SlowWayOutTest        a relay whose way out pauses for longer than the stall-timeout loses nothing
 *
 * The end
 *   StoppedReceiverTest   a node that stops while a stream sends to it
 *
 * What others can see
 *   NodeInBetweenTest     neither the traffic nor the memory of a node in the middle shows what a channel carries
 *
 * Used by these tests
 *   TcpPair               two nodes with a connection
 *   LongForm              how much a test does
 *   RecordingProxy        keeps a copy of what two processes say to each other
 * </pre>
 */
@NullMarked
package ockam.tests.flows;

import org.jspecify.annotations.NullMarked;
