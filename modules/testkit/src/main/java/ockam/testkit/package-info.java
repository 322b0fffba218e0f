// SPDX-License-Identifier: Apache-2.0

/**
 * What tests of programs with nodes and channels need: a JUnit Jupiter extension for Akka's testkit, hops that record, hops that do harm.
 *
 * <p>A hop that records shows that nobody on the way learns what is said, and one that does harm shows what becomes of it:
 *
 * <pre>{@code
 * @ExtendWith(ActorTestKitExtension.class)
 * class GreetingTest {
 *     @Test
 *     void greetingReachesEverybodyOnALossyWay(ActorTestKit testKit) {
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
