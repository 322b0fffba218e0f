// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.fixtures.Garbage;
import ockam.fixtures.SystemKit;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NodeSystemTest {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    private static NodeSystem terminated() {
        ActorSystem<Void> other = ActorSystem.create(Behaviors.empty(), "other", SystemKit.usual());
        NodeSystem system = new NodeSystem(other);
        other.terminate();
        await(other.getWhenTerminated());
        system.terminated();
        return system;
    }

    @Test
    void callsBackWhereUserCodeMayRun() {
        CompletableFuture<String> thread = new CompletableFuture<>();
        new NodeSystem(KIT.system())
                .callbacks()
                .execute(() -> thread.complete(Thread.currentThread().getName()));

        assertThat(await(thread)).contains("akka.actor.default-dispatcher");
    }

    @Test
    void callsBackAtOnceWhenItHasTerminated() {
        List<Thread> threads = new ArrayList<>();
        terminated().callbacks().execute(() -> threads.add(Thread.currentThread()));

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void takesNoActorInWhenItHasTerminated() {
        NodeSystem system = terminated();

        assertThatThrownBy(() -> system.spawn(Behaviors.empty(), "late", Props.empty()))
                .isInstanceOfSatisfying(
                        RoutingException.class, e -> assertThat(e.reason()).isEqualTo(RoutingDropReason.NODE_STOPPED));
    }

    @Test
    void doesNothingLaterWhenItHasTerminated() {
        assertThat(terminated()
                        .after(Duration.ZERO, () -> {
                            throw new AssertionError("never");
                        })
                        .isCancelled())
                .isTrue();
    }

    @Test
    void noticesWhatIsForgottenUnlessItIsCalledOff() {
        NodeSystem system = new NodeSystem(KIT.system());
        AtomicInteger forgotten = new AtomicInteger();
        Object held = new Object();
        var unused = system.whenForgotten(held, () -> forgotten.addAndGet(100));
        system.whenForgotten(new Object(), () -> forgotten.addAndGet(10)).run();
        var unusedToo = system.whenForgotten(new Object(), forgotten::incrementAndGet);

        try {
            KIT.eventually(() -> {
                Garbage.collect();
                assertThat(forgotten).hasValue(1);
            });
        } finally {
            Reference.reachabilityFence(held);
        }
    }
}
