// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.examples.OckamNode;
import ockam.fixtures.Program;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.routing.Addressed;
import ockam.routing.Producer;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A channel by way of a relay in a process of its own. What crosses its sockets and what is in its memory, garbage included, is searched for
 * what the channel carries. That the search finds such things is shown by the same message without a channel, and by the memory of the node
 * at the end.
 */
class NodeInBetweenTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create(TcpPair.PATIENT);

    private static final int PATIENCE_SECONDS = 120;
    private static final int MESSAGES = LongForm.or(20, 1_000);

    /** Three texts that only go through the channel, and the same for a message without one. */
    private record Marks(String payload, String onward, String back) {
        static Marks of(String kind) {
            return new Marks("payload " + kind, "behind the echoer " + kind, "address of the asker " + kind);
        }

        List<String> all() {
            return List.of(payload, onward, back);
        }
    }

    /** So much memory that nothing is collected before it is looked at, so that garbage is found as well. */
    private static final List<String> NO_COLLECTION = List.of("-Xms1g", "-Xmn900m", "-XX:MetaspaceSize=256m");

    private static final Marks SEALED = Marks.of("for the end of the channel alone");
    private static final Marks OPEN = Marks.of("that anybody may see");

    @TempDir
    Path directory;

    private final OckamTestKit kit;
    private final List<Program> programs = new ArrayList<>();

    NodeInBetweenTest(OckamTestKit kit) {
        this.kit = kit;
    }

    @AfterEach
    void end() {
        programs.forEach(Program::kill);
    }

    /** A node of the examples in a process of its own. */
    private Program run(String... arguments) throws IOException {
        Program program =
                Program.start(directory.resolve("err-" + programs.size()), NO_COLLECTION, OckamNode.class, arguments);
        programs.add(program);
        return program;
    }

    @Test
    void seesNeitherPayloadNorInnerRoute() throws Exception {
        Program end = run("serve", "--port", "0", "--trust", "any");
        RecordingProxy far = RecordingProxy.before(end.nextLineAfter("LISTENING "), kit.system());
        Identifier identifier = Identifier.parse(end.nextLineAfter("IDENTIFIER "));
        Program middle = run("relay", "--port", "0", "--to", far.hostAndPort());
        RecordingProxy near = RecordingProxy.before(middle.nextLineAfter("LISTENING "), kit.system());
        Node node = kit.node("asker");
        Connection connection = kit.await(TcpTransport.create(node).connect(near.hostAndPort()));

        SecureChannel channel = kit.await(SecureChannel.create(
                node,
                connection.route(Route.of("forward", "api")),
                kit.party().identity(),
                SecureChannelOptions.trusting(TrustPolicy.identifier(identifier))));
        for (int i = 0; i < MESSAGES; i++) {
            exchange(node, SEALED, channel, Route.of("echo", SEALED.onward()));
        }
        exchange(node, OPEN, connection, Route.of("forward", "echo", OPEN.onward()));

        for (String mark : OPEN.all()) {
            assertThat(near.contains(ByteString.fromString(mark))).as(mark).isTrue();
            assertThat(far.contains(ByteString.fromString(mark))).as(mark).isTrue();
        }
        for (String mark : SEALED.all()) {
            assertThat(near.contains(ByteString.fromString(mark))).as(mark).isFalse();
            assertThat(far.contains(ByteString.fromString(mark))).as(mark).isFalse();
        }
        assertThat(foundInMemoryOf(middle)).containsExactlyElementsOf(OPEN.all());
        assertThat(foundInMemoryOf(end)).containsAll(SEALED.all());
        kit.await(channel.close());
    }

    /** Asks once, from the address and along the route with the marks. */
    private <P extends Addressed & Producer> void exchange(Node node, Marks marks, P by, Route then) {
        Mailbox mailbox = node.mailbox(marks.back());
        node.allow(mailbox.address()).from(by);
        mailbox.send(then.prepend(by.address()), Codec.string(), marks.payload());
        assertThat(kit.await(mailbox.receive(Codec.string())).body()).isEqualTo(marks.payload());
        mailbox.close();
    }

    /** Returns which of the marks are there. */
    private List<String> foundInMemoryOf(Program program) throws Exception {
        Path dump = directory.resolve("memory-" + program.pid() + ".hprof");
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(program.pid()),
                        "GC.heap_dump",
                        "-all",
                        dump.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("jcmd").toFile())
                .start();
        assertThat(jcmd.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(jcmd.exitValue())
                .as(Files.readString(directory.resolve("jcmd")))
                .isZero();
        byte[] memory = Files.readAllBytes(dump);
        Files.delete(dump);
        return Stream.concat(OPEN.all().stream(), SEALED.all().stream())
                .filter(mark -> contains(memory, mark))
                .toList();
    }

    private static boolean contains(byte[] memory, String text) {
        byte[] mark = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i + mark.length <= memory.length; i++) {
            if (memory[i] == mark[0] && Arrays.equals(memory, i, i + mark.length, mark, 0, mark.length)) {
                return true;
            }
        }
        return false;
    }
}
