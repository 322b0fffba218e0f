// SPDX-License-Identifier: Apache-2.0

package ockam.tests.authority;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ockam.authority.AuthorityClient;
import ockam.authority.AuthorityException;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.fixtures.Program;
import ockam.fixtures.Skips;
import ockam.identity.TokenCode;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import ockam.wire.Route;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes are the same authority, with one database of PostgreSQL. The server comes with the tests; where it cannot run, they are skipped,
 * but not where the environment says {@code CI=true}.
 */
@ExtendWith(ActorTestKitExtension.class)
class TwoAuthoritiesTest {
    private static final int USES = 10;
    private static final int CLIENTS_OF_EACH = 50;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String ENDED = "Unknown enrollment token";

    @TempDir
    Path directory;

    private final OckamTestKit kit;
    private final Node node;
    private final TcpTransport tcp;
    private final Party enroller;
    private final List<Program> programs = new ArrayList<>();
    private @Nullable EmbeddedPostgres server;

    TwoAuthoritiesTest(ActorTestKit testKit) {
        kit = OckamTestKit.create(testKit);
        node = kit.node("test");
        tcp = TcpTransport.create(node);
        enroller = kit.party();
    }

    /** One of the two processes, and the connection with it. */
    private record Reached(Identifier identifier, Connection connection) {}

    /** Somebody with a channel to one of the two. */
    private record Come(Party party, AuthorityClient client) {}

    @BeforeEach
    void start() throws IOException {
        try {
            server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off")
                    .setPGStartupWait(LONG)
                    .start();
        } catch (IOException | RuntimeException e) {
            Skips.unlessCi("PostgreSQL cannot run here: " + e);
        }
    }

    @AfterEach
    void end() throws IOException {
        programs.forEach(Program::kill);
        try {
            kit.close();
        } finally {
            if (server != null) {
                server.close();
            }
        }
    }

    private Program authority(EmbeddedPostgres database) throws IOException {
        Program program = Program.startFromTests(
                directory.resolve("err-" + programs.size()),
                AuthorityProcess.class,
                database.getJdbcUrl("postgres", "postgres"),
                enroller.identifier().toString());
        programs.add(program);
        return program;
    }

    private Reached reached(Program authority) throws IOException {
        Identifier identifier = Identifier.parse(authority.nextLineAfter("identifier "));
        return new Reached(identifier, kit.await(tcp.connect(authority.nextLineAfter("listening "))));
    }

    private CompletionStage<Come> come(Reached to, Party party) {
        Route route = to.connection().route(Route.of(Address.of("api")));
        SecureChannelOptions options = SecureChannelOptions.trusting(TrustPolicy.identifier(to.identifier()));
        return SecureChannel.create(node, route, party.identity(), options)
                .thenApply(channel -> new Come(
                        party, AuthorityClient.create(channel, party.identity()).withRequestTimeout(LONG)));
    }

    private List<CompletionStage<Come>> newcomers(Reached to) {
        return IntStream.range(0, CLIENTS_OF_EACH)
                .mapToObj(i -> come(to, kit.party()))
                .toList();
    }

    private static String outcome(@Nullable Boolean isNew, @Nullable Throwable failure) {
        if (failure == null) {
            return "member: " + isNew;
        }
        return Failures.unwrapped(failure) instanceof AuthorityException refused
                ? refused.reason() + " " + refused.status() + " " + refused.answer()
                : failure.toString();
    }

    @Test
    void aHundredRedeemACodeForTenAtOnce() throws Exception { // authority, section 10, item 6
        EmbeddedPostgres database = Objects.requireNonNull(server);
        Program first = authority(database);
        Program second = authority(database);
        Reached one = reached(first);
        Reached other = reached(second);
        assertThat(other.identifier()).isEqualTo(one.identifier());
        AuthorityClient atOne = kit.await(come(one, enroller)).client();
        AuthorityClient atOther = kit.await(come(other, enroller)).client();
        List<Come> all = Stream.concat(newcomers(one).stream(), newcomers(other).stream()).toList().stream()
                .map(kit::await)
                .toList();
        TokenCode code = kit.await(atOne.issueToken(Attributes.ofTexts(Map.of("role", "member")), LONG, USES));

        List<CompletionStage<String>> redeeming = all.stream()
                .map(each -> each.client().redeem(code).handle(TwoAuthoritiesTest::outcome))
                .toList();

        List<String> outcomes = redeeming.stream().map(kit::await).toList();
        assertThat(outcomes).filteredOn("member: true"::equals).hasSize(USES);
        assertThat(outcomes).filteredOn(("REFUSED 403 " + ENDED)::equals).hasSize(2 * CLIENTS_OF_EACH - USES);
        List<Party> members = IntStream.range(0, all.size())
                .filter(i -> outcomes.get(i).equals("member: true"))
                .mapToObj(i -> all.get(i).party())
                .toList();
        List<Identifier> expected = Stream.concat(members.stream(), Stream.of(enroller))
                .map(Party::identifier)
                .toList();
        assertThat(kit.await(atOne.memberIdentifiers())).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(kit.await(atOther.memberIdentifiers())).containsExactlyInAnyOrderElementsOf(expected);
        for (Party member : members) {
            for (Reached authority : List.of(one, other)) {
                assertThat(kit.await(kit.await(come(authority, member)).client().credential()))
                        .isNotNull();
            }
        }
    }
}
