// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import ockam.fixtures.LogLines;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A handler that does not return is named in the log, once. */
class SlowHandlerTest {
    private static final Duration LOOK = Duration.ofSeconds(1);

    @RegisterExtension
    static final NodeKit KIT = new NodeKit(
            ConfigFactory.parseString("ockam.node.slow-handler-warning = 1s").withFallback(ManualTime.config()));

    private static final String WARNING = "The handler at 0#slow has been running for at least 1s and holds a thread of"
            + " Dispatcher[akka.actor.default-blocking-io-dispatcher]; a worker that blocks needs a dispatcher of its own, and"
            + " should not wait for ask";

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");
    private final ManualTime time = ManualTime.get(KIT.system());
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);

    private void start() {
        node.start(
                Address.of("slow"),
                Codec.string(),
                Behaviors.receiveMessage(message -> {
                    if (message.body().equals("block")) {
                        entered.countDown();
                        left.await();
                    }
                    message.reply("done");
                    return Behaviors.same();
                }),
                WorkerOptions.defaults().withDispatcher(DispatcherSelector.blocking()));
    }

    private void send(String body) {
        app.send(Route.of("slow"), Codec.string(), body);
    }

    /** A look runs on another thread, and the next one is due only after it. */
    private void lookUntil(LogLines log, List<String> lines) {
        KIT.eventually(() -> {
            time.timePasses(LOOK);
            assertThat(log.texts()).isEqualTo(lines);
        });
    }

    @Test
    void handlerThatDoesNotReturnIsNamedOnce() throws InterruptedException {
        start();
        try (LogLines log = LogLines.of(SlowHandlers.class)) {
            send("block");
            entered.await();

            lookUntil(log, List.of(WARNING));
            time.timePasses(LOOK);
            time.timePasses(LOOK);
            assertThat(log.texts()).hasSize(1);
            assertThat(log.events().get(0).getMDCPropertyMap()).containsEntry("ockamNode", node.name());
            left.countDown();
        }
    }

    @Test
    void handlersThatReturnAreNotNamed() {
        start();
        try (LogLines log = LogLines.of(SlowHandlers.class)) {
            send("quick");
            assertThat(await(app.receive(Codec.string())).body()).isEqualTo("done");
            for (int i = 0; i < 5; i++) {
                time.timePasses(LOOK);
            }

            assertThat(log.texts()).isEmpty();
        }
    }
}
