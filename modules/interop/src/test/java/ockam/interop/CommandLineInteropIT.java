// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ockam.examples.OckamNode;
import ockam.fixtures.Program;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The node for the command line, whose three commands work with a Rust node as they do with each other. */
class CommandLineInteropIT {
    @RegisterExtension
    static final RustNodes RUST = new RustNodes();

    @TempDir
    Path directory;

    private final List<Program> programs = new ArrayList<>();

    @AfterEach
    void end() {
        programs.forEach(Program::kill);
    }

    private Program run(String... arguments) throws IOException {
        Program program = Program.start(directory.resolve("err-" + programs.size()), OckamNode.class, arguments);
        programs.add(program);
        return program;
    }

    @Test
    void serveAnswersARustNode() throws IOException {
        Program serve = run("serve", "--port", "0", "--hops", "h1,h2,h3", "--trust", "any");
        String port = serve.nextLineAfter("LISTENING ");
        Identifier served = Identifier.parse(serve.nextLineAfter("IDENTIFIER "));
        RustNode rust = RUST.start(served);

        Address channel = rust.open(rust.connect(port).append(Route.of("h1", "h2", "h3", "api")), served);

        rust.echoes(Route.of(channel, Address.of("echo")), 100, 0, 33, 65_536);
    }

    @Test
    void sendReachesARustNodeByARelay() throws Exception {
        Path file = directory.resolve("identity");
        Program first = run("serve", "--port", "0", "--trust", "any", "--identity", file.toString());
        first.nextLineAfter("LISTENING ");
        RustNode rust = RUST.start(Identifier.parse(first.nextLineAfter("IDENTIFIER ")));
        String expected = rust.identifier().toString();
        Program relay = run("relay", "--port", "0", "--to", rust.port());
        String port = relay.nextLineAfter("LISTENING ");

        Program send = run(
                "send",
                "--to",
                port,
                "--route",
                "forward,h1,h2,h3,api",
                "--expect",
                expected,
                "--identity",
                file.toString(),
                "--count",
                "100",
                "--size",
                "3000");

        assertThat(send.nextLineAfter("PEER ")).isEqualTo(expected);
        send.nextLineAfter("IDENTIFIER ");
        assertThat(send.nextLine()).matches("ECHOES 100 of 3000 in [0-9.]+ s");
        send.endsWith(0);
    }

    @Test
    void sendSaysWhomItHasRefused() throws Exception {
        Identifier somebodyElse = Identifier.parse("I" + "0b".repeat(32));
        RustNode rust = RUST.start(somebodyElse);

        Program send = run("send", "--to", rust.port(), "--route", "api", "--expect", somebodyElse.toString());

        send.endsWith(1);
        assertThat(send.errors())
                .contains("FAILED MESSAGE_2: POLICY_REFUSED (the peer only claimed to be " + rust.identifier() + ")");
    }
}
