// SPDX-License-Identifier: Apache-2.0

package ockam.tests.authority;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import ockam.authority.AuthorityNode;
import ockam.authority.AuthorityOptions;
import ockam.authority.PreTrusted;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.store.JdbcStore;
import ockam.store.JdbcStoreSettings;
import ockam.store.SealingKey;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.wire.Identifier;

/**
 * A process that is an authority, with everything in a database of PostgreSQL; it says who it is and where it listens. Its arguments are the
 * address of the database and the identifier of its enroller.
 */
final class AuthorityProcess {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private AuthorityProcess() {}

    public static void main(String[] arguments) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "authority");
        Ockam ockam = Ockam.get(system);
        JdbcStoreSettings settings = JdbcStoreSettings.postgresql(
                        arguments[0], SealingKey.from(() -> new byte[SealingKey.LENGTH]))
                .withBusyTimeout(PATIENCE)
                .withServerTimeouts(PATIENCE, PATIENCE);
        JdbcStore store = await(JdbcStore.open(settings, ockam.cryptoExecutor()));
        Node node = ockam.createNode("authority");
        AuthorityNode authority = await(store.identity("authority", Clock.systemUTC())
                .thenCompose(identity -> AuthorityNode.create(
                        node,
                        identity,
                        store,
                        AuthorityOptions.forProject("garden")
                                .withPreTrusted(PreTrusted.enroller(Identifier.parse(arguments[1]))))));
        TcpListener listener = await(TcpTransport.create(node)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(authority.listener())));
        System.out.println("identifier " + authority.identity().identifier());
        System.out.println("listening " + listener.hostAndPort());
    }

    /** For as long as it takes: each of these stages has a time-out of its own. */
    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
