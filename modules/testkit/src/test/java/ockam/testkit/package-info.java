// SPDX-License-Identifier: Apache-2.0

/**
 * A map of the tests of the testkit.
 *
 * <pre>
 * All of them
 *   OckamTestKitTest           what a kit builds, and expectations that hold
 *   OckamTestKitFailuresTest   expectations that do not hold: what they say, with the recorded flow
 *   HistoryTest                what can have been sent, delivered and answered, and what is said otherwise
 *   HostileModesTest           a channel that ignores what a hop does is caught, for each thing that a hop can do
 *   ActorTestKitExtensionTest  one kit for each class, with its settings, terminated when the class ends
 *   TestRoutedTest             a message for a worker without a node, and what the worker did with it
 *   TapTest                    a tap forwards like a hop and records what it saw
 *   FaultsTest                 the rates and distances of faults
 *   FaultScriptTest            what each step of a script does; joining, repeating, bounds
 *   FaultPlanProperties        what faults do to random messages; the same seed produces the same faults
 *   HostileHopTest             a hostile hop on a node: faults, calm, replay, records
 *   HostileHopProperties       a hostile hop without faults does exactly what a hop does
 *   MemoryTransportTest        two nodes joined in one JVM: faults by a seed, delay, cuts, ends
 *   TcpFaultPlanTest           what a proxy draws for each connection and direction; which faults there are
 *   TcpProxyTest               sockets joined by a proxy: pieces, pauses, cuts, stalls, by a seed and by calls
 * </pre>
 */
@NullMarked
package ockam.testkit;

import org.jspecify.annotations.NullMarked;
