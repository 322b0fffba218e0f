// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ockam.authority.Ticket;
import ockam.examples.OckamNode;
import ockam.examples.Step08RoutingOverTransportManyHopsMiddle;
import ockam.examples.Step09SecureChannelOverTransportManyHopsInitiator;
import ockam.examples.Step09SecureChannelOverTransportManyHopsResponder;
import ockam.fixtures.Program;
import ockam.fixtures.Stages;
import ockam.identity.ChangeHistory;
import ockam.identity.Identities;
import ockam.identity.IdentityFile;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TokenCode;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes, each in a process of its own: failures of the guide's programs, and the node for the command line. */
class TransportExamplesTest {
    private static final String ANY_PORT = "127.0.0.1:0";
    private static final String IDENTIFIER = "I" + "0a".repeat(32);

    @TempDir
    Path directory;

    private final List<Program> programs = new ArrayList<>();

    @AfterEach
    void end() {
        programs.forEach(Program::kill);
    }

    /** Runs a main class with the configuration of the examples instead of that of these tests. */
    private Program run(Class<?> mainClass, String... arguments) throws IOException {
        Program program = Program.start(directory.resolve("err-" + programs.size()), mainClass, arguments);
        programs.add(program);
        return program;
    }

    private static String listeningAt(Program program) throws IOException {
        return program.nextLineAfter("Listening at ");
    }

    @Test
    void initiatorTellsThatThePeerIsAnother() throws Exception {
        Program responder = run(Step09SecureChannelOverTransportManyHopsResponder.class, ANY_PORT);
        responder.nextLineAfter("Identifier: ");
        Program middle = run(Step08RoutingOverTransportManyHopsMiddle.class, ANY_PORT, listeningAt(responder));

        String another = "I" + "0a".repeat(32);
        Program misled = run(Step09SecureChannelOverTransportManyHopsInitiator.class, listeningAt(middle), another);
        misled.endsWith(1);
        assertThat(misled.lines()).isEmpty();
        assertThat(misled.errors()).contains("POLICY_REFUSED");
    }

    // ---- the node for the command line ----

    private static String[] after(Program program, String... words) throws IOException {
        String[] values = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            values[i] = program.nextLineAfter(words[i] + " ");
        }
        return values;
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    /** Makes an identity for an enroller in this file, and returns its identifier. */
    private static String enroller(Path file) {
        return Stages.await(IdentityFile.of(file, new char[0])
                        .loadOrCreate(SoftwareVault.create(Runnable::run), Runnable::run, Clock.systemUTC()))
                .identifier()
                .toString();
    }

    @Test
    void membersComeWithATicket() throws Exception {
        Path boss = directory.resolve("boss");
        String enroller = enroller(boss);
        Path trusted = Files.writeString(
                directory.resolve("trusted.json"), "{\"" + enroller + "\": {\"ockam-role\": \"enroller\"}}");
        Program authority = run(OckamNode.class, "authority", "--port", "0", "--trusted", trusted.toString());
        String[] known = after(authority, "LISTENING", "IDENTIFIER", "HISTORY");
        Program serve = run(OckamNode.class, "serve", "--port", "0", "--trust", "any", "--authority", known[2]);
        String[] served = after(serve, "LISTENING", "IDENTIFIER", "HISTORY");
        Program ticket = run(
                OckamNode.class,
                "ticket",
                "--identity",
                boss.toString(),
                "--to",
                known[0],
                "--expect",
                known[1],
                "--serve",
                served[0],
                "--history",
                served[2],
                "--attribute",
                "role=member",
                "--uses",
                "2");
        String text = after(ticket, "TICKET")[0];
        ticket.endsWith(0);

        Program send = run(
                OckamNode.class,
                "send",
                "--ticket",
                text,
                "--to",
                served[0],
                "--route",
                "api",
                "--expect",
                served[1],
                "--text",
                "Hello");
        after(send, "PEER");
        String sender = after(send, "IDENTIFIER")[0];
        assertThat(send.nextLine()).matches("ECHOES 1 of 5 in [0-9.]+ s");
        send.endsWith(0);
        Program noMember = run(
                OckamNode.class, "send", "--to", served[0], "--route", "api", "--expect", served[1], "--seconds", "5");
        noMember.endsWith(1);
        assertThat(noMember.lines()).noneMatch(line -> line.startsWith("ECHOES"));
        assertThat(serve.errors()).contains("INCOMING_DENIED");

        Program enroll = run(OckamNode.class, "enroll", "--ticket", text, "--identity", file("member"));
        String enrolled = after(enroll, "ENROLLED")[0];
        enroll.endsWith(0);
        Path kept = Files.writeString(directory.resolve("ticket"), text + "\n");
        Program again = run(OckamNode.class, "enroll", "--ticket", kept.toString(), "--identity", file("member"));
        again.endsWith(0);
        assertThat(again.lines())
                .containsExactly("ALREADY " + enrolled + " is a member: the code of the ticket was not used");
        Program sendAgain = run(
                OckamNode.class,
                "send",
                "--identity",
                file("member"),
                "--ticket",
                text,
                "--to",
                served[0],
                "--route",
                "api",
                "--expect",
                served[1]);
        assertThat(sendAgain.nextLine())
                .isEqualTo("ALREADY " + enrolled + " is a member: the code of the ticket was not used");
        sendAgain.endsWith(0);

        Program remove = members(boss, known, "--remove", enrolled);
        remove.endsWith(0);
        assertThat(remove.lines()).containsExactly("REMOVED " + enrolled);
        Program members = members(boss, known);
        members.endsWith(0);
        assertThat(members.lines())
                .containsExactlyInAnyOrder(
                        "MEMBER " + enroller + " {ockam-role=enroller}", "MEMBER " + sender + " {role=member}");
        Program strange = members(directory.resolve("stranger"), known);
        strange.endsWith(1);
        assertThat(strange.errors())
                .contains("FAILED REFUSED: the authority answers 403, Non-enroller is trying to list members"
                        + " (see docs/troubleshooting.md#authorities)");
    }

    private Program members(Path identity, String[] known, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("members", "--identity", identity.toString(), "--to", known[0], "--expect", known[1]));
        arguments.addAll(List.of(more));
        return run(OckamNode.class, arguments.toArray(String[]::new));
    }

    /** Its members and tokens, and who it is, outlast a process that is killed, wherever the next one has its key from. */
    @Test
    void authorityWithAStoreIsTheSameAfterARestart() throws Exception {
        Path boss = directory.resolve("boss");
        String enroller = enroller(boss);
        Path key = Files.writeString(directory.resolve("authority.key"), "0a".repeat(32));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        String[] arguments = {
            "authority",
            "--port",
            "0",
            "--enroller",
            enroller,
            "--store",
            directory.resolve("authority.db").toString(),
            "--key-file",
            key.toString()
        };
        Program first = run(OckamNode.class, arguments);
        String[] known = after(first, "LISTENING", "IDENTIFIER", "HISTORY");
        String alice = "I" + "0a".repeat(32);
        Program add = members(boss, known, "--add", alice, "--attribute", "role=member");
        Program ticket = run(
                OckamNode.class,
                "ticket",
                "--identity",
                boss.toString(),
                "--to",
                known[0],
                "--expect",
                known[1],
                "--serve",
                "[::1]:5000",
                "--history",
                known[2],
                "--attribute",
                "role=guest");
        String text = after(ticket, "TICKET")[0];
        ticket.endsWith(0);
        assertThat(Ticket.decode(text).orElseThrow().projectRoute()).isEqualTo("/ip6/::1/tcp/5000/service/api");
        add.endsWith(0);
        assertThat(add.lines()).containsExactly("ADDED " + alice);
        first.kill();

        String[] fromEnvironment = arguments.clone();
        fromEnvironment[arguments.length - 2] = "--key-environment";
        fromEnvironment[arguments.length - 1] = "OCKAM_TEST_KEY";
        Program second = Program.startWith(
                Map.of("OCKAM_TEST_KEY", "0a".repeat(32)),
                directory.resolve("err-second"),
                OckamNode.class,
                fromEnvironment);
        programs.add(second);
        String[] again = after(second, "LISTENING", "IDENTIFIER", "HISTORY");
        assertThat(again[1]).isEqualTo(known[1]);
        assertThat(again[2]).isEqualTo(known[2]);
        Program enroll =
                run(OckamNode.class, "enroll", "--ticket", atPort(again[0], text), "--identity", file("member"));
        String enrolled = after(enroll, "ENROLLED")[0];
        enroll.endsWith(0);
        Program members = members(boss, again);
        members.endsWith(0);
        assertThat(members.lines())
                .containsExactlyInAnyOrder(
                        "MEMBER " + enroller + " {ockam-role=enroller}",
                        "MEMBER " + alice + " {role=member}",
                        "MEMBER " + enrolled + " {role=guest}");
    }

    /** The same ticket, with the port at which the authority listens now. */
    private static String atPort(String hostAndPort, String ticket) {
        Ticket before = Ticket.decode(ticket).orElseThrow();
        return new Ticket(
                        before.projectRoute(),
                        before.project(),
                        before.projectName(),
                        before.code(),
                        before.projectHistory(),
                        before.authorityHistory(),
                        "/ip4/" + hostAndPort.replace(":", "/tcp/") + "/service/api")
                .hex();
    }

    /** Otherwise a node might be open to everyone although it was not meant to be. */
    @Test
    void whatWouldBeIgnoredIsAnError() throws Exception {
        Map<String, String[]> wrong = new LinkedHashMap<>();
        wrong.put(
                "Missing required argument(s): --authority=<authority>",
                new String[] {"serve", "--port", "0", "--trust", "any", "--allow", "role=member"});
        wrong.put(
                "'--authority': it is empty: is a variable of the shell not set?",
                new String[] {"serve", "--port", "0", "--trust", "any", "--authority", ""});
        wrong.put(
                "--text is empty: is a variable of the shell not set?",
                new String[] {"send", "--to", "x", "--route", "api", "--expect", "any", "--text", ""});
        wrong.put("--attribute is empty: is a variable of the shell not set?", new String[] {
            "members", "--to", "x", "--expect", IDENTIFIER, "--add", IDENTIFIER, "--attribute", "role="
        });
        Path trusted = Files.writeString(directory.resolve("trusted.json"), "{\"" + IDENTIFIER + "\": {}}");
        wrong.put(
                "--trusted names it too, and says what it is",
                new String[] {"authority", "--port", "0", "--trusted", trusted.toString(), "--enroller", IDENTIFIER});
        wrong.put(
                "Missing required argument(s): --relay=<relay>",
                new String[] {"serve", "--port", "0", "--trust", "any", "--name", "bob"});
        wrong.put(
                "--text=<text> are mutually exclusive",
                new String[] {"send", "--to", "x", "--route", "api", "--expect", "any", "--size", "1", "--text", "x"});
        wrong.put(
                "Missing required argument(s): --add=<identifier>",
                new String[] {"members", "--to", "x", "--expect", IDENTIFIER, "--attribute", "role=member"});
        wrong.put(
                "Missing required argument(s): (--key-file=<file> | --key-environment=<environment>)",
                new String[] {"authority", "--port", "0", "--store", "x"});
        wrong.put(
                "Missing required argument(s): --store=<file>",
                new String[] {"authority", "--port", "0", "--key-file", "x"});
        wrong.put(
                "--identity and --store exclude each other",
                new String[] {"authority", "--port", "0", "--store", "x", "--key-file", "x", "--identity", "x"});
        wrong.put("--uses and --minutes must be at least 1", new String[] {
            "ticket", "--to", "x", "--expect", IDENTIFIER, "--serve", "x", "--history", history(), "--uses", "0"
        });
        wrong.put("Missing required option: '--identity=<file>'", new String[] {"identity"});
        requireRefused(wrong);
    }

    /** Its identity would be gone with the process, and the code of the ticket with it. */
    @Test
    void nobodyBecomesAMemberWithAnIdentityThatEndsAtOnce() throws Exception {
        Path ticket = Files.writeString(directory.resolve("ticket"), ticket());
        requireRefused(Map.of(
                "Missing required option: '--identity=<file>'",
                new String[] {"enroll", "--ticket", ticket.toString()}));
    }

    private static String ticket() {
        ChangeHistory history = ChangeHistory.decode(
                        ByteString.fromArray(HexFormat.of().parseHex(history())))
                .orElseThrow();
        return new Ticket(
                        "/ip4/127.0.0.1/tcp/1/service/api",
                        history.identifier(),
                        "garden",
                        TokenCode.of(ByteString.fromArray(new byte[TokenCode.LENGTH])),
                        history,
                        history,
                        "/ip4/127.0.0.1/tcp/1/service/api")
                .hex();
    }

    private static String history() {
        return HexFormat.of()
                .formatHex(Stages.await(Identities.create(
                                        SoftwareVault.create(Runnable::run),
                                        InMemoryIdentityRepository.create(),
                                        Clock.systemUTC())
                                .create())
                        .export()
                        .toArray());
    }

    /** Before an identity is made, or anybody is asked. */
    @Test
    void whatCannotBeReadIsAWrongArgument() throws Exception {
        String identity = file("unmade");
        Map<String, String[]> wrong = new LinkedHashMap<>();
        wrong.put(
                "'--expect': the text of an identifier is",
                new String[] {"send", "--to", "x", "--route", "api", "--expect", "I00", "--identity", identity});
        wrong.put(
                "'--trust': the text of an identifier is",
                new String[] {"serve", "--port", "0", "--trust", "bob", "--identity", identity});
        wrong.put(
                "'--expect': the text of an identifier is ",
                new String[] {"members", "--to", "x", "--expect", "any", "--identity", identity});
        wrong.put(
                "'--enroller' (<enrollers>): the text of an identifier is",
                new String[] {"authority", "--port", "0", "--enroller", "I00", "--identity", identity});
        wrong.put(
                "'--add': the text of an identifier is",
                new String[] {"members", "--to", "x", "--expect", IDENTIFIER, "--add", "I00", "--identity", identity});
        wrong.put("'--remove': the text of an identifier is", new String[] {
            "members", "--to", "x", "--expect", IDENTIFIER, "--remove", "I00", "--identity", identity
        });
        wrong.put(
                "'--ticket': it is no ticket, and no file with one: ",
                new String[] {"enroll", "--ticket", file("nowhere"), "--identity", identity});
        wrong.put("'--allow': ", new String[] {
            "serve", "--port", "0", "--trust", "any", "--authority", history(), "--allow", "((", "--identity", identity
        });
        wrong.put("'--authority': it is no history: the hexadecimal text that is printed as HISTORY", new String[] {
            "serve", "--port", "0", "--trust", "any", "--authority", IDENTIFIER, "--identity", identity
        });
        wrong.put(
                "--trusted: NoSuchFileException: " + file("nowhere"),
                new String[] {"authority", "--port", "0", "--trusted", file("nowhere"), "--identity", identity});
        wrong.put(
                "--port must be 0 to 65535",
                new String[] {"serve", "--port", "65536", "--trust", "any", "--identity", identity});
        wrong.put("--port must be 0 to 65535\n", new String[] {"authority", "--port", "-1", "--identity", identity});
        requireRefused(wrong);
        assertThat(directory.resolve("unmade")).doesNotExist();
    }

    private Program sendTo(String to, String identity) throws IOException {
        return run(OckamNode.class, "send", "--to", to, "--route", "api", "--expect", "any", "--identity", identity);
    }

    /** An identity of which nobody knows would be left. */
    @Test
    void noIdentityIsMadeWhereNobodyIsToBeFound() throws Exception {
        String identity = file("unmade");
        String deserted;
        try (ServerSocket before = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            deserted = "127.0.0.1:" + before.getLocalPort();
        }
        Map<Program, String> failures = new LinkedHashMap<>();
        failures.put(sendTo("nowhere:port", identity), "INVALID_ADDRESS");
        failures.put(sendTo(deserted, identity), "CONNECT_FAILED");
        failures.put(members(Path.of(identity), new String[] {"127.0.0.1:70000", IDENTIFIER}), "INVALID_ADDRESS");
        for (Map.Entry<Program, String> failure : failures.entrySet()) {
            failure.getKey().endsWith(1);
            assertThat(failure.getKey().errors()).contains(failure.getValue());
        }
        assertThat(directory.resolve("unmade")).doesNotExist();
    }

    @Test
    void helpSaysWhichOptionsThereAre() throws Exception {
        Program help = run(OckamNode.class, "enroll", "--help");
        help.endsWith(0);
        assertThat(help.lines()).anyMatch(line -> line.contains("--ticket=<ticket>"));
    }

    /** Before the authority is asked: it would have made a token of which nobody gets the code. */
    @Test
    void ticketThatCannotBeWrittenMakesNoToken() throws Exception {
        String good = history();
        Map<String, String[]> wrong = new LinkedHashMap<>();
        wrong.put(
                "'--history': it is no history, or not all of one",
                ticket("127.0.0.1:5000", good.substring(0, good.length() - 2), "garden"));
        wrong.put("'--history': it is no history: the hexadecimal text", ticket("127.0.0.1:5000", "history", "garden"));
        wrong.put("5000 is no host and port, such as 127.0.0.1:4000", ticket("5000", good, "garden"));
        wrong.put("the ticket cannot be written: projectRoute: ", ticket("127.0.0.1:70000", good, "garden"));
        wrong.put("a plain ticket cannot have a comma", ticket("127.0.0.1:5000", good, "garden,shed"));
        requireRefused(wrong);
    }

    /** From an authority where nobody listens. */
    private static String[] ticket(String serve, String history, String name) {
        return new String[] {
            "ticket",
            "--to",
            "127.0.0.1:1",
            "--expect",
            IDENTIFIER,
            "--serve",
            serve,
            "--history",
            history,
            "--name",
            name
        };
    }

    /** Each with exit code 2 and its message. */
    private void requireRefused(Map<String, String[]> wrong) throws Exception {
        List<Program> refused = new ArrayList<>();
        for (String[] arguments : wrong.values()) {
            refused.add(run(OckamNode.class, arguments));
        }

        int i = 0;
        for (String message : wrong.keySet()) {
            Program program = refused.get(i++);
            program.endsWith(2);
            assertThat(program.errors()).contains(message);
            assertThat(program.lines()).isEmpty();
        }
    }

    @Test
    void echoesGoThroughHopsOrThroughARelay() throws Exception {
        Program serve = run(OckamNode.class, "serve", "--port", "0", "--hops", "h1,h2,h3", "--trust", "any");
        String[] served = after(serve, "LISTENING", "IDENTIFIER");
        Program relay = run(OckamNode.class, "relay", "--port", "0", "--to", served[0]);
        String relayed = after(relay, "LISTENING")[0];

        Program overHops = run(
                OckamNode.class,
                "send",
                "--to",
                served[0],
                "--route",
                "h1,h2,h3,api",
                "--expect",
                served[1],
                "--count",
                "20",
                "--size",
                "3000");
        assertThat(after(overHops, "PEER")).containsExactly(served[1]);
        after(overHops, "IDENTIFIER");
        assertThat(overHops.nextLine()).matches("ECHOES 20 of 3000 in [0-9.]+ s");
        overHops.endsWith(0);

        Program overRelay = run(
                OckamNode.class,
                "send",
                "--to",
                relayed,
                "--route",
                "forward,api",
                "--expect",
                "any",
                "--text",
                "Hello");
        assertThat(after(overRelay, "PEER")).containsExactly(served[1]);
        after(overRelay, "IDENTIFIER");
        assertThat(overRelay.nextLine()).matches("ECHOES 1 of 5 in [0-9.]+ s");
        overRelay.endsWith(0);
    }

    @Test
    void servedNodeIsReachedByARelayService() throws Exception {
        Program relays = run(OckamNode.class, "relay-service", "--port", "0");
        String port = after(relays, "LISTENING")[0];
        Program serve =
                run(OckamNode.class, "serve", "--port", "0", "--trust", "any", "--relay", port, "--name", "served");
        String[] served = after(serve, "LISTENING", "IDENTIFIER", "RELAY");
        assertThat(served[2]).isEqualTo("forward_to_served");

        Program send = run(
                OckamNode.class,
                "send",
                "--to",
                port,
                "--route",
                served[2] + ",api",
                "--expect",
                served[1],
                "--text",
                "Hello");
        after(send, "PEER", "IDENTIFIER");
        assertThat(send.nextLine()).matches("ECHOES 1 of 5 in [0-9.]+ s");
        send.endsWith(0);
    }

    @Test
    void identityInAFileIsTheSameInTheNextRun() throws Exception {
        Path file = directory.resolve("identity");
        String[] arguments = {"serve", "--port", "0", "--trust", "any", "--identity", file.toString()};
        Program first = run(OckamNode.class, arguments);
        String identifier = after(first, "LISTENING", "IDENTIFIER")[1];
        Program second = run(OckamNode.class, arguments);
        assertThat(after(second, "LISTENING", "IDENTIFIER")[1]).isEqualTo(identifier);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.writeString(file, Files.readString(file).replaceFirst("history .", "history "));
        Program third = run(OckamNode.class, arguments);
        third.endsWith(1);
    }

    @Test
    void failureIsOneLineWithTheNextStep() throws Exception {
        Program serve = run(OckamNode.class, "serve", "--port", "0", "--trust", "any");
        String[] served = after(serve, "LISTENING", "IDENTIFIER");

        Program misled =
                run(OckamNode.class, "send", "--to", served[0], "--route", "api", "--expect", "I" + "0a".repeat(32));
        misled.endsWith(1);
        assertThat(misled.errors())
                .containsOnlyOnce("FAILED MESSAGE_2: POLICY_REFUSED (the peer only claimed to be " + served[1] + ")");

        serve.kill();
        Program late = run(OckamNode.class, "send", "--to", served[0], "--route", "api", "--expect", "any");
        late.endsWith(1);
        assertThat(late.errors())
                .contains("FAILED CONNECT_FAILED: " + served[0] + ": Connection refused (is a node listening there?)");
    }
}
