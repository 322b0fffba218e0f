// SPDX-License-Identifier: Apache-2.0

package ockam.tests.opentelemetry;

import static ockam.fixtures.Stages.await;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.fixtures.Exported;
import ockam.fixtures.Stages;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Hop;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.opentelemetry.OckamTelemetry;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Route;

/** Two ends of channels on one node, over a hop {@code h1}, and what is told of them. */
final class Ends implements AutoCloseable {
    private final ActorTestKit testKit;
    private final Exported exported = new Exported();
    private final OckamTelemetry telemetry;
    private final Node node;
    private final Identity me;

    Ends(ActorTestKit testKit, String name) {
        this.testKit = testKit;
        telemetry = OckamTelemetry.start(testKit.system(), exported.sdk());
        Ockam ockam = Ockam.get(testKit.system());
        node = ockam.createNode(name);
        me = await(Identities.create(
                        SoftwareVault.create(ockam.cryptoExecutor()),
                        InMemoryIdentityRepository.create(),
                        Clock.systemUTC())
                .create());
        node.start(Address.of("h1"), Hop.create());
    }

    Exported exported() {
        return exported;
    }

    OckamTelemetry telemetry() {
        return telemetry;
    }

    Node node() {
        return node;
    }

    Identity me() {
        return me;
    }

    /** Accepts channels at {@code api}. */
    SecureChannelListener listen(TrustPolicy policy) {
        return SecureChannelListener.create(node, Address.of("api"), me, SecureChannelListenerOptions.trusting(policy));
    }

    SecureChannelListener listen() {
        return listen(TrustPolicy.identifier(me.identifier()));
    }

    CompletionStage<SecureChannel> create(Route route) {
        return SecureChannel.create(
                node, route, me, SecureChannelOptions.trusting(TrustPolicy.identifier(me.identifier())));
    }

    SecureChannel open() {
        return await(create(Route.of("h1", "api")));
    }

    void eventually(Runnable check) {
        TestProbe<Object> probe = testKit.createTestProbe();
        probe.awaitAssert(Stages.PATIENCE, () -> {
            check.run();
            return Done.getInstance();
        });
        probe.stop();
    }

    @Override
    public void close() {
        await(node.stop());
        telemetry.close();
        exported.close();
    }
}
