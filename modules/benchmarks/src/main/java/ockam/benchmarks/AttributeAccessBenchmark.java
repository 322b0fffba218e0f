// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.util.ByteString;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ockam.routing.AccessControl;
import ockam.routing.Peer;
import ockam.routing.PeerAttributes;
import ockam.routing.rule.Rule;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an access rule costs for each message: the whole decision, as an endpoint makes it before it queues the message. The peer is found
 * among what this node knows about the message, its attributes are compared with the clock, and the rule is evaluated.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class AttributeAccessBenchmark {
    private static final Address SOURCE = Address.of("decryptor");
    private static final Address WORKER = Address.of("worker");
    private static final Identifier PEER = Identifier.parse("I" + "0a".repeat(32));
    private static final String AUTHORITY = "I" + "0b".repeat(32);
    private static final String OTHER = "I" + "0c".repeat(32);

    /** The rule. */
    @Param({
        "role=member",
        "role=member and (team=blue or team=red) and not guest",
        "(member? subject.team [\"blue\" \"green\" \"red\"])",
        "(and (= subject.role \"member\") (or (member? subject.team [\"blue\" \"red\"]) (exists? subject.admin))"
                + " (not (exists? subject.suspended)))",
        "nobody=has"
    })
    public String rule;

    private AccessControl control;
    private AccessControl combined;
    private LocalMessage message;

    /** Creates the controls and a message; nothing is the same object at both ends, as in a node. */
    @Setup
    public void prepare() {
        control = AccessControl.attributes(Identifier.parse(AUTHORITY), Rule.parse(rule), Clock.systemUTC());
        combined = AccessControl.all(
                AccessControl.any(AccessControl.peer(Identifier.parse(OTHER)), AccessControl.anyPeer()), control);
        Attributes attributes =
                Attributes.ofTexts(Map.of("role", "member", "team", "red", "guest", "false", "name", "somebody"));
        Instant end = Instant.now().plus(Duration.ofDays(1));
        Peer peer = new Peer(
                PEER,
                List.of(
                        new PeerAttributes(Identifier.parse(OTHER), Attributes.none(), end),
                        new PeerAttributes(Identifier.parse(AUTHORITY), attributes, end)));
        message = LocalMessage.of(Route.of(WORKER), Route.of(SOURCE), ByteString.emptyByteString())
                .withLocalInfo(List.of(peer));
    }

    /** Allowed or denied; nothing is logged. */
    @Benchmark
    public boolean ask() {
        return control.allows(SOURCE, WORKER, message);
    }

    /** The same, among other controls. */
    @Benchmark
    public boolean askAll() {
        return combined.allows(SOURCE, WORKER, message);
    }
}
