// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.identity.TrustPolicy;
import ockam.node.Routed;
import ockam.routing.RoutingDropReason;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.testkit.Party;
import ockam.testkit.Tap;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Trust policies decide about channels (secure channel, sections 3.4, 7.1 and 9). */
@ExtendWith(ActorTestKitExtension.class)
class TrustPolicyTest {
    private final Scene scene;
    private final Identifier carol;

    TrustPolicyTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        carol = Party.create(testKit.system()).identifier();
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void creationFailsWhenTheInitiatorDoesNotTrustTheResponder() {
        Tap tap = scene.tap("hop");
        scene.listen();

        assertThat(Scene.failureOf(create("hop => listener", TrustPolicy.identifier(carol))))
                .isEqualTo("MESSAGE_2: POLICY_REFUSED");

        assertThat(tap.messages()).as("messages 1 and 2, and no third").hasSize(2);
        assertThat(scene.alice().keys().aeadKeys()).isZero();
        assertThat(scene.channels()).isEmpty();
    }

    @Test
    void creationSucceedsButNoMessagePassesWhenTheResponderDoesNotTrustTheInitiator() {
        TestProbe<Routed<String>> worker = scene.attached("worker", Codec.string());
        SecureChannelListener listener = listen(TrustPolicy.identifier(carol));
        scene.node().allow(Address.of("worker")).from(listener);
        await(scene.bob().identity().identities().secureChannelKey(scene.bob().identity()));
        Footprint listening = scene.footprint();
        SecureChannel channel = LoggingTestKit.debug("as RESPONDER not made: MESSAGE_3: POLICY_REFUSED")
                .expect(scene.system(), () -> scene.open("listener"));
        scene.eventually(inUse -> {
            assertThat(inUse.actors("channel")).as("only Alice's").isOne();
            assertThat(inUse.addresses()).as("hers: 3").isEqualTo(listening.addresses() + 3);
            assertThat(scene.channels()).containsExactly(channel);
            assertThat(inUse.keys(scene.bob())).isEqualTo(listening.keys(scene.bob()));
        });

        scene.send(channel.route("worker"), "Can you hear me?");

        scene.eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);
        await(channel.close());
        worker.expectNoMessage(Duration.ZERO);
    }

    @Test
    void policyIsAskedForTheIdentityThatThePeerProved() {
        Map<Identifier, String> asked = new LinkedHashMap<>();
        listen(peer -> {
            synchronized (asked) {
                asked.put(peer, "Bob");
            }
            return true;
        });
        SecureChannel channel = await(create("listener", peer -> {
            synchronized (asked) {
                asked.put(peer, "Alice");
            }
            return true;
        }));
        scene.otherEnd(channel);

        synchronized (asked) {
            assertThat(asked)
                    .containsExactly(
                            Map.entry(scene.bob().identifier(), "Alice"),
                            Map.entry(scene.alice().identifier(), "Bob"));
        }
    }

    @Test
    void policyThatThrowsRefuses() {
        TrustPolicy broken = peer -> {
            throw new IllegalStateException("a bug");
        };
        SecureChannelListener trusting = scene.listen();
        assertThat(Scene.failureOf(create("listener", broken))).isEqualTo("MESSAGE_2: INTERNAL");
        await(trusting.stop());

        listen(broken);
        LoggingTestKit.debug("as RESPONDER not made: MESSAGE_3: INTERNAL")
                .expect(scene.system(), () -> scene.open("listener"));
    }

    @Test
    void combinedPoliciesDecideByTheirTruthTables() {
        Identifier bob = scene.bob().identifier();
        TrustPolicy yes = TrustPolicy.identifier(bob);
        TrustPolicy no = TrustPolicy.identifier(carol);
        Map<TrustPolicy, Boolean> table = new LinkedHashMap<>();
        table.put(yes, true);
        table.put(no, false);
        table.put(TrustPolicy.anyOf(carol, bob), true);
        table.put(TrustPolicy.anyOf(carol), false);
        table.put(TrustPolicy.anyOf(), false);
        table.put(TrustPolicy.acceptAnyPeerInsecure(), true);
        table.put(yes.and(TrustPolicy.anyOf(bob)), true);
        table.put(yes.and(no), false);
        table.put(no.and(yes), false);
        table.put(no.and(TrustPolicy.anyOf()), false);
        table.put(yes.or(TrustPolicy.anyOf(bob)), true);
        table.put(yes.or(no), true);
        table.put(no.or(yes), true);
        table.put(no.or(TrustPolicy.anyOf()), false);
        listen(TrustPolicy.acceptAnyPeerInsecure());

        table.forEach((policy, trusted) -> {
            CompletionStage<SecureChannel> handshake = create("listener", policy);
            if (trusted) {
                await(await(handshake).close());
            } else {
                assertThat(Scene.failureOf(handshake)).as(policy.toString()).isEqualTo("MESSAGE_2: POLICY_REFUSED");
            }
        });
    }

    private SecureChannelListener listen(TrustPolicy policy) {
        return SecureChannelListener.create(
                scene.node(), Scene.LISTENER, scene.bob().identity(), SecureChannelListenerOptions.trusting(policy));
    }

    private CompletionStage<SecureChannel> create(String route, TrustPolicy policy) {
        return SecureChannel.create(
                scene.node(), Route.parse(route), scene.alice().identity(), SecureChannelOptions.trusting(policy));
    }
}
