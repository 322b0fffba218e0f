// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import ockam.fixtures.LogLines;
import ockam.fixtures.MutableClock;
import ockam.routing.NodeSettings;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.NodeSystem;
import ockam.routing.spi.Observer;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records what passes on the nodes of an actor system, within bounds, by a call or by the settings. */
class RecorderTest {
    private static final ByteString SECRET = ByteString.fromString("secret");

    @TempDir
    Path directory;

    private @Nullable ActorSystem<Void> system;

    private ActorSystem<Void> system(String settings) {
        Config config = ConfigFactory.parseString(settings).withFallback(ConfigFactory.load());
        ActorSystem<Void> made = ActorSystem.create(Behaviors.empty(), "recorded", config);
        system = made;
        return made;
    }

    @AfterEach
    void end() {
        if (system != null) {
            terminate(system);
        }
    }

    private static void terminate(ActorSystem<Void> system) {
        system.terminate();
        await(system.getWhenTerminated());
    }

    private static Router router(ActorSystem<Void> system, String name) {
        NodeSettings settings = NodeSettings.create(system.settings().config().getConfig("ockam.node"));
        return new Router(name, new NodeSystem(system), settings, () -> {});
    }

    private static void send(Router router) {
        List<EndpointSpec> places = List.of(EndpointSpec.open(Address.of("a")), EndpointSpec.open(Address.of("b")));
        Registration registration = router.register(places, ShutdownOrder.MAILBOXES);
        registration.open(new Registration.Handler(Delivery::release, cause -> registration.end()));
        registration.endpoint(Address.of("a")).send(LocalMessage.of(Route.of("b"), Route.of("a"), SECRET));
    }

    @Test
    void recordsEveryNodeFromItsBeginningToItsEnd() {
        ActorSystem<Void> here = system("");
        Recorder recorder = Recorder.start(here);
        Router router = router(here, "one");
        send(router);
        await(router.stop());
        router(here, "two");
        recorder.stop();
        router(here, "three");
        recorder.close();

        Recording recording = recorder.recording();
        assertThat(recording.events())
                .extracting(event -> event.node() + " " + event.event() + " " + event.addresses())
                .containsExactly(
                        "one node-started []",
                        "one addresses-taken [0#a, 0#b]",
                        "one message-delivered [0#a, 0#b]",
                        "one addresses-freed [0#a, 0#b]",
                        "one node-stopped []",
                        "two node-started []");
        assertThat(recording.events().get(2)).satisfies(sent -> {
            assertThat(sent.route()).isEqualTo(Route.of("b"));
            assertThat(sent.returnRoute()).isEqualTo(Route.of("a"));
            assertThat(sent.size()).isEqualTo(SECRET.size());
            assertThat(sent.flow()).hasValue(1);
        });
        assertThat(recording.ofNodes("two").events()).hasSize(1);
        assertThat(recording).hasToString("Recording(6 events of 1 processes)");
        assertThat(recording.jsonLines() + recording.html() + recording.mermaid())
                .doesNotContain(SECRET.utf8String());
    }

    @Test
    void nothingObservesNodesUnlessItIsSwitchedOn() {
        Router router = router(system(""), "quiet");

        router.observed(() -> {
            throw new AssertionError("an event was made");
        });
    }

    @Test
    void settingRecordsFromTheBeginningAndWritesAtTheEnd() throws Exception {
        Path file = directory.resolve("new/run.jsonl");
        ActorSystem<Void> here = system("ockam.recorder { enabled = on, file = \"" + file + "\" }");
        send(router(here, "one"));
        terminate(here);

        assertThat(Recording.read(file).events())
                .extracting(Recorded::event)
                .startsWith("node-started", "addresses-taken", "message-delivered");
        assertThat(Recording.read(file).parts().get(0).name()).isEqualTo("recorded");
    }

    @Test
    void fileThatCannotBeWrittenIsLoggedAndHarmsNobody() throws Exception {
        Path file =
                Files.writeString(directory.resolve("file"), "not a directory").resolve("run.html");
        ActorSystem<Void> here = system("ockam.recorder { enabled = on, file = \"" + file + "\" }");
        try (LogLines log = LogLines.of(AutomaticRecorder.class)) {
            terminate(here);

            assertThat(log.texts()).containsExactly("The recording could not be written to " + file);
        }
    }

    // ---- bounds ----

    private record Happened(String name, List<Address> addresses, Route route) implements Observer.Event {
        @Override
        public String node() {
            return "node";
        }
    }

    private static Happened happened(String name) {
        return new Happened(name, List.of(), Route.empty());
    }

    @Test
    void oldestEventsGiveWayAndAreCounted() {
        Ring ring = new Ring(new MutableClock(Script.START), 3, 1_000_000);
        List.of("1", "2", "3", "4", "5").forEach(name -> ring.on(happened(name)));

        Recording recording = ring.recording("process");
        assertThat(recording.events()).extracting(Recorded::event).containsExactly("3", "4", "5");
        assertThat(recording.lost()).isEqualTo(2);
        assertThat(recording.mermaid()).contains("%% 2 events before were not kept");
        assertThat(recording.html()).contains("3 events; 2 before them were not kept");
    }

    @Test
    void addressesAndRoutesCountForWhatTheyHold() {
        Address longest = Address.of("x".repeat(Address.MAX_LENGTH));
        Ring ring = new Ring(new MutableClock(Script.START), 1000, 3000);

        ring.on(happened("small"));
        ring.on(new Happened("large", List.of(longest), Route.of(longest, longest)));
        assertThat(ring.recording("process").events())
                .extracting(Recorded::event)
                .containsExactly("small", "large");
        ring.on(new Happened("next", List.of(longest), Route.of(longest, longest)));
        assertThat(ring.recording("process").events())
                .extracting(Recorded::event)
                .containsExactly("next");
        ring.on(new Happened("too large", List.of(), Route.of(longest, longest, longest, longest, longest, longest)));
        assertThat(ring.recording("process").events()).isEmpty();
        assertThat(ring.recording("process").lost()).isEqualTo(4);
    }

    @Test
    void clockThatIsSetBackChangesNoOrder() {
        MutableClock clock = new MutableClock(Script.START);
        Ring ring = new Ring(clock, 10, 1_000_000);
        ring.on(happened("first"));
        clock.goesOn(Duration.ofMinutes(-1));
        ring.on(happened("second"));

        assertThat(ring.recording("process").events())
                .extracting(Recorded::event, Recorded::time)
                .containsExactly(tuple("first"), tuple("second"));
    }

    private static Tuple tuple(String event) {
        return Tuple.tuple(event, Script.START);
    }

    @Test
    void recordedEventsCannotBeChanged() {
        Recorded event = Script.of("p")
                .taken("node", "WORKERS", "a")
                .recording()
                .events()
                .get(0);

        assertThat(event.addresses()).isUnmodifiable();
        assertThat(event.attributes()).isUnmodifiable().isEqualTo(Map.of("step", "WORKERS"));
    }
}
