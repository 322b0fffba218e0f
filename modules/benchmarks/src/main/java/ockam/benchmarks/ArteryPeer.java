// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CompletableFuture;

/**
 * An actor system that speaks Artery with TLS 1.3, in a process of its own, for {@link OverTcp}. Does the same as an {@link OckamPeer}:
 *
 * <pre>
 * listen                                -> listen port=4000
 * connect port=4001                     -> connect
 * plain-sends size=1024 messages=100000 -> plain-sends per-second=80000
 * round-trip size=1024 messages=1000    -> round-trip median-nanos=99000 p99-nanos=180000
 * </pre>
 */
final class ArteryPeer {
    /** The system property that names the file with the key and the certificate of both sides. */
    static final String KEY_STORE = "ockam.benchmarks.key-store";

    /** The password of that file. */
    static final String PASSWORD = "benchmarks";

    /** Fewer than Artery's queue takes, which would drop the others. */
    private static final int WINDOW = 2048;

    private final ActorSystem<Object> system = ActorSystem.create(
            Behaviors.empty(),
            "peer",
            ConfigFactory.parseString("""
                            akka.actor.provider = remote
                            akka.remote.warn-unsafe-watch-outside-cluster = off
                            akka.remote.artery {
                              transport = tls-tcp
                              canonical { hostname = "127.0.0.1", port = 0 }
                              ssl.config-ssl-engine {
                                key-store = "%1$s", trust-store = "%1$s"
                                key-store-password = %2$s, key-password = %2$s, trust-store-password = %2$s
                                protocol = "TLSv1.3"
                                enabled-algorithms = [TLS_AES_256_GCM_SHA384]
                              }
                            }
                            """.formatted(System.getProperty(KEY_STORE), PASSWORD))
                    .withFallback(ConfigFactory.load()));
    private final ActorRefResolver resolver = ActorRefResolver.get(system);
    private final ActorRef<Pump.Command> pump = system.systemActorOf(Pump.create(WINDOW), "pump", Pump.DISPATCHER);
    private final ActorRef<Object> sender = system.systemActorOf(sender(), "sender", Pump.DISPATCHER);
    private String remote = "";

    private ArteryPeer() {}

    /** Runs the commands on standard input. */
    public static void main(String[] args) throws Exception {
        ArteryPeer peer = new ArteryPeer();
        Commands.run(peer::run);
        System.exit(0);
    }

    private String run(Commands.Command command) throws Exception {
        byte[] payload = new byte[command.value("size")];
        int messages = command.value("messages");
        String figures = switch (command.name()) {
            case "listen" -> listen();
            case "connect" -> connect(command.value("port"));
            case "plain-sends" -> plainSends(payload, messages);
            case "round-trip" -> roundTrip(payload, messages);
            default -> throw new IllegalArgumentException("unknown command");
        };
        return (command.name() + " " + figures).strip();
    }

    // ---- the far system ----

    private String listen() {
        system.systemActorOf(sink(), "sink", Pump.DISPATCHER);
        system.systemActorOf(echoer(), "echoer", Pump.DISPATCHER);
        return "port=" + system.address().getPort().orElseThrow();
    }

    /** Is told first whom to tell how many have arrived. */
    private Behavior<Object> sink() {
        return Behaviors.setup(context -> {
            class State {
                ActorRef<Object> reports = context.getSystem().deadLetters();
                long total;
            }
            State state = new State();
            return Behaviors.receive(Object.class)
                    .onMessage(String.class, sender -> {
                        state.reports = resolver.resolveActorRef(sender);
                        return Behaviors.same();
                    })
                    .onMessage(byte[].class, message -> {
                        state.total++;
                        if (state.total % Pump.AT_ONCE == 0) {
                            state.reports.tell(state.total);
                        }
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    /** Is told first whom to answer. */
    private Behavior<Object> echoer() {
        return Behaviors.receive(Object.class)
                .onMessage(String.class, sender -> echoer(resolver.resolveActorRef(sender)))
                .build();
    }

    private static Behavior<Object> echoer(ActorRef<Object> sender) {
        return Behaviors.receiveMessage(message -> {
            sender.tell(message);
            return Behaviors.same();
        });
    }

    // ---- the near system ----

    private static final class Ping {
        final ActorRef<Object> echoer;
        final byte[] payload;
        final long[] nanos;
        final CompletableFuture<long[]> end = new CompletableFuture<>();
        int done;
        long sentAt;

        Ping(ActorRef<Object> echoer, byte[] payload, int times) {
            this.echoer = echoer;
            this.payload = payload;
            this.nanos = new long[times];
        }

        /** Returns whether it was the last answer. */
        boolean answered() {
            nanos[done++] = System.nanoTime() - sentAt;
            return done == nanos.length && end.complete(nanos);
        }
    }

    private String connect(int port) {
        remote = "akka://peer@127.0.0.1:" + port + "/system/";
        String own = resolver.toSerializationFormat(sender);
        remote("sink").tell(own);
        remote("echoer").tell(own);
        return "";
    }

    private ActorRef<Object> remote(String name) {
        return resolver.resolveActorRef(remote + name);
    }

    private String plainSends(byte[] payload, int messages) throws Exception {
        ActorRef<Object> sink = remote("sink");
        long start = System.nanoTime();
        TestBed.await(Pump.run(pump, () -> sink.tell(payload), messages));
        return OckamPeer.perSecond(Pump.roundedUp(messages), start);
    }

    private String roundTrip(byte[] payload, int messages) throws Exception {
        Ping ping = new Ping(remote("echoer"), payload, messages);
        sender.tell(ping);
        return OckamPeer.latencies(TestBed.await(ping.end));
    }

    private Behavior<Object> sender() {
        return Behaviors.setup(context -> {
            class State {
                Ping ping = new Ping(context.getSystem().deadLetters(), new byte[0], 0);

                Behavior<Object> send() {
                    ping.sentAt = System.nanoTime();
                    ping.echoer.tell(ping.payload);
                    return Behaviors.same();
                }
            }
            State state = new State();
            return Behaviors.receive(Object.class)
                    .onMessage(Long.class, total -> {
                        pump.tell(new Pump.Arrived(total));
                        return Behaviors.same();
                    })
                    .onMessage(Ping.class, ping -> {
                        state.ping = ping;
                        return state.send();
                    })
                    .onMessage(byte[].class, answer -> state.ping.answered() ? Behaviors.same() : state.send())
                    .build();
        });
    }
}
