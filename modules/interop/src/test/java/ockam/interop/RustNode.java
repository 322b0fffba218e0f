// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import akka.util.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ockam.fixtures.Hex;
import ockam.identity.CredentialAndPurposeKey;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import ockam.wire.Route;

/** A node of the Rust implementation, in a process of its own; {@code interop/main.rs} says what it has and what it can be told. */
final class RustNode {
    /** What it holds: open channels, workers, connections; how many messages came where none may; whom its listeners refused. */
    record State(int channels, int workers, int connections, int reached, String refused) {}

    /** What it believes of a peer, and until when. */
    record Said(Attributes attributes, Instant until) {}

    private static final Pattern STATE =
            Pattern.compile("channels=([0-9]+) workers=([0-9]+) connections=([0-9]+) reached=([0-9]+) refused=(.*)");

    private final RustProcess process;
    private final String port;
    private final Identifier identifier;

    RustNode(RustProcess process) {
        this.process = process;
        this.port = process.answer("LISTENING");
        this.identifier = Identifier.parse(process.answer("IDENTIFIER"));
    }

    /** Where it listens. */
    String port() {
        return port;
    }

    Identifier identifier() {
        return identifier;
    }

    // ---- what it can be told ----

    Route connect(String to) {
        return Route.of(tell("CONNECTED", "connect", to));
    }

    void disconnect(Route connection) {
        tell("DISCONNECTED", "disconnect", text(connection));
    }

    void relay(Route along) {
        tell("RELAYING", "relay", text(along));
    }

    void serveRelays() {
        tell("SERVING", "serve-relays");
    }

    /** Registers at the relay service at the end of the route, and returns the address of the relay. */
    Address register(Route along, Optional<String> name) {
        return Address.of(tell("REGISTERED", "register", text(along), name.orElse("-")));
    }

    /** Does the same, but waits for no answer; it can be told nothing more. */
    void triesToRegister(Route along, String name) {
        process.write("register", text(along), name);
    }

    /** Opens a channel, and returns the address of its encryptor. */
    Address open(Route along, Identifier trusted) {
        return Address.of(tell("OPEN", "open", text(along), trusted.toString()));
    }

    void close(Address encryptor) {
        tell("CLOSED", "close", text(Route.of(encryptor)));
    }

    void move(Address encryptor, Route toOtherNode) {
        tell("MOVED", "move", text(Route.of(encryptor)), text(toOtherNode));
    }

    /** Sends so many messages of these sizes, in turn, to an echo worker, and compares what comes back. */
    void echoes(Route along, int count, int... sizes) {
        String all = Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(","));
        tell("ECHOES " + count, "echo", text(along), Integer.toString(count), all);
    }

    /** Sends a message that needs no answer. */
    void send(Route along) {
        tell("SENT", "send", text(along));
    }

    /** The decryptors of all open channels, by their encryptors. */
    Map<Address, Address> channels() {
        String all = tell("CHANNELS", "channels");
        return all.isEmpty()
                ? Map.of()
                : Arrays.stream(all.split(" "))
                        .map(channel -> channel.split(":"))
                        .collect(Collectors.toMap(pair -> Address.of(pair[0]), pair -> Address.of(pair[1])));
    }

    State state() {
        Matcher state = STATE.matcher(tell("STATE", "state"));
        if (!state.matches()) {
            throw new AssertionError("not a state");
        }
        return new State(
                Integer.parseInt(state.group(1)),
                Integer.parseInt(state.group(2)),
                Integer.parseInt(state.group(3)),
                Integer.parseInt(state.group(4)),
                state.group(5));
    }

    // ---- credentials ----

    /** The history of its identity. */
    ByteString history() {
        return Hex.string(tell("HISTORY", "history"));
    }

    void importHistory(ByteString history) {
        tell("IMPORTED", "import", Hex.of(history));
    }

    /** Gives its members credentials from now on. */
    void issue(Duration validity) {
        tell("ISSUING", "authority", Long.toString(validity.toSeconds()));
    }

    void member(Identifier who, Attributes attributes) {
        tell("MEMBER", "member", who.toString(), RustProcess.text(attributes));
    }

    /** A credential by itself. */
    CredentialAndPurposeKey credential(Identifier subject, Attributes attributes, Duration validity) {
        return read(tell(
                "CREDENTIAL",
                "credential",
                subject.toString(),
                Long.toString(validity.toSeconds()),
                RustProcess.text(attributes)));
    }

    /** Gets a credential from an authority, and keeps it. */
    CredentialAndPurposeKey fetch(KnownAuthority from) {
        return read(tell("CREDENTIAL", "fetch", words(from)));
    }

    /** The status of the answer of a worker of an authority, and what the answer says. */
    String ask(KnownAuthority authority, String worker, String method, String path, String body) {
        return tell("ANSWER", "ask", words(authority), worker, method, path, body);
    }

    /** Presents this credential in channels from now on. */
    void present(CredentialAndPurposeKey credential) {
        tell("PRESENTING", "present", Hex.of(credential.encode()));
    }

    /** Presents, in channels from now on, what it {@linkplain #fetch fetched}. */
    void presentWhatWasFetched(KnownAuthority from) {
        tell("PRESENTING", "present cached", from.identifier().toString());
    }

    /** Presents, in channels from now on, what the authority gives, and gets it anew twice this time before its end. */
    void presentWhatIsAskedOf(KnownAuthority authority, Duration gap) {
        tell("PRESENTING", "present remote", words(authority), Long.toString(gap.toSeconds()));
    }

    /** Believes the authority in channels from now on, and lets those to {@code guarded} who fit the rule. */
    void believe(Identifier authority, String rule) {
        tell("BELIEVING", "believe", authority.toString(), rule);
    }

    /** Accepts channels of this peer at an address. */
    void accept(Address listener, Identifier peer) {
        tell("ACCEPTING", "accept", text(Route.of(listener)), peer.toString());
    }

    /** Accepts channels of everyone at an address. */
    void acceptAll(Address listener) {
        tell("ACCEPTING", "accept", text(Route.of(listener)), "any");
    }

    /** What it believes of somebody. */
    Optional<Said> attributes(Identifier subject) {
        String all = tell("ATTRIBUTES", "attributes", subject.toString());
        if (all.equals("-")) {
            return Optional.empty();
        }
        String[] said = all.split(" ", 2);
        Map<ByteString, ByteString> pairs = Arrays.stream(said[1].split(","))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> Hex.string(pair[0]), pair -> Hex.string(pair[1])));
        return Optional.of(new Said(Attributes.of(pairs), Instant.ofEpochSecond(Long.parseLong(said[0]))));
    }

    private static String words(KnownAuthority authority) {
        return String.join(
                " ",
                authority.port(),
                text(Route.of(authority.listener())),
                authority.identifier().toString());
    }

    private static CredentialAndPurposeKey read(String hex) {
        return CredentialAndPurposeKey.decode(Hex.string(hex)).orElseThrow();
    }

    /** Ends the process without a word to anybody. */
    void kill() {
        process.kill();
    }

    /** Ends its input, and waits for it to end by itself. */
    int endInput() {
        return process.endInput();
    }

    private static String text(Route route) {
        return route.toList().stream()
                .map(address -> address.value().utf8String())
                .collect(Collectors.joining(","));
    }

    private String tell(String expected, String... words) {
        return process.tell(expected, words);
    }
}
