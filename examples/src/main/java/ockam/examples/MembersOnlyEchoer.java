// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.Map;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.identity.Identity;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.Peer;
import ockam.routing.rule.Rule;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Identifier;

/** A worker that sends back what members of an authority send, and nobody else, and that says who they are. */
public final class MembersOnlyEchoer {
    private MembersOnlyEchoer() {}

    /** Starts it behind a listener that takes channels of everyone, and believes what the authority says of them. */
    static void start(Node node, Identity identity, Identifier authority) {
        SecureChannelListener listener = SecureChannelListener.create(
                node,
                Address.of("secure_channel_listener"),
                identity,
                SecureChannelListenerOptions.trusting(peer -> true).withAuthorities(authority));
        AccessControl members = AccessControl.attributes(authority, Rule.parse("role=member"));
        node.start(
                Address.of("echoer"),
                Codec.string(),
                create(authority),
                WorkerOptions.defaults().withIncoming(members).withOpenTo(listener));
    }

    static Behavior<Routed<String>> create(Identifier authority) {
        return Behaviors.receiveMessage(message -> {
            Peer peer = message.peer().orElseThrow(); // nobody else gets here
            Map<String, String> attributes = peer.attributes(authority)
                    .map(said -> said.attributes().texts())
                    .orElse(Map.of());
            System.out.println("Peer: " + peer.identifier() + ", Attributes: " + attributes);
            message.reply(message.body());
            return Behaviors.same();
        });
    }
}
