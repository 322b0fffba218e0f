// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.util.List;
import ockam.channel.ChannelDropReason;
import ockam.channel.SecureChannel;
import ockam.examples.Customer;
import ockam.examples.Stock;
import ockam.node.Node;
import ockam.node.WorkerRef;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Faults;
import ockam.testkit.HostileHop;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The actors of the page that leads from the guide to one's own. */
class OwnActorsTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA =
            ActorTestKitExtension.create("akka.actor.testkit.typed.single-expect-default = 60s");

    private final ActorTestKit testKit;
    private final OckamTestKit kit;
    private final TestProbe<Stock.Receipt> receipts;
    private final Node node;
    private final HostileHop hop;
    private final SecureChannel channel;

    OwnActorsTest(OckamTestKit kit, ActorTestKit testKit) {
        this.testKit = testKit;
        this.kit = kit;
        receipts = testKit.createTestProbe();
        node = kit.node("shop");
        WorkerRef<Stock.Command> stock = Stock.start(node);
        stock.ref().tell(new Stock.Arrived("tea", 10));
        hop = kit.hostileHop(node, "hop", Faults.seeded(1).withCorruption(1));
        Party alice = kit.party();
        Party bob = kit.party();
        node.allow(stock).from(kit.listen(node, "api", bob, alice));
        channel = kit.channel(node, "hop => api", alice, bob);
    }

    @Test
    void stockDeliversWhatIsThere() {
        ActorRef<Customer.Command> customer = testKit.spawn(Customer.create(channel));
        for (int delivered : new int[] {7, 3, 0}) {
            customer.tell(new Customer.Buy(new Stock.Order("tea", 7), receipts.ref()));

            assertThat(receipts.receiveMessage()).isEqualTo(new Stock.Receipt("tea", delivered));
        }
        customer.tell(new Customer.Buy(new Stock.Order("tea", -7), receipts.ref()));
        assertThat(receipts.receiveMessage()).isEqualTo(new Stock.Receipt("tea", 0));
    }

    @Test
    void receiptsComeInTheOrderOfTheOrders() {
        List<Stock.Order> orders =
                List.of(new Stock.Order("tea", 6), new Stock.Order("milk", 1), new Stock.Order("tea", 6));

        List<Stock.Receipt> bought = kit.await(Customer.buyAll(channel, Source.from(orders))
                .take(orders.size())
                .runWith(Sink.seq(), testKit.system()));

        assertThat(bought)
                .containsExactly(
                        new Stock.Receipt("tea", 6), new Stock.Receipt("milk", 0), new Stock.Receipt("tea", 4));
    }

    // #hostile
    @Test
    void orderThatWasChangedOnTheWayIsRefused() {
        ActorRef<Customer.Command> customer = testKit.spawn(Customer.create(channel));
        hop.start(); // from now on, it flips a bit of each message

        LoggingTestKit.warn("Message dropped at 0#")
                .withMessageContains("FRAME_REFUSED")
                .expect(testKit.system(), () -> {
                    customer.tell(new Customer.Buy(new Stock.Order("tea", 1), receipts.ref()));
                    return Done.getInstance();
                });

        kit.expectDropped(node, ChannelDropReason.FRAME_REFUSED, 1);
        hop.calm();
        customer.tell(new Customer.Buy(new Stock.Order("tea", 7), receipts.ref()));
        assertThat(receipts.receiveMessage()).as("the channel goes on").isEqualTo(new Stock.Receipt("tea", 7));
    }
    // #hostile
}
