// SPDX-License-Identifier: Apache-2.0

package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.example.Main.Order;
import com.example.Main.Receipt;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import ockam.channel.ChannelDropReason;
import ockam.channel.SecureChannel;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.routing.RoutingException;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Faults;
import ockam.testkit.HostileHop;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ActorTestKitExtension.class)
class MainTest {
    // #test
    @Test
    void orderIsNeitherReadNorChangedOnItsWay(OckamTestKit kit) {
        Node node = kit.node("test");
        Party alice = kit.party();
        Party bob = kit.party();
        kit.hop(node, "h1");
        HostileHop h2 = kit.hostileHop(node, "h2", Faults.seeded(1).withCorruption(1));
        node.allow(Main.startShop(node)).from(kit.listen(node, "api", bob, alice));
        SecureChannel channel = kit.channel(node, "h1 => h2 => api", alice, bob);

        assertEquals(new Receipt("Darjeeling", 2), kit.await(order(channel, "Darjeeling")).body());
        kit.expectNoHopSaw("Darjeeling");

        h2.start(); // from now on, it flips a bit of each message
        CompletionStage<Routed<Receipt>> changed = order(channel, "Assam");
        kit.expectDropped(node, ChannelDropReason.FRAME_REFUSED, 1);
        kit.expectRefused(changed, RoutingException.Reason.TIMED_OUT);
    }

    private static CompletionStage<Routed<Receipt>> order(SecureChannel channel, String item) {
        return channel.node()
                .ask(channel.route("shop"), Order.CODEC, Receipt.CODEC, new Order(item, 2), Duration.ofSeconds(5));
    }
    // #test
}
