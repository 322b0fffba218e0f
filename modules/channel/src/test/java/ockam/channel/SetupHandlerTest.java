// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.actor.testkit.typed.javadsl.TestInbox;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.fixtures.Stages;
import ockam.routing.Peer;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SetupHandlerTest {
    @RegisterExtension
    static final Bench BENCH = new Bench();

    private static final Identifier ALICE = Identifier.parse("I" + "a".repeat(64));

    private final Queue<Runnable> executor = new ArrayDeque<>();
    private final SecureChannel channel = new SecureChannel(
            ChannelEnd.create(BENCH.node(), Role.RESPONDER, ALICE),
            new Peer(ALICE),
            Route.of("decryptor"),
            new Idleness(Optional.empty()),
            TestInbox.<SecureChannelActor.Command>create().getRef(),
            TestInbox.<Encryptor.Command>create().getRef());

    private CompletableFuture<Done> setUp(SetupHandler handler) {
        return handler.setUp(channel, executor::add).toCompletableFuture();
    }

    private void run() {
        Objects.requireNonNull(executor.poll()).run();
    }

    @Test
    void codeRunsOnTheExecutorAndIsDoneWhenItReturns() {
        List<SecureChannel> set = new ArrayList<>();

        CompletableFuture<Done> done = setUp(SetupHandler.of(set::add));

        assertThat(set).isEmpty();
        assertThat(done).isNotDone();
        run();
        assertThat(set).containsExactly(channel);
        assertThat(Stages.done(done)).isEqualTo(Done.getInstance());
    }

    @Test
    void codeWithAStageIsDoneWhenTheStageIs() {
        CompletableFuture<String> stage = new CompletableFuture<>();

        CompletableFuture<Done> done = setUp(SetupHandler.ofStage(same -> stage));
        run();

        assertThat(done).isNotDone();
        stage.complete("whatever");
        assertThat(Stages.done(done)).isEqualTo(Done.getInstance());
    }

    @Test
    void failureOfTheStageIsAFailure() {
        CompletionStage<Done> failed = CompletableFuture.failedStage(new IllegalStateException("not today"));

        CompletableFuture<Done> done = setUp(SetupHandler.ofStage(same -> failed));
        run();

        assertThat(ChannelTests.failureOf(done)).hasMessage("not today");
    }

    /** Also errors that are no exceptions. */
    @ParameterizedTest
    @MethodSource("throwing")
    void whateverTheCodeThrowsIsAFailure(Runnable throwing) {
        CompletableFuture<Done> done = setUp(SetupHandler.of(same -> throwing.run()));
        run();

        assertThat(ChannelTests.failureOf(done)).hasMessage("not today");
    }

    private static List<Runnable> throwing() {
        return List.of(
                () -> {
                    throw new IllegalStateException("not today");
                },
                () -> {
                    throw new AssertionError("not today");
                },
                () -> {
                    throw new StackOverflowError("not today");
                });
    }

    @Test
    @SuppressWarnings("NullAway") // the application's code may do that
    void nullInsteadOfAStageIsAFailure() {
        CompletableFuture<Done> done = setUp(SetupHandler.ofStage(same -> null));
        run();

        assertThat(ChannelTests.failureOf(done)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void errorThatTheJvmMayNotSurviveIsNotKeptFromIt() {
        CompletableFuture<Done> done = setUp(SetupHandler.of(same -> {
            throw new InternalError();
        }));

        assertThatThrownBy(this::run).isInstanceOf(InternalError.class);
        assertThat(done).isNotDone();
    }
}
