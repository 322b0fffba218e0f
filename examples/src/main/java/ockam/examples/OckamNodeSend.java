// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import ockam.authority.Enrollment;
import ockam.authority.Ticket;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.identity.Identity;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends through a secure channel to the echo worker of another node, and compares what comes back. */
@Command(name = "send", description = "Open a secure channel to another node, and have its echo worker answer.")
final class OckamNodeSend implements Callable<Integer> {
    @Mixin
    private IdentityOption identityOption = new IdentityOption();

    @Option(names = "--to", required = true, description = "Where the other node listens, such as 127.0.0.1:4000.")
    private String to = "";

    @Option(
            names = "--route",
            split = ",",
            required = true,
            description = "The route from there, such as h1,h2,h3,api.")
    private List<Address> route = List.of();

    @Option(names = "--expect", required = true, description = "The identifier that the other end must prove, or any.")
    private TrustPolicy expect = peer -> false;

    @Option(names = "--count", defaultValue = "1", description = "How many messages.")
    private int count;

    @ArgGroup
    private What what = new What();

    static final class What {
        @Option(names = "--size", description = "How many bytes each of them has; otherwise 12.")
        private int size = 12;

        @Option(names = "--text", description = "What to send, instead of so many bytes.")
        private String text = "";
    }

    @Option(names = "--seconds", defaultValue = "30", description = "How long to wait for each answer.")
    private int seconds;

    @Option(
            names = "--ticket",
            description = "A ticket, or a file with one, by which to become a member first, and show a credential.")
    private @Nullable Ticket ticket;

    @Override
    public Integer call() {
        try (Running running = Running.start("send")) {
            Connection connection = OckamNode.await(running.tcp().connect(to)); // before an identity is made
            Identity identity = running.identity(identityOption);
            SecureChannelOptions options = SecureChannelOptions.trusting(expect);
            Route onward = connection.route(Route.of(route));
            if (ticket != null) { // last, since this uses it up
                Enrollment enrollment = OckamNodeEnroll.enroll(running, identity, ticket);
                if (!enrollment.isNew()) {
                    System.out.println(OckamNodeEnroll.already(identity));
                }
                options = options.withCredential(enrollment.credential());
            }
            SecureChannel channel = OckamNode.await(SecureChannel.create(running.node(), onward, identity, options));
            System.out.println("PEER " + channel.peer().identifier());
            System.out.println("IDENTIFIER " + identity.identifier());
            Progress progress = new Progress(count);
            long begin = System.nanoTime();
            for (int i = 0; i < count; i++) {
                ByteString sent = what.text.isEmpty() ? bytes(i) : ByteString.fromString(what.text);
                ByteString answer = OckamNode.await(running.node()
                                .ask(channel.route("echo"), Codec.bytes(), sent, Duration.ofSeconds(seconds)))
                        .body();
                if (!answer.equals(sent)) {
                    throw new IllegalStateException("answer " + (i + 1) + " is not what was sent");
                }
                progress.show(i + 1);
            }
            progress.end();
            System.out.printf(
                    "ECHOES %d of %d in %.3f s%n",
                    count,
                    what.text.isEmpty()
                            ? what.size
                            : ByteString.fromString(what.text).size(),
                    (System.nanoTime() - begin) / 1e9);
            return 0;
        }
    }

    /** A line that counts, once a second, on a terminal only. */
    private static final class Progress {
        private static final long SECOND = 1_000_000_000;

        private final int of;
        private final boolean onTerminal = CommandLine.Help.Ansi.AUTO.enabled();
        private long shown = System.nanoTime();

        Progress(int of) {
            this.of = of;
        }

        void show(int done) {
            if (onTerminal && System.nanoTime() - shown >= SECOND) {
                shown = System.nanoTime();
                System.err.printf("\r%d of %d ", done, of);
            }
        }

        void end() {
            if (onTerminal) {
                System.err.print("\r                        \r");
            }
        }
    }

    private ByteString bytes(int number) {
        byte[] bytes = new byte[what.size];
        new Random(number).nextBytes(bytes);
        return ByteString.fromArray(bytes);
    }
}
