// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import ockam.identity.Identity;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.tcp.TcpTransport;
import ockam.vault.SoftwareVault;

/** A node on an actor system of its own, with its transport. */
record Running(ActorSystem<Void> system, Node node, TcpTransport tcp) implements AutoCloseable {
    static Running start(String name) {
        return start(name, ConfigFactory.empty());
    }

    static Running start(String name, Config settings) {
        ActorSystem<Void> system =
                ActorSystem.create(Behaviors.empty(), name, settings.withFallback(ConfigFactory.load()));
        Node node = Ockam.get(system).createNode(name);
        return new Running(system, node, TcpTransport.create(node));
    }

    Identity identity(IdentityOption option) {
        return option.identity(SoftwareVault.create(Ockam.get(system).cryptoExecutor()));
    }

    @Override
    public void close() {
        system.terminate();
        OckamNode.await(system.getWhenTerminated());
    }
}
