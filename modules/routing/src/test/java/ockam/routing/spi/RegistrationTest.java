// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import ockam.routing.FlowControlId;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What it means to hold addresses: from when they are taken to when they are free, with the messages that arrive in the meantime. */
class RegistrationTest {
    @RegisterExtension
    static final RouterKit KIT = new RouterKit();

    private static final Address APP = Address.of("app");
    private static final Address HOME = Address.of("registration");
    private static final Address SHED = Address.of("shed");
    private static final FlowControlId ID = FlowControlId.random();

    private final Router router = KIT.router();
    private final Endpoint app = app();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private Endpoint app() {
        Registration registration = router.register(List.of(EndpointSpec.open(APP)), ShutdownOrder.MAILBOXES);
        registration.open(new Registration.Handler(delivery -> {}, cause -> registration.end()));
        return registration.endpoint(APP);
    }

    private Registration register(Address... addresses) {
        return router.register(
                List.of(addresses).stream().map(EndpointSpec::open).toList(), ShutdownOrder.WORKERS);
    }

    private Registration.Handler handler() {
        return new Registration.Handler(
                delivery -> {
                    seen.add(Codec.string().decode(delivery.message().payload()).orElseThrow());
                    delivery.release();
                },
                cause -> seen.add(cause.toString()));
    }

    private SendResult send(Address to, String body) {
        return app.send(
                LocalMessage.of(Route.of(to), Route.of(APP), Codec.string().encode(body)));
    }

    @Test
    void keepsWhatCameBeforeItWasOpen() {
        Registration registration = register(HOME, SHED);
        assertThat(send(HOME, "one")).isEqualTo(SendResult.accepted());
        assertThat(send(SHED, "two")).isEqualTo(SendResult.accepted());
        assertThat(seen).isEmpty();

        registration.open(handler());
        send(HOME, "three");

        assertThat(seen).containsExactly("one", "two", "three");
        registration.end();
    }

    @Test
    void isToldOfStopThatCameBeforeItWasOpen() {
        Registration registration = register(HOME);
        send(HOME, "one");
        CompletionStage<Done> stopped = registration.stop(StopCause.STOPPED);
        assertThat(send(HOME, "late")).isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));

        registration.open(handler());

        assertThat(seen).containsExactly("one", "STOPPED");
        assertThat(stopped.toCompletableFuture()).isNotDone();
        registration.end();
        await(stopped);
    }

    @Test
    void isWaitedForThoughItWasNotOpenWhenTheNodeStopped() {
        Registration registration = register(HOME);
        CompletionStage<Done> stopped = router.stop();

        registration.open(handler());

        assertThat(seen).containsExactly("NODE_STOPPING");
        assertThat(stopped.toCompletableFuture()).isNotDone();
        registration.end();
        await(stopped);
    }

    @Test
    void isToldToStopOnce() {
        Registration registration = register(HOME, SHED);
        registration.open(handler());

        CompletionStage<Done> first = registration.stop(StopCause.STOPPED);
        CompletionStage<Done> second = registration.stop(StopCause.NODE_STOPPING);

        assertThat(seen).containsExactly("STOPPED");
        registration.end();
        registration.end();
        await(first);
        await(second);
    }

    @Test
    void tellsAllOfItsEndByOneStageThatOnlyItselfCompletes() {
        Registration registration = register(HOME);
        CompletionStage<Done> whenEnded = registration.whenEnded();
        whenEnded.toCompletableFuture().complete(Done.getInstance());

        assertThat((Object) registration.whenEnded()).isSameAs(whenEnded);
        assertThat(whenEnded.toCompletableFuture()).isNotDone();
        registration.end();
        assertThat((Object) registration.whenEnded()).isSameAs(whenEnded);
        await(whenEnded);
    }

    @Test
    void mayLeaveBeforeItIsOpen() {
        Registration registration = register(HOME);
        registration.leave();
        registration.open(handler());

        assertThat(send(HOME, "late")).isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        Registration successor = register(HOME);
        registration.end();
        assertThat(send(HOME, "for the successor")).isEqualTo(SendResult.accepted());
        assertThat(seen).isEmpty();
        successor.end();
    }

    @Test
    void mayEndBeforeItIsOpen() {
        Registration registration = register(HOME, SHED);
        registration.end();
        registration.open(handler());

        assertThat(send(HOME, "late")).isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        await(registration.stop(StopCause.STOPPED));
        assertThat(seen).isEmpty();
    }

    @Test
    void isWaitedForByTheNodeAfterItLeft() {
        Registration registration = register(HOME);
        registration.open(handler());
        registration.leave();

        CompletionStage<Done> stopped = router.stop();

        assertThat(stopped.toCompletableFuture()).isNotDone();
        assertThat(seen).isEmpty(); // it ends by itself
        registration.end();
        await(stopped);
    }

    @Test
    void isForgottenByFlowControlWithAllItsAddresses() {
        FlowControls flowControls = router.flowControls();
        Registration registration = register(HOME, SHED);
        flowControls.addConsumer(HOME, ID);
        flowControls.addConsumer(SHED, ID);
        flowControls.addProducer(SHED, FlowControlId.random(), null, List.of(HOME));
        registration.end(); // without ever having been opened

        assertThat(flowControls.isEmpty()).isTrue();
    }

    @Test
    void keepsFlowControlOfSuccessorWhenItEndsLater() {
        FlowControls flowControls = router.flowControls();
        Registration registration = register(HOME);
        registration.open(handler());
        registration.leave();
        Registration successor = register(HOME);
        flowControls.addConsumer(HOME, ID);

        registration.end();

        assertThat(flowControls.consumedBy(HOME)).containsExactly(ID);
        successor.end();
        assertThat(flowControls.isEmpty()).isTrue();
    }

    /** An actor that is just stopping: it neither handles what it is told nor does that become a dead letter. */
    private static Registration.Handler closing(Registration registration, Consumer<Delivery> first) {
        return new Registration.Handler(
                delivery -> {
                    first.accept(delivery);
                    registration.close();
                },
                cause -> {});
    }

    @Test
    void losesWhatItIsToldInTheMomentInWhichItCloses() {
        Registration registration = register(HOME);
        registration.open(closing(registration, delivery -> {}));

        assertThat(send(HOME, "into the void")).isEqualTo(SendResult.accepted());
        assertThat(router.messagesUnderWay()).isZero();
        assertThat(router.bytesUnderWay()).isZero();
        assertThat(router.drops().count(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);

        // As long as its address is still known, whatever arrives is lost immediately.
        send(HOME, "after it");
        assertThat(router.messagesUnderWay()).isZero();
        assertThat(router.drops().count(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(2);
        registration.end();
    }

    @Test
    void losesWhatItIsHandedLateInTheMomentInWhichItCloses() {
        Registration registration = register(HOME);
        send(HOME, "before it was open");

        registration.open(closing(registration, delivery -> {}));

        assertThat(router.messagesUnderWay()).isZero();
        assertThat(router.drops().count(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
        registration.end();
    }

    @Test
    void losesNothingThatWasHandledBeforeItClosed() {
        Registration registration = register(HOME);
        registration.open(closing(registration, Delivery::release));

        send(HOME, "handled, and then it closed");

        assertThat(router.messagesUnderWay()).isZero();
        assertThat(router.drops().count(RoutingDropReason.NO_SUCH_ADDRESS)).isZero();
        registration.end();
    }

    /** Also while somebody still has the handle by which it was answered. */
    @Test
    void holdsNothingOfADeferredMessageThatHasEnded() {
        Registration registration = register(HOME);
        Object handle = new Object();
        List<WeakReference<Delivery>> deferred = new CopyOnWriteArrayList<>();
        registration.open(new Registration.Handler(
                delivery -> {
                    deferred.add(new WeakReference<>(delivery));
                    delivery.defer(handle);
                    delivery.release();
                },
                cause -> {}));
        send(HOME, "ends at once");

        assertThat(deferred).hasSize(1);
        try {
            KIT.eventually(() -> {
                System.gc();
                assertThat(deferred.get(0).get()).isNull();
            });
        } finally {
            Reference.reachabilityFence(handle);
        }
        registration.end();
    }

    @Test
    void losesWhatComesBeforeItIsOpenButAfterItsEnd() {
        Registration registration = register(HOME);
        registration.close();

        send(HOME, "too late");

        assertThat(router.messagesUnderWay()).isZero();
        assertThat(router.drops().count(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
        registration.end();
    }

    // ---- those who watch the addresses ----

    private final List<String> free = new CopyOnWriteArrayList<>();

    @Test
    void tellsOnceWhenItsAddressesAreFree() {
        Registration registration = register(HOME, SHED);
        registration.whenFree(() -> free.add("first"));
        registration.whenFree(() -> free.add("second"));
        assertThat(free).isEmpty();

        registration.leave();
        assertThat(free).containsExactlyInAnyOrder("first", "second");
        registration.end();
        assertThat(free).hasSize(2);
    }

    @Test
    void tellsAtOnceIfTheyAreFreeAlready() {
        Registration registration = register(HOME);
        registration.end();
        Runnable takeBack = registration.whenFree(() -> free.add("late"));
        assertThat(free).containsExactly("late");
        takeBack.run();
    }

    @Test
    void doesNotTellThoseWhoNoLongerAsk() {
        Registration registration = register(HOME);
        Runnable same = () -> free.add("same");
        Runnable takeBack = registration.whenFree(same);
        registration.whenFree(same);
        takeBack.run();
        takeBack.run();

        registration.end();
        takeBack.run();
        assertThat(free).containsExactly("same");
    }

    @Test
    void oneWhoFailsKeepsNobodyElseFromBeingTold() {
        Registration registration = register(HOME);
        for (int i = 0; i < 10; i++) {
            registration.whenFree(() -> {
                free.add("told");
                throw new IllegalStateException("on purpose");
            });
        }
        registration.end();
        assertThat(free).hasSize(10);
        assertThat(registration.whenEnded().toCompletableFuture()).isCompleted();
    }

    // ---- whether they lead anywhere ----

    private final List<Boolean> reach = new CopyOnWriteArrayList<>();

    @Test
    void tellsWhetherItLeadsAnywhereAndEachChange() {
        Registration registration = register(HOME);
        registration.followReach(reach::add);
        assertThat(reach).containsExactly(true);

        registration.reach(true);
        registration.reach(false);
        registration.reach(false);
        registration.reach(true);
        assertThat(reach).containsExactly(true, false, true);
    }

    @Test
    void tellsAtOnceIfItLeadsNowhere() {
        Registration registration = register(HOME);
        registration.reach(false);
        registration.followReach(reach::add);
        assertThat(reach).containsExactly(false);
    }

    @Test
    void doesNotTellFollowersWhoHaveLeft() {
        Registration registration = register(HOME);
        Consumer<Boolean> same = reach::add;
        Runnable leave = registration.followReach(same);
        registration.followReach(same);
        reach.clear();
        leave.run();
        leave.run();

        registration.reach(false);
        assertThat(reach).containsExactly(false);
    }
}
