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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import ockam.channel.ChannelDropReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.examples.Customer;
import ockam.examples.Snippets;
import ockam.examples.Stock;
import ockam.identity.Identity;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.WorkerRef;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Faults;
import ockam.testkit.HostileHop;
import ockam.wire.Address;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The actors of the page that leads from the guide to one's own. */
class OwnActorsTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA =
            ActorTestKitExtension.create("akka.actor.testkit.typed.single-expect-default = 60s");

    private final ActorTestKit testKit;
    private final TestProbe<Stock.Receipt> receipts;
    private Node node;
    private WorkerRef<Stock.Command> stock;
    private HostileHop hop;
    private SecureChannel channel;

    @SuppressWarnings("NullAway.Init")
    OwnActorsTest(ActorTestKit testKit) {
        this.testKit = testKit;
        this.receipts = testKit.createTestProbe();
    }

    @BeforeEach
    void channelOverAHostileHop() {
        Ockam ockam = Ockam.get(testKit.system());
        node = ockam.createNode("shop");
        stock = Stock.start(node);
        stock.ref().tell(new Stock.Arrived("tea", 10));
        hop = HostileHop.create(node, Address.of("hop"), Faults.seeded(1).withCorruption(1));
        Identity alice = get(Snippets.identity(ockam));
        Identity bob = get(Snippets.identity(ockam));
        SecureChannelListener.create(
                node,
                Address.of("api"),
                bob,
                SecureChannelListenerOptions.trusting(TrustPolicy.identifier(alice.identifier()))
                        .withSetup(open -> node.allow(stock).from(open)));
        channel = get(SecureChannel.create(
                node,
                Route.parse("hop => api"),
                alice,
                SecureChannelOptions.trusting(TrustPolicy.identifier(bob.identifier()))));
    }

    @AfterEach
    void stop() {
        get(node.stop());
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

        List<Stock.Receipt> bought = get(Customer.buyAll(channel, Source.from(orders))
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

        assertThat(node.dropped(ChannelDropReason.FRAME_REFUSED)).isEqualTo(1);
        hop.calm();
        customer.tell(new Customer.Buy(new Stock.Order("tea", 7), receipts.ref()));
        assertThat(receipts.receiveMessage()).as("the channel goes on").isEqualTo(new Stock.Receipt("tea", 7));
    }
    // #hostile

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(Duration.ofSeconds(60).toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
