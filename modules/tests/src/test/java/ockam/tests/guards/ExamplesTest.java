// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.annotation.InternalApi;
import akka.stream.Materializer;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ockam.channel.ChannelDropReason;
import ockam.channel.ChannelKeeper;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelOptions;
import ockam.examples.Codecs;
import ockam.examples.Display;
import ockam.examples.Echoer;
import ockam.examples.Snippets;
import ockam.examples.Thermometer;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Identity;
import ockam.identity.TrustPolicy;
import ockam.node.Hop;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.routing.Peer;
import ockam.routing.rule.Subject;
import ockam.routing.spi.Router;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Faults;
import ockam.testkit.HostileHop;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.testkit.TestRouted;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the examples print and do, and that they use nothing that is not available to everyone. */
class ExamplesTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA =
            ActorTestKitExtension.create("akka.actor.testkit.typed.single-expect-default = 60s");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LINES_OF_A_MAIN_CLASS = 80;
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+);$", Pattern.MULTILINE);

    /** The five orders in which message 3 of a handshake and the question after it can pass three hops. */
    private static final List<List<Integer>> TWO_PASSES = List.of(
            List.of(1, 2, 3, 1, 2, 3),
            List.of(1, 2, 1, 3, 2, 3),
            List.of(1, 2, 1, 2, 3, 3),
            List.of(1, 1, 2, 3, 2, 3),
            List.of(1, 1, 2, 2, 3, 3));

    // ---- the rules for the output of step 06 ----

    /**
     * Refuses output that the program cannot have printed. Its hops see five messages: 1 and 2 of the handshake, one after the
     * other; then 3 and the question, which may follow each other closely; and the reply.
     */
    static void requireOutputOfThreeHops(List<String> lines) {
        assertThat(lines).hasSize(17);
        assertThat(lines.subList(0, 3)).as("message 1").isEqualTo(hopLines(1, 2, 3));
        assertThat(lines.subList(3, 6)).as("message 2").isEqualTo(hopLines(3, 2, 1));
        requireTwoPasses(lines.subList(6, 12));
        assertThat(lines.get(12)).isEqualTo("Address: 0#echoer, Received: Hello Ockam!");
        assertThat(lines.subList(13, 16)).as("reply").isEqualTo(hopLines(3, 2, 1));
        assertThat(lines.get(16)).isEqualTo("App Received: Hello Ockam!");
    }

    /** Two messages along the same route: at no time has a hop seen more of them than the hop before it. */
    private static void requireTwoPasses(List<String> lines) {
        int[] seen = {2, 0, 0, 0};
        for (String line : lines) {
            int hop = hopLines(1, 2, 3).indexOf(line) + 1;
            assertThat(hop).as("hop of: %s", line).isPositive();
            seen[hop]++;
            assertThat(seen[hop]).as("h%s in %s", hop, lines).isLessThanOrEqualTo(seen[hop - 1]);
        }
    }

    private static List<String> hopLines(Integer... hops) {
        return Arrays.stream(hops)
                .map(hop -> "Address: 0#h" + hop + ", Received: Any Message")
                .toList();
    }

    private static List<String> output(List<Integer> twoPasses) {
        List<String> lines = new ArrayList<>(hopLines(1, 2, 3, 3, 2, 1));
        lines.addAll(hopLines(twoPasses.toArray(Integer[]::new)));
        lines.add("Address: 0#echoer, Received: Hello Ockam!");
        lines.addAll(hopLines(3, 2, 1));
        lines.add("App Received: Hello Ockam!");
        return lines;
    }

    private static List<String> output() {
        return output(TWO_PASSES.get(0));
    }

    @ParameterizedTest
    @MethodSource("twoPasses")
    void rulesAllowEveryOrderInWhichTwoMessagesCanPass(List<Integer> order) {
        assertThat(isAllowed(output(order))).isTrue();
    }

    private static List<List<Integer>> twoPasses() {
        return TWO_PASSES;
    }

    @Test
    void rulesAllowNoOtherOrder() {
        List<List<Integer>> allowed = allSequences(6).stream()
                .filter(order -> isAllowed(output(order)))
                .toList();

        assertThat(allowed).containsExactlyInAnyOrderElementsOf(TWO_PASSES);
    }

    private static List<List<Integer>> allSequences(int length) {
        if (length == 0) {
            return List.of(List.of());
        }
        return allSequences(length - 1).stream()
                .flatMap(rest -> Stream.of(1, 2, 3)
                        .map(hop -> Stream.concat(Stream.of(hop), rest.stream()).toList()))
                .toList();
    }

    private static boolean isAllowed(List<String> lines) {
        try {
            requireOutputOfThreeHops(lines);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    @Test
    void rulesRefuseAnExtraOrMissingLine() {
        IntStream.range(0, 17).forEach(i -> {
            List<String> missing = output();
            List<String> twice = output();
            twice.add(i, missing.remove(i));

            assertThat(isAllowed(missing)).as("without line %s", i).isFalse();
            assertThat(isAllowed(twice)).as("line %s twice", i).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 11, 12, 13, 14, 15})
    void rulesRefuseALineThatComesTooEarly(int index) {
        List<String> lines = output();
        Collections.swap(lines, index, index + 1);

        assertThatThrownBy(() -> requireOutputOfThreeHops(lines)).isInstanceOf(AssertionError.class);
    }

    @Test
    void rulesRefuseAnyOtherText() {
        IntStream.range(0, 17).forEach(i -> {
            List<String> lines = output();
            lines.set(i, lines.get(i) + " ");

            assertThat(isAllowed(lines)).as("another line %s", i).isFalse();
        });
    }

    // ---- the code of the examples ----

    @ParameterizedTest
    @MethodSource("examples")
    void exampleUsesPublicTypesOnly(Path file) throws IOException {
        String source = Files.readString(file);

        assertThat(IMPORT.matcher(source).results().map(found -> found.group(1)))
                .isNotEmpty()
                .filteredOn(name -> name.startsWith("ockam."))
                .noneMatch(name -> name.contains(".internal."))
                .noneMatch(ExamplesTest::isInternal);
        assertThat(source).doesNotContain("ockam.*");
    }

    @Test
    void internalTypesAreRecognised() {
        assertThat(isInternal(Router.class.getName())).isTrue();
        assertThat(isInternal(Node.class.getName())).isFalse();
    }

    /** Akka's annotation is in the class file, but not available by reflection. */
    private static boolean isInternal(String className) {
        return ArchConfiguration.withThreadLocalScope(configuration -> {
            configuration.setResolveMissingDependenciesFromClassPath(false); // otherwise half of Akka would be read
            return new ClassFileImporter().importClass(classOf(className)).isAnnotatedWith(InternalApi.class);
        });
    }

    private static Class<?> classOf(String className) {
        try {
            return Class.forName(className);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(className + " is imported but does not exist", e);
        }
    }

    @Test
    void mainClassesAreShort() throws IOException {
        List<Path> mainClasses = new ArrayList<>();
        for (Path file : examples()) {
            if (Files.readString(file).contains("static void main(")) {
                mainClasses.add(file);
                assertThat(Files.readAllLines(file)).as("lines of %s", file).hasSizeLessThan(LINES_OF_A_MAIN_CLASS);
            }
        }
        assertThat(mainClasses).isNotEmpty();
    }

    private static List<Path> examples() throws IOException {
        Path directory = Pages.ROOT.resolve("examples/src/main/java/ockam/examples");
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.endsWith("package-info.java"))
                    .sorted()
                    .toList();
        }
    }

    // ---- an application with a node in it ----

    @Test
    void applicationAnswersFromItsOwnState(ActorTestKit testKit) {
        TestProbe<String> screen = testKit.createTestProbe();
        ActorRef<Thermometer.Command> thermometer = testKit.spawn(Thermometer.create(20.5, screen.ref()));
        assertThat(screen.receiveMessage()).as("through the channel").isEqualTo("20.5 degrees");

        thermometer.tell(new Thermometer.Measured(21));
        Node node = Ockam.get(testKit.system()).node("house").orElseThrow();

        assertThat(get(node.ask(Route.of("thermometer"), Codec.string(), "And now?"))
                        .body())
                .isEqualTo("21.0 degrees");
    }

    @Test
    void displayThatStopsInTheMiddleOfAHandshakeLeavesNothing(ActorTestKit testKit) {
        Ockam ockam = Ockam.get(testKit.system());
        Node node = ockam.createNode("wall");
        Identity alice = get(Snippets.identity(ockam));
        TestProbe<Routed<Any>> hop = testKit.createTestProbe();
        node.attach(Address.of("hop"), Codec.any(), hop.ref());
        int before = node.addressCount();
        TestProbe<String> screen = testKit.createTestProbe();
        ActorRef<Display.Command> display = testKit.spawn(
                Display.create(node, Route.parse("hop => api"), alice, TrustPolicy.anyOf(), screen.ref()));
        hop.receiveMessage();

        testKit.stop(display);

        screen.awaitAssert(
                Duration.ofSeconds(10),
                () -> { // less than a handshake may take
                    assertThat(node.addressCount()).isEqualTo(before);
                    return Done.getInstance();
                });
    }

    // ---- the snippets on the pages ----

    @Test
    @SuppressWarnings("NullAway") // a null is one of the things that the page is about
    void codecsDoWhatThePageSays(ActorTestKit testKit) {
        List<Codecs.Command> commands =
                List.of(new Codecs.Command.Measure(1), new Codecs.Command.Rename("attic"), new Codecs.Command.Stop());
        commands.forEach(command -> {
            assertSurvives(Codecs.Command.CODEC, command);
            assertSurvives(Codecs.json(), command);
        });
        assertThat(Codecs.json().encode(commands.get(1)).utf8String())
                .isEqualTo("{\"@type\":\"Rename\",\"name\":\"attic\"}");
        assertRefused(Codecs.Command.CODEC, ByteString.fromInts(3), "INVALID_VALUE at byte 0: an unknown command");
        assertSurvives(Codecs.cbor(new SimpleModule()).codec(Codecs.Shape.class), new Codecs.Circle(1));

        Codecs.Reading reading = new Codecs.Reading("attic", 2050);
        assertSurvives(Codecs.Reading.CODEC, reading);
        assertSurvives(Codecs.tagged(), reading);
        assertRefused(
                Codecs.tagged(),
                Codec.string().tagged("name").encode("attic"),
                "INVALID_VALUE at byte 0: the tag is name, not reading");
        assertRefused(
                Codecs.Reading.CODEC,
                ByteString.fromInts(0, 0, 0, 0, 0x80),
                "INVALID_VALUE at byte 1: refused with IllegalArgumentException");
        assertThatThrownBy(() -> Codecs.Reading.CODEC.encode(new Codecs.Reading(null, 1)))
                .hasMessage("the codec Reading cannot encode null in sensor");

        assertSurvives(Codecs.map(), UUID.randomUUID());
        assertRefused(
                Codecs.map(),
                Codec.string().encode("no id"),
                "INVALID_VALUE at byte 0: refused with IllegalArgumentException");
        assertSurvives(new Codecs.PercentCodec(), 100);
        assertRefused(new Codecs.PercentCodec(), ByteString.fromInts(101), "INVALID_VALUE at byte 0: not 0 to 100");
        assertSurvives(Codecs.akka(testKit.system(), String.class), "by Akka's serializer for strings");
    }

    private static <T> void assertSurvives(Codec<T> codec, T value) {
        assertThat(codec.decode(codec.encode(value))).isEqualTo(new Decoded.Value<>(value));
    }

    private static void assertRefused(Codec<?> codec, ByteString payload, String failure) {
        assertThat(codec.decode(payload)).hasToString("Failure[failure=" + failure + "]");
    }

    @Test
    void snippetsDoWhatThePagesSay(ActorTestKit testKit) {
        Ockam ockam = Ockam.get(testKit.system());
        Node node = ockam.createNode("pages");
        Worker echoer = Snippets.workers(node);
        node.start(Address.of("h2"), Hop.create());
        node.start(Address.of("h3"), Hop.create());
        assertThat(get(Snippets.mailbox(node)).body()).isEqualTo("Hello");
        assertThat(get(node.ask(Route.of("shortcut"), Codec.string(), "short")).body())
                .isEqualTo("short");

        Identity alice = get(Snippets.identity(ockam));
        Identity bob = get(Snippets.identity(ockam));
        assertThat(get(Snippets.exchange(alice, bob.identities()))).isEqualTo(alice.identifier());
        Identity rotated = get(Snippets.rotate(alice.identities(), alice));
        assertThat(rotated.identifier()).isEqualTo(alice.identifier());
        assertThat(get(Snippets.rotatePurposeKeys(alice.identities(), alice))).isNotNull();
        Snippets.schedule(testKit.system(), alice).stop();
        TrustPolicy onlyAlice = Snippets.policy(alice.identifier(), bob.identifier());
        assertThat(onlyAlice.trusts(alice.identifier())).isTrue();
        assertThat(onlyAlice.trusts(bob.identifier())).isFalse();

        SecureChannelListener listener = Snippets.accept(node, bob, onlyAlice);
        SecureChannel channel = get(Snippets.create(node, alice, TrustPolicy.identifier(bob.identifier())));
        Snippets.open(node, echoer, listener, channel);
        assertThat(get(node.ask(channel.route("echoer"), Codec.string(), "far")).body())
                .isEqualTo("far");
        Snippets.move(channel);
        assertThat(get(node.ask(channel.route("echoer"), Codec.string(), "moved"))
                        .body())
                .isEqualTo("moved");

        node.allow(Snippets.guarded(node, alice.identifier())).from(listener);
        assertThat(get(node.ask(channel.route("private"), Codec.string(), "known"))
                        .body())
                .isEqualTo("known");
        Snippets.nested(node, bob, onlyAlice, listener);
        SecureChannel inner = get(SecureChannel.create(
                node,
                channel.route("inner"),
                alice,
                SecureChannelOptions.trusting(TrustPolicy.anyOf(bob.identifier()))));
        assertThat(inner.peer().identifier()).isEqualTo(bob.identifier());

        Materializer materializer = Materializer.createMaterializer(testKit.system());
        List<String> texts = IntStream.range(0, 500).mapToObj(Integer::toString).toList();
        assertThat(get(Snippets.stream(node, texts, materializer))).isEqualTo(texts);
        assertThat(get(Snippets.channelStream(channel, texts, materializer))).isEqualTo(texts);
        node.start(
                Address.of("later"),
                Codec.string(),
                Snippets.defer(text -> CompletableFuture.completedStage(text + ", looked up")));
        assertThat(get(node.ask(Route.of("later"), Codec.string(), "word")).body())
                .isEqualTo("word, looked up");
        assertThat(get(Snippets.streamReport(node.sink(Route.of("later"), Codec.string()), texts, materializer)))
                .isTrue();

        assertThat(get(Snippets.close(channel))).isEqualTo(CloseReason.CLOSED);
    }

    @Test
    void channelsAreSetUpAsThePagesSay(ActorTestKit testKit) {
        Ockam ockam = Ockam.get(testKit.system());
        Node node = ockam.createNode("set-up");
        Worker echoer = Snippets.workers(node);
        Identity alice = get(Snippets.identity(ockam));
        Identity bob = get(Snippets.identity(ockam));
        TrustPolicy onlyAlice = TrustPolicy.identifier(alice.identifier());
        TrustPolicy onlyBob = TrustPolicy.identifier(bob.identifier());
        SecureChannelListener.create(node, Address.of("code"), bob, Snippets.setUp(node, onlyAlice, echoer));
        SecureChannel channel =
                get(SecureChannel.create(node, Route.of("code"), alice, SecureChannelOptions.trusting(onlyBob)));
        assertThat(get(node.ask(channel.route("echoer"), Codec.string(), "first"))
                        .body())
                .isEqualTo("first");

        TestProbe<Snippets.Accepted> sessions = testKit.createTestProbe();
        SecureChannelListener.create(
                node,
                Address.of("api"),
                bob,
                Snippets.setUpByActor(
                        onlyAlice, sessions.ref(), testKit.system().scheduler()));
        ActorRef<ChannelKeeper.Event> session = testKit.spawn(Snippets.session(node, alice, onlyBob));
        Snippets.Accepted accepted = sessions.receiveMessage();
        accepted.ready().tell(Done.getInstance());
        testKit.stop(session);

        assertThat(get(accepted.channel().whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
    }

    @Test
    void failureIsExplained(ActorTestKit testKit) {
        Ockam ockam = Ockam.get(testKit.system());
        Node node = ockam.createNode("nowhere");
        Identity alice = get(Snippets.identity(ockam));

        String explanation = get(Snippets.create(node, alice, TrustPolicy.anyOf())
                .handle((channel, failure) -> Snippets.explain(failure)));

        assertThat(explanation).isEqualTo("no channel: NO_SUCH_ADDRESS at step MESSAGE_1");
    }

    @Test
    void memberOfAnAuthorityIsLetIn(ActorTestKit testKit) {
        Ockam ockam = Ockam.get(testKit.system());
        Node node = ockam.createNode("club");
        Identity authority = get(Snippets.identity(ockam));
        Identity alice = get(Snippets.identity(ockam));
        Identity bob = get(Snippets.identity(ockam));
        CredentialAndPurposeKey credential =
                get(Snippets.credential(authority.identities(), authority, alice.identifier()));
        assertThat(get(Snippets.verified(
                                bob.identities(),
                                authority.identifier(),
                                authority.export(),
                                alice.identifier(),
                                credential.encode()))
                        .text("role"))
                .contains("member");
        TrustPolicy both = TrustPolicy.anyOf(alice.identifier(), bob.identifier());
        SecureChannelListener listener = Snippets.believing(node, bob, both, authority.identifier());
        Worker members = Snippets.forMembers(node, authority.identifier());
        Worker toMembers = Snippets.toMembers(node, authority.identifier());
        List.of(members, toMembers)
                .forEach(worker -> node.allow(worker.address()).from(listener));

        SecureChannel channel = get(Snippets.presenting(node, Route.parse("api"), alice, both, credential));

        assertThat(get(node.ask(channel.route("members"), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
        assertThat(get(node.ask(channel.route("reports"), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
        assertThat(Snippets.trying(alice.identifier())).isFalse();
        assertThat(Snippets.rule(alice.identifier()).allows(Subject.of(alice.identifier())))
                .isTrue();
        assertThat(Snippets.rule(alice.identifier()).allows(Subject.of(bob.identifier())))
                .isFalse();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    // ---- a test as an application would have it ----

    // #worker
    @Test
    void echoerRepliesWithWhatItGets() {
        TestRouted<String> question = TestRouted.create(Codec.string(), "Hello");

        BehaviorTestKit.create(Echoer.create()).run(question.message());

        assertThat(question.replies(Codec.string())).containsExactly("Hello");
    }
    // #worker

    // #testkit
    @Test
    void noHopLearnsOrChangesWhatIsSaid(OckamTestKit kit) {
        Node node = kit.node("test");
        Party alice = kit.party();
        Party bob = kit.party();
        kit.hop(node, "h1");
        HostileHop h2 = kit.hostileHop(node, "h2", Faults.seeded(1).withCorruption(1));
        TestProbe<Routed<String>> worker = kit.probe(node, "worker", Codec.string());
        node.allow(Address.of("worker")).from(kit.listen(node, "api", bob, alice));
        SecureChannel channel = kit.channel(node, "h1 => h2 => api", alice, bob);
        Mailbox app = node.mailbox("app");
        app.send(channel.route("worker"), Codec.string(), "Hello");

        Routed<String> arrived = worker.receiveMessage();
        assertThat(arrived.body()).isEqualTo("Hello");
        assertThat(arrived.peer()).contains(new Peer(alice.identifier()));
        kit.expectNoHopSaw("Hello");

        h2.start(); // from now on, it flips a bit of each message
        app.send(channel.route("worker"), Codec.string(), "damaged along the route");

        kit.expectDropped(node, ChannelDropReason.FRAME_REFUSED, 1);
        worker.expectNoMessage(Duration.ZERO);
    }
    // #testkit
}
