// SPDX-License-Identifier: Apache-2.0

/**
 * Helpers for testing programs with nodes and channels: a JUnit Jupiter extension for Akka's testkit, messages for workers that are tested
 * without a node, taps, hostile hops, a transport between nodes of one JVM, and a proxy that misbehaves between TCP sockets.
 *
 * <p>A tap shows that no hop learns the content of messages, and a hostile hop shows how the program copes with faults:
 *
 * <pre>{@code
 * @ExtendWith(ActorTestKitExtension.class)
 * class GreetingTest {
 *     @Test
 *     void greetingSurvivesALossyRoute(ActorTestKit testKit) {
 *         Node node = Ockam.get(testKit.system()).createNode("alice");
 *         Tap tap = Tap.create();
 *         node.start(Address.of("h1"), tap.behavior());
 *         HostileHop h2 = HostileHop.create(
 *                 node, Address.of("h2"), Faults.seeded(1).withDrops(0.2).withReordering(0.3, 5));
 *
 *         // ... a handshake over h1 and h2 ...
 *         h2.start();
 *         // ... messages over h1 and h2 ...
 *         h2.calm();
 *
 *         assertThat(tap.saw(ByteString.fromString("Hello"))).isFalse();
 *         assertThat(h2.sent()).hasSizeLessThan(h2.received().size());
 *     }
 * }
 * }</pre>
 */
@NullMarked
package ockam.testkit;

import org.jspecify.annotations.NullMarked;
