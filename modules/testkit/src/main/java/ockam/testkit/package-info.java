// SPDX-License-Identifier: Apache-2.0

/**
 * For testing programs with nodes and channels, beside Akka's testkit: {@link ockam.testkit.OckamTestKit} makes nodes, hops, parties and
 * channels in a line, and says what one expects of them; {@link ockam.testkit.HostileHop}, {@link ockam.testkit.MemoryTransport} and {@link
 * ockam.testkit.TcpProxy} are what is bad between them.
 *
 * <pre>{@code
 * @ExtendWith(ActorTestKitExtension.class)
 * class GreetingTest {
 *     @Test
 *     void greetingIsReadByNobodyInBetween(OckamTestKit kit) {
 *         Node node = kit.node("test");
 *         Party alice = kit.party();
 *         Party bob = kit.party();
 *         kit.hops(node, "h1", "h2");
 *         node.allow(kit.echoer(node, "echoer")).from(kit.listen(node, "api", bob, alice));
 *         SecureChannel channel = kit.channel(node, "h1 => h2 => api", alice, bob);
 *
 *         kit.await(node.ask(channel.route("echoer"), Codec.string(), "Hello"));
 *
 *         kit.expectNoHopSaw("Hello");
 *     } // nothing may be left behind
 * }
 * }</pre>
 */
@NullMarked
package ockam.testkit;

import org.jspecify.annotations.NullMarked;
