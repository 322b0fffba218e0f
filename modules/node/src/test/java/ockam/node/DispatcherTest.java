// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.Behaviors;
import akka.dispatch.ThreadPoolConfig;
import com.typesafe.config.Config;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import ockam.fixtures.Stages;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DispatcherTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int THREADS = Math.max(2, CORES);

    private final Node node = KIT.node();

    private static Behavior<Routed<String>> naming() {
        return Behaviors.receiveMessage(message -> {
            message.reply(Thread.currentThread().getName());
            return Behaviors.same();
        });
    }

    @Test
    void runsWorkersOnTheDispatcherOfThisProject() {
        node.start(Address.of("worker"), Codec.string(), naming());
        node.start(Address.of("hop"), Hop.create());

        assertThat(await(node.ask(Route.of("hop", "worker"), Codec.string(), "who"))
                        .body())
                .startsWith(KIT.system().name() + "-ockam.dispatcher-");
    }

    @Test
    void runsWorkersElsewhereByOption() {
        node.start(
                Address.of("worker"),
                Codec.string(),
                naming(),
                WorkerOptions.defaults().withDispatcher(DispatcherSelector.blocking()));

        assertThat(await(node.ask(Route.of("worker"), Codec.string(), "who")).body())
                .contains("akka.actor.default-blocking-io-dispatcher");
    }

    @Test
    void hasOneThreadForEachCoreAndAtLeastTwo() {
        Config config = KIT.system().settings().config().getConfig(WorkerOptions.DISPATCHER);
        Config pool = config.getConfig("thread-pool-executor");

        assertThat(config.getString("executor")).isEqualTo("thread-pool-executor");
        assertThat(pool.getString("allow-core-timeout")).isEqualTo("off");
        int size = ThreadPoolConfig.scaledPoolSize(
                pool.getInt("core-pool-size-min"),
                pool.getDouble("core-pool-size-factor"),
                pool.getInt("core-pool-size-max"));
        assertThat(size).isEqualTo(Math.min(64, THREADS));
    }

    /** All of the pool's threads wait for each other, which works only if there are that many; and no more are ever seen. */
    @Test
    void usesThisManyThreadsAtTheSameTime() {
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        Mailbox app = node.mailbox("app");
        int workers = THREADS * 3;
        for (int i = 0; i < workers; i++) {
            node.start(Address.of("worker" + i), Codec.string(), Behaviors.receiveMessage(message -> {
                barrier.await(Stages.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                message.reply(Thread.currentThread().getName());
                return Behaviors.same();
            }));
            app.send(Route.of("worker" + i), Codec.string(), "who");
        }

        Set<String> threads = new HashSet<>();
        for (int i = 0; i < workers; i++) {
            threads.add(await(app.receive(Codec.string())).body());
        }
        assertThat(threads).hasSize(THREADS).allMatch(name -> name.contains("-ockam.dispatcher-"));
    }
}
