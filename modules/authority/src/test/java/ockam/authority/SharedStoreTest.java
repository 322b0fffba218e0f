// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static ockam.authority.Refusals.isForbidden;
import static ockam.authority.Scene.ENROLLER;
import static ockam.authority.Scene.MEMBER;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.util.ByteString;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import ockam.fixtures.Skips;
import ockam.identity.Member;
import ockam.identity.Timestamp;
import ockam.identity.TokenCode;
import ockam.identity.UnitOfWork;
import ockam.store.JdbcStore;
import ockam.store.JdbcStoreSettings;
import ockam.store.SealingKey;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Another process changes members in the same PostgreSQL database, in the middle of a request. The server comes with the tests; where it
 * cannot run, they are skipped, or fail with CI=true.
 */
@ExtendWith(ActorTestKitExtension.class)
class SharedStoreTest {
    private static final String USER = "postgres";

    private static @Nullable EmbeddedPostgres server;

    private final JdbcStore store;
    private final Scene scene;
    private final Party other;
    private final AuthorityClient client;

    @BeforeAll
    static void start() {
        try {
            server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off")
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start();
        } catch (IOException | RuntimeException e) {
            Skips.unlessCi("PostgreSQL cannot run here: " + e);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static EmbeddedPostgres server() {
        if (server == null) {
            throw new AssertionError("not started");
        }
        return server;
    }

    /** An enroller, in a list that has only its authority. */
    SharedStoreTest(ActorTestKit testKit) {
        JdbcStoreSettings settings = JdbcStoreSettings.postgresql(
                        server().getJdbcUrl(USER, USER), SealingKey.from(() -> new byte[SealingKey.LENGTH]))
                .withBusyTimeout(Duration.ofMinutes(1));
        store = JdbcStore.open(settings, Runnable::run).toCompletableFuture().join();
        scene = Scene.create(testKit, store);
        other = scene.party();
        scene.kit.await(scene.client(scene.enroller).addMember(other.identifier(), ENROLLER));
        client = scene.client(other);
    }

    @AfterEach
    void end() {
        scene.close();
        store.close().toCompletableFuture().join();
    }

    private Member member(Identifier identifier, Attributes attributes, boolean preTrusted) {
        Identifier authority = scene.authority.identifier();
        return new Member(
                authority, identifier, attributes, authority, Timestamp.of(scene.clock.instant()), preTrusted);
    }

    private boolean isMember(Identifier identifier) {
        return scene.kit
                .await(store.run((UnitOfWork unit) -> unit.members().find(scene.authority.identifier(), identifier)))
                .isPresent();
    }

    /** Another process has the authority's lock, makes a change, and commits it when the request waits for it. */
    private <T> CompletionStage<T> inTheMiddleOf(Supplier<CompletionStage<T>> request, Consumer<UnitOfWork> change)
            throws InterruptedException {
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletionStage<Boolean> changed = store.run(unit -> {
            unit.lockAuthority(scene.authority.identifier());
            locked.countDown();
            await(goOn);
            change.accept(unit);
            return true;
        });
        await(locked);
        CompletionStage<T> answer = request.get();
        scene.kit.eventually(() -> assertThat(waiting()).isPositive());
        goOn.countDown();
        scene.kit.await(changed);
        return answer;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long waiting() {
        try (Connection connection = server().getDatabase(USER, USER).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private void removeOther(UnitOfWork unit) {
        assertThat(unit.members().remove(scene.authority.identifier(), other.identifier()))
                .isTrue();
    }

    @Test
    void whoWasRemovedAddsNobody() throws InterruptedException {
        Identifier wanted = scene.party().identifier();

        isForbidden(
                inTheMiddleOf(() -> client.addMember(wanted, MEMBER), this::removeOther),
                "Non-enroller " + other.identifier() + " is trying to add a member " + wanted);
        assertThat(isMember(wanted)).isFalse();
    }

    @Test
    void whoWasRemovedRemovesNobody() throws InterruptedException {
        Identifier wanted = scene.party().identifier();
        scene.kit.await(client.addMember(wanted, MEMBER));

        isForbidden(
                inTheMiddleOf(() -> client.removeMember(wanted), this::removeOther),
                "Non-enroller is trying to delete a member");
        assertThat(isMember(wanted)).isTrue();
    }

    @Test
    void whoWasRemovedMakesNoToken() throws InterruptedException {
        isForbidden(
                inTheMiddleOf(() -> client.issueToken(MEMBER), this::removeOther),
                "Non-enroller is trying to issue an enrollment token");
        assertThat(scene.kit.await(store.run((UnitOfWork unit) -> unit.tokens().count(scene.authority.identifier()))))
                .isZero();
    }

    /** Who waited for the lock would have a connection that members need. */
    @Test
    void whoIsRefusedAnywayWaitsForNobody() throws InterruptedException {
        AuthorityClient stranger = scene.client(scene.party());
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletionStage<Boolean> longOne = store.run(unit -> {
            unit.lockAuthority(scene.authority.identifier());
            locked.countDown();
            await(goOn);
            return true;
        });
        await(locked);
        try {
            isForbidden(
                    stranger.redeem(TokenCode.of(ByteString.fromString("0".repeat(TokenCode.LENGTH)))),
                    "Unknown enrollment token");
            isForbidden(stranger.issueToken(MEMBER), "Non-enroller is trying to issue an enrollment token");
            isForbidden(stranger.removeMember(other.identifier()), "Non-enroller is trying to delete a member");
        } finally {
            goOn.countDown();
        }
        scene.kit.await(longOne);
    }

    @Test
    void whoHasBecomePreTrustedStaysAsItIs() throws InterruptedException {
        Identifier added = scene.party().identifier();
        Identifier removed =
                scene.party().identifier(); // who is not pre-trusted before, or a look before the lock would do
        scene.kit.await(client.addMember(removed, MEMBER));

        isForbidden(
                inTheMiddleOf(() -> client.addMember(added, MEMBER), unit -> trust(unit, added)),
                "Enroller is trying to replace a pre trusted identity");
        isForbidden(
                inTheMiddleOf(() -> client.removeMember(removed), unit -> trust(unit, removed)),
                "Enroller is trying to delete a pre trusted identity");
    }

    private void trust(UnitOfWork unit, Identifier identifier) {
        unit.members().put(member(identifier, ENROLLER, true));
    }

    /** Members come and go all the time; whatever is read when, the list is one. */
    @Test
    void aListIsWholeWhileMembersComeAndGo() {
        List<Identifier> some =
                IntStream.range(0, 20).mapToObj(i -> scene.party().identifier()).toList();
        for (int round = 0; round < 20; round++) {
            boolean coming = round % 2 == 0;
            List<CompletionStage<Boolean>> changes = some.stream()
                    .map(each -> store.<Boolean>run(unit -> change(unit, each, coming)))
                    .toList();
            do {
                assertThat(scene.kit.await(client.memberIdentifiers())).contains(other.identifier());
            } while (!changes.stream()
                    .allMatch(each -> each.toCompletableFuture().isDone()));
            changes.forEach(scene.kit::await);
        }
    }

    private boolean change(UnitOfWork unit, Identifier member, boolean coming) {
        if (coming) {
            unit.members().put(member(member, MEMBER, false));
            return true;
        }
        return unit.members().remove(scene.authority.identifier(), member);
    }
}
