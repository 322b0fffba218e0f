// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import ockam.fixtures.LogLines;
import ockam.fixtures.SystemKit;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.routing.Metadata;
import ockam.routing.NodeSettings;
import ockam.routing.Producer;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.RoutingException.Reason;
import ockam.routing.SendResult;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.Registration;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OckamTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address WORKER = Address.of("worker");

    private static ActorSystem<Void> otherSystem(String name) {
        return ActorSystem.create(Behaviors.empty(), name, SystemKit.usual());
    }

    private static Behavior<Routed<String>> answering(String name) {
        return Behaviors.receiveMessage(message -> {
            message.reply(name + " got " + message.body());
            return Behaviors.same();
        });
    }

    private static String ask(Node node) {
        return await(node.ask(Route.of(WORKER), Codec.string(), "hello")).body();
    }

    @Test
    void keepsNodesOfOneSystemApart() {
        Node alice = KIT.node();
        Node bob = KIT.node();
        alice.start(WORKER, Codec.string(), answering("alice"));
        bob.start(WORKER, Codec.string(), answering("bob"));
        alice.mailbox("only here");

        assertThat(ask(alice)).isEqualTo("alice got hello");
        assertThat(ask(bob)).isEqualTo("bob got hello");
        assertThat(bob.mailbox("app").send(Route.of("only here"), Codec.string(), "hello"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        assertThat(alice.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isZero();

        await(alice.stop());
        assertThat(ask(bob)).isEqualTo("bob got hello");
    }

    @Test
    void sharesNothingBetweenTwoActorSystems() {
        ActorSystem<Void> other = otherSystem("other");
        try {
            Ockam here = Ockam.get(KIT.system());
            Ockam there = Ockam.get(other);
            assertThat(here).isNotSameAs(there);
            Node alice = here.createNode("same-name");
            Node bob = there.createNode("same-name");
            alice.start(WORKER, Codec.string(), answering("alice"));
            bob.start(WORKER, Codec.string(), answering("bob"));

            assertThat(ask(alice)).isEqualTo("alice got hello");
            assertThat(ask(bob)).isEqualTo("bob got hello");
            assertThat(here.node("same-name")).containsSame(alice);
            assertThat(there.node("same-name")).containsSame(bob);

            await(bob.stop());
            assertThat(ask(alice)).isEqualTo("alice got hello");
            await(alice.stop());
        } finally {
            other.terminate();
            await(other.getWhenTerminated());
        }
    }

    @Test
    void isTheSameExtensionEachTime() {
        assertThat(Ockam.get(KIT.system())).isSameAs(Ockam.get(KIT.system()));
        assertThat(Ockam.get(KIT.system()).settings())
                .isEqualTo(NodeSettings.create(KIT.system().settings().config().getConfig("ockam.node")));
    }

    @Test
    void refusesSecondNodeOfTheSameName() {
        Node node = KIT.node();

        assertThatThrownBy(() -> Ockam.get(KIT.system()).createNode(node.name()))
                .isInstanceOfSatisfying(
                        RoutingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NODE_NAME_IN_USE));
        assertThat(Ockam.get(KIT.system()).node(node.name())).containsSame(node);
        assertThat(node).hasToString("Node(" + node.name() + ")");
        assertThat(node.system()).isSameAs(KIT.system());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/b", "\u00e4", "a.b", "$a", "\n"})
    void refusesNamesThatActorsCannotHave(String name) {
        assertThatThrownBy(() -> Ockam.get(KIT.system()).createNode(name)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Ockam.get(KIT.system()).node(name)).isEmpty();
    }

    @Test
    void takesNamesOf64CharactersAndNoLonger() {
        Node node = Ockam.get(KIT.system()).createNode("a".repeat(64));
        await(node.stop());

        assertThatThrownBy(() -> Ockam.get(KIT.system()).createNode("a".repeat(65)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void inSystemWith(String settings, Consumer<ActorSystem<Void>> check) {
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "settings",
                ConfigFactory.parseString(settings).withFallback(SystemKit.usual()));
        try {
            check.accept(system);
        } finally {
            system.terminate();
            await(system.getWhenTerminated());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ockam.node", "ockam.stream", "ockam.node.stop-timeout", "ockam.stream.drain-timeout"})
    void saysWhichSettingCannotBeRead(String key) {
        inSystemWith(
                key + " = abc",
                system -> assertThatThrownBy(() -> Ockam.get(system))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith(key + " cannot be read: "));
    }

    @Test
    void warnsOnceOfSettingsThatNobodyReads() {
        try (LogLines lines = LogLines.of(Ockam.class)) {
            inSystemWith("ockam.node.stop-timout = 1s", system -> {
                Ockam.get(system);
                Ockam.get(system).createNode("node");

                assertThat(lines.textsWithLevels())
                        .filteredOn(line -> line.startsWith("WARN"))
                        .singleElement()
                        .asString()
                        .contains("ockam.node.stop-timout", "did you mean ockam.node.stop-timeout?");
            });
        }
    }

    /** What is set on the command line is in the reference that Akka reads, too. */
    @Test
    void warnsOfSettingsOnTheCommandLine() {
        System.setProperty("ockam.stream.windwo", "1");
        ConfigFactory.invalidateCaches();
        try (LogLines lines = LogLines.of(Ockam.class)) {
            inSystemWith("", Ockam::get);

            assertThat(lines.texts()).anyMatch(line -> line.endsWith("did you mean ockam.stream.window?"));
        } finally {
            System.clearProperty("ockam.stream.windwo");
            ConfigFactory.invalidateCaches();
        }
    }

    @Test
    void warnsOfNothingElse() {
        try (LogLines lines = LogLines.of(Ockam.class)) {
            inSystemWith("ockam.node.stop-timeout = 1s\nockam.my-dispatcher.type = Dispatcher", Ockam::get);

            assertThat(lines.texts()).isEmpty();
        }
    }

    @Test
    void hasNoThreadOfItsOwnForANode() {
        Set<String> before = threads();
        for (int i = 0; i < 20; i++) {
            Node node = KIT.node();
            node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
                message.defer().reply("late");
                return Behaviors.same();
            }));
            ask(node);
        }

        assertThat(threads()).allMatch(name -> before.contains(name) || name.contains("dispatcher"));
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }

    @Test
    void stopsItsNodesWithTheActorSystem() {
        ActorSystem<Void> other = otherSystem("stopping");
        List<String> ended = new CopyOnWriteArrayList<>();
        Node alice = Ockam.get(other).createNode("alice");
        Node bob = Ockam.get(other).createNode("bob");
        Node early = Ockam.get(other).createNode("early");
        await(early.stop());
        for (Node node : List.of(alice, bob)) {
            node.start(
                    WORKER,
                    Codec.string(),
                    BehaviorBuilder.<Routed<String>>create()
                            .onSignal(PostStop.class, signal -> {
                                ended.add(node.name());
                                return Behaviors.same();
                            })
                            .build());
        }

        await(CoordinatedShutdown.get(other).runAll(CoordinatedShutdown.unknownReason()));

        await(alice.whenStopped());
        await(bob.whenStopped());
        await(other.getWhenTerminated());
        assertThat(ended).containsExactlyInAnyOrder("alice", "bob");
        assertThat(alice.addressCount() + bob.addressCount()).isZero();
    }

    @Test
    void stopsItsNodesBeforeTheActorSystemIsTerminated() {
        ActorSystem<Void> other = otherSystem("terminating");
        Node node = Ockam.get(other).createNode("alice");
        Mailbox mailbox = node.mailbox("mailbox");
        other.terminate();
        await(other.getWhenTerminated());

        assertThat(node.addressCount()).isZero();
        assertThat(Ockam.get(other).node("alice")).isEmpty();
        assertThat(mailbox.send(Route.of("mailbox"), Codec.string(), "late"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NODE_STOPPED));
    }

    @Test
    void knowsTheMetadataOfItsAddresses() {
        Node node = KIT.node();
        Metadata terminal = Metadata.terminal(Map.of("to", "elsewhere"));
        node.start(
                WORKER,
                Codec.string(),
                answering("worker"),
                WorkerOptions.defaults()
                        .withMetadata(terminal)
                        .withAddress(Address.of("second"), AccessControl.allowAll(), AccessControl.allowAll()));

        assertThat(node.metadata(WORKER)).contains(terminal);
        assertThat(node.metadata(Address.of("second"))).contains(Metadata.none());
        assertThat(node.metadata(Address.of("unknown"))).isEmpty();
        await(node.stop(WORKER));
        assertThat(node.metadata(WORKER)).isEmpty();
    }

    @Test
    void findsTheFirstTerminalAddressOfRoute() {
        Node node = KIT.node();
        Address first = Address.of("first");
        Address second = Address.of("second");
        // Further addresses count as well.
        Registration both = node.router()
                .register(
                        List.of(
                                EndpointSpec.open(Address.of("plain")),
                                new EndpointSpec(
                                        first,
                                        AccessControl.allowAll(),
                                        AccessControl.allowAll(),
                                        Metadata.terminal(Map.of())),
                                new EndpointSpec(
                                        second,
                                        AccessControl.allowAll(),
                                        AccessControl.allowAll(),
                                        Metadata.terminal(Map.of()))),
                        ShutdownOrder.WORKERS);
        both.open(new Registration.Handler(delivery -> {}, cause -> both.end()));

        assertThat(node.findTerminalAddress(
                        Route.of(Address.of("unknown"), Address.of(1, "host:1"), Address.of("plain"), second, first)))
                .contains(second);
        assertThat(node.findTerminalAddress(Route.of("plain", "unknown"))).isEmpty();
        await(node.stop(Address.of("plain")));
        assertThat(node.findTerminalAddress(Route.of(first, second))).isEmpty();
    }

    @Test
    void opensAddressesToProducersByName() {
        Node node = KIT.node();
        FlowControlId id = FlowControlId.random();
        Producer producer = () -> id;
        Worker worker = node.start(WORKER, Codec.string(), answering("worker"));
        Address later = Address.of("later");
        node.allow(worker).from(producer);
        node.allow(later).from(producer);

        assertThat(node.router().flowControls().consumedBy(WORKER)).containsExactly(id);
        node.start(later, Codec.string(), answering("later"));
        assertThat(node.router().flowControls().consumedBy(later)).containsExactly(id);
        await(node.stop(WORKER));
        assertThat(node.router().flowControls().consumedBy(WORKER)).isEmpty();
    }

    @Test
    void offersExecutorForCryptography() {
        Ockam.get(KIT.system()).cryptoExecutor().execute(() -> {});
        var thread = new java.util.concurrent.CompletableFuture<String>();
        Ockam.get(KIT.system())
                .cryptoExecutor()
                .execute(() -> thread.complete(Thread.currentThread().getName()));

        assertThat(await(thread)).contains("ockam.crypto-dispatcher");
    }
}
