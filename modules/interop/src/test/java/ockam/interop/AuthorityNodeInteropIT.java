// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static ockam.interop.Patience.await;
import static ockam.interop.Patience.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.util.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import ockam.authority.AuthorityClient;
import ockam.authority.AuthorityException;
import ockam.authority.MemberEntry;
import ockam.authority.Ticket;
import ockam.channel.SecureChannel;
import ockam.examples.OckamNode;
import ockam.fixtures.Hex;
import ockam.fixtures.Program;
import ockam.fixtures.SystemKit;
import ockam.identity.ChangeHistory;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialData;
import ockam.identity.TokenCode;
import ockam.routing.PeerAttributes;
import ockam.routing.RoutingException;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** Enrollers and members of this library at the authority node of Rust, with all its workers. */
@EnabledIfSystemProperty(named = "ockam.long", matches = "true", disabledReason = "its crates take long to build")
class AuthorityNodeInteropIT {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    @RegisterExtension
    static final RustNodes NODES = new RustNodes();

    @RegisterExtension
    static final RustAuthorityNodes AUTHORITIES = new RustAuthorityNodes();

    private static final Attributes MEMBER =
            Attributes.ofTexts(Map.of("role", "member", "name", "Ada, of \"Java\"", "where", "Zürich", "", ""));
    private static final Attributes GUEST = Attributes.ofTexts(Map.of("role", "guest"));
    private static final Attributes ENROLLER = Attributes.ofTexts(Map.of("ockam-role", "enroller"));
    private static final Duration MINUTES = Duration.ofMinutes(10);
    private static final int AT_ONCE = 20;
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final OckamTestKit kit = OckamTestKit.create(KIT.testKit());
    private final JavaMember enroller = new JavaMember(kit, "enroller");
    private final List<Program> programs = new ArrayList<>();

    @AfterEach
    void end() {
        programs.forEach(Program::kill);
        kit.close();
    }

    private Path database() {
        return directory.resolve("authority.sqlite");
    }

    /** With the enroller as the only member. */
    private RustAuthorityNode start() {
        return AUTHORITIES.start(database(), RustAuthorityNode.trusted(enroller.identifier(), ENROLLER));
    }

    private JavaMember somebody(String name) {
        return new JavaMember(kit, name);
    }

    private static AuthorityClient client(JavaMember member, RustAuthorityNode authority) {
        return settled(member.client(authority));
    }

    /** Waits for its first answer: of handshakes that meet in a file of SQLite, Rust loses all but one (authority, section 1.1). */
    private static AuthorityClient settled(AuthorityClient client) {
        return await(client.memberIdentifiers().handle((all, refused) -> client));
    }

    /** The reason is the text: the status is 403 for all of them (authority, section 1.1). */
    private static void isForbidden(CompletionStage<?> asked, String because) {
        assertThat(awaitFailure(asked)).isInstanceOfSatisfying(AuthorityException.class, refused -> {
            assertThat(refused.reason()).isEqualTo(AuthorityException.Reason.REFUSED);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.answer()).isEqualTo(because);
        });
    }

    private static CredentialData content(CredentialAndPurposeKey credential) {
        return credential.credential().content();
    }

    // ---- tokens and credentials ----

    /** A node of this library whose echoer answers members only, for one peer. */
    private JavaMember guard(RustAuthorityNode authority, Identifier peer, String name) {
        JavaMember guard = somebody(name);
        guard.believe(authority, Members.RULE);
        guard.accept(peer);
        return guard;
    }

    @Test
    void tokenMakesMembersOfBothSidesWhomAGuardLetsIn() { // authority, section 10, items 1, 3 and 33
        RustAuthorityNode authority = start();
        AuthorityClient tokens = client(enroller, authority);
        TokenCode code = await(tokens.issueToken(MEMBER, MINUTES, 2));
        JavaMember java = somebody("java");
        JavaMember guard = guard(authority, java.identifier(), "guard");
        RustNode rust = NODES.start(java.identifier());
        rust.importHistory(authority.history());

        AuthorityClient client = client(java, authority);
        assertThat(await(client.redeem(code))).isTrue();
        CredentialAndPurposeKey credential = await(client.credential()); // which verifies it
        CredentialData content = content(credential);
        assertThat(content.subject()).contains(java.identifier());
        assertThat(content.attributes()).isEqualTo(authority.said(MEMBER));
        assertThat(content.schema()).isEqualTo(1);
        assertThat(Duration.between(
                        content.createdAt().toInstant(), content.expiresAt().toInstant()))
                .isEqualTo(Duration.ofDays(30));
        java.present(credential);
        SecureChannel channel = await(java.open(guard.port(), guard.identifier()));
        java.echoes(channel.route(Route.of(JavaMember.GUARDED)));
        assertThat(guard.attributes()).map(PeerAttributes::attributes).contains(authority.said(MEMBER));

        assertThat(redeem(rust, authority, code)).isEqualTo("200 Ok -");
        assertThat(content(rust.fetch(authority)).attributes()).isEqualTo(authority.said(MEMBER));
        rust.presentWhatWasFetched(authority);
        rust.believe(authority.identifier(), Members.RULE);
        JavaMember other = guard(authority, rust.identifier(), "other");
        Address byRust = rust.open(rust.connect(other.port()).append(JavaMember.LISTENER), other.identifier());
        rust.echoes(Route.of(byRust, JavaMember.GUARDED), 1, 33);
        assertThat(other.attributes()).map(PeerAttributes::attributes).contains(authority.said(MEMBER));
        rust.accept(JavaMember.LISTENER, java.identifier());
        SecureChannel toRust = await(java.open(rust.port(), rust.identifier()));
        java.echoes(toRust.route(Route.of(JavaMember.GUARDED)));

        JavaMember late = somebody("late");
        isForbidden(client(late, authority).redeem(code), "Unknown enrollment token");
        isForbidden(client(late, authority).credential(), "unauthorized member");
        await(channel.close());
        await(toRust.close());
    }

    /** By the client of the crate. */
    private static String redeem(RustNode rust, RustAuthorityNode authority, TokenCode code) {
        return rust.ask(authority, "enrollment_token_acceptor", "POST", "/", "a1015820" + Hex.of(code.bytes()));
    }

    @Test
    void guardKeepsOthersOut() { // authority, section 10, item 33
        RustAuthorityNode authority = start();
        JavaMember guest = somebody("guest");
        JavaMember guard = guard(authority, guest.identifier(), "guard");
        await(client(enroller, authority).addMember(guest.identifier(), GUEST));
        guest.present(await(client(guest, authority).credential()));
        SecureChannel channel = await(guest.open(guard.port(), guard.identifier()));
        guest.echoes(channel.route(Route.of(JavaMember.ECHO)));
        assertThat(guard.attributes()).map(PeerAttributes::attributes).contains(authority.said(GUEST));

        LoggingTestKit.warn("INCOMING_DENIED; by what " + authority.identifier() + " says of " + guest.identifier())
                .expect(
                        KIT.system(),
                        () -> assertThat(awaitFailure(guest.asksShortly(
                                        channel.route(Route.of(JavaMember.GUARDED)),
                                        Codec.bytes(),
                                        ByteString.fromString("knock"))))
                                .isInstanceOfSatisfying(
                                        RoutingException.class,
                                        e -> assertThat(e.reason()).isEqualTo(RoutingException.Reason.TIMED_OUT)));
    }

    @Test
    void memberRedeemsNothingAndLeavesTheCodeToOthers() { // authority, section 10, item 4
        RustAuthorityNode authority = start();
        AuthorityClient tokens = client(enroller, authority);
        TokenCode code = await(tokens.issueToken(MEMBER));

        assertThat(await(tokens.redeem(code))).isFalse();
        JavaMember newcomer = somebody("newcomer");
        assertThat(await(client(newcomer, authority).redeem(code))).isTrue();
        assertThat(await(client(newcomer, authority).redeem(code))).isFalse();
        isForbidden(client(somebody("late"), authority).redeem(code), "Unknown enrollment token");
    }

    @Test
    void exactlyAsManyBecomeMembersAsTheCodeIsFor() { // authority, section 10, item 5
        RustAuthorityNode authority = start();
        TokenCode code = await(client(enroller, authority).issueToken(MEMBER, MINUTES, 3));
        List<AuthorityClient> clients = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            clients.add(client(somebody("newcomer-" + i), authority));
        }

        List<CompletionStage<Boolean>> asked =
                clients.stream().map(client -> client.redeem(code)).toList();

        int members = 0;
        for (CompletionStage<Boolean> redeemed : asked) {
            try {
                members += await(redeemed) ? 1 : 0;
            } catch (CompletionException e) {
                isForbidden(redeemed, "Unknown enrollment token");
            }
        }
        assertThat(members).isEqualTo(3);
        assertThat(await(client(enroller, authority).memberIdentifiers())).hasSize(1 + 3);
    }

    @Test
    void codesEnd() { // authority, section 10, item 7
        RustAuthorityNode authority = start();
        AuthorityClient tokens = client(enroller, authority);
        AuthorityClient newcomer = client(somebody("newcomer"), authority);

        isForbidden(newcomer.redeem(await(tokens.issueToken(MEMBER, Duration.ZERO, 5))), "Unknown enrollment token");
        isForbidden(
                newcomer.redeem(await(tokens.issueToken(MEMBER, Duration.ofSeconds(Long.MAX_VALUE), 5))),
                "Unknown enrollment token");
        isForbidden(newcomer.redeem(TokenCode.of(ByteString.fromArray(new byte[32]))), "Unknown enrollment token");
        assertThat(await(newcomer.redeem(await(tokens.issueToken(Attributes.none())))))
                .isTrue();
        assertThat(content(await(newcomer.credential())).attributes()).isEqualTo(authority.said(Attributes.none()));
    }

    /** Java asks six seconds before the end. */
    @Test
    void newerCredentialsReachAGuardOnAnOpenChannel() { // authority, section 10, item 29
        Duration validity = Duration.ofSeconds(12);
        RustAuthorityNode authority =
                AUTHORITIES.start(database(), validity, RustAuthorityNode.trusted(enroller.identifier(), ENROLLER));
        AuthorityClient members = client(enroller, authority);
        JavaMember java = somebody("java");
        await(members.addMember(java.identifier(), MEMBER));
        JavaMember guard = guard(authority, java.identifier(), "guard");
        java.presentWhatIsAskedOf(authority);
        SecureChannel channel = await(java.open(guard.port(), guard.identifier()));
        Route guarded = channel.route(Route.of(JavaMember.GUARDED));
        java.echoes(guarded);
        Instant end = guard.attributes().orElseThrow().expiresAt();

        kit.eventually(() -> {
            java.echoes(guarded);
            assertThat(guard.attributes())
                    .map(PeerAttributes::expiresAt)
                    .hasValueSatisfying(until -> assertThat(until).isAfter(end));
        });
        await(members.removeMember(java.identifier()));
        LoggingTestKit.empty()
                .withLogLevel(Level.WARN)
                .withMessageRegex(".*INCOMING_DENIED; .* of " + java.identifier() + "(,| ended) .*")
                .expect(KIT.system(), () -> {
                    kit.eventually(() -> assertThat(awaitFailure(
                                    java.asksShortly(guarded, Codec.bytes(), ByteString.fromString("knock"))))
                            .isInstanceOfSatisfying(
                                    RoutingException.class,
                                    e -> assertThat(e.reason()).isEqualTo(RoutingException.Reason.TIMED_OUT)));
                    return channel;
                });
        assertThat(channel.isOpen()).isTrue();
    }

    /** Some of the channels are lost. */
    @Test
    void whoAsksAgainThroughANewChannelIsAnsweredInTheEnd() { // authority, section 1.1
        RustAuthorityNode authority = start();
        List<JavaMember> strangers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            strangers.add(somebody("stranger-" + i));
        }
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<CompletableFuture<String>> asked = strangers.stream()
                    .map(stranger ->
                            CompletableFuture.supplyAsync(() -> asksUntilRefused(stranger, authority), threads))
                    .toList();

            assertThat(asked).allSatisfy(answer -> assertThat(await(answer)).isEqualTo("unauthorized member"));
        } finally {
            threads.shutdownNow();
        }
    }

    private static String asksUntilRefused(JavaMember stranger, RustAuthorityNode authority) {
        while (true) {
            Throwable failure = awaitFailure(stranger.client(authority)
                    .withRequestTimeout(Duration.ofSeconds(3))
                    .credential());
            if (failure instanceof AuthorityException refused) {
                return refused.answer();
            }
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            RoutingException.class,
                            e -> assertThat(e.reason()).isEqualTo(RoutingException.Reason.TIMED_OUT));
        }
    }

    // ---- members ----

    @Test
    void whoIsNoEnrollerIsToldSo() { // authority, section 10, items 2 and 16
        RustAuthorityNode authority = start();
        JavaMember stranger = somebody("stranger");
        JavaMember member = somebody("member");
        await(client(enroller, authority)
                .addMember(member.identifier(), Attributes.ofTexts(Map.of("ockam-role", "Enroller"))));

        isForbidden(client(stranger, authority).credential(), "unauthorized member");
        for (JavaMember caller : List.of(stranger, member)) {
            AuthorityClient client = client(caller, authority);
            isForbidden(client.issueToken(MEMBER), "Non-enroller is trying to issue an enrollment token");
            isForbidden(
                    client.addMember(caller.identifier(), MEMBER),
                    "Non-enroller " + caller.identifier() + " is trying to add a member " + caller.identifier());
            isForbidden(client.members(), "Non-enroller is trying to list members");
            isForbidden(client.memberIdentifiers(), "Non-enroller is trying to list members");
            isForbidden(client.member(caller.identifier()), "Non-enroller is trying to retrieve a member");
            isForbidden(client.removeMember(caller.identifier()), "Non-enroller is trying to delete a member");
            isForbidden(client.removeAllMembers(), "Non-enroller is trying to list members");
        }
        assertThat(await(client(enroller, authority).memberIdentifiers()))
                .containsExactlyInAnyOrder(enroller.identifier(), member.identifier());
    }

    @Test
    void enrollerRunsTheMembers() { // authority, section 10, items 15 and 26
        RustAuthorityNode authority = start();
        AuthorityClient members = client(enroller, authority);
        JavaMember ada = somebody("ada");
        JavaMember guard = guard(authority, ada.identifier(), "guard");
        Instant before = Instant.now().minusSeconds(1);
        await(members.addMember(ada.identifier(), GUEST));

        await(members.addMember(ada.identifier(), MEMBER));

        MemberEntry entry = await(members.member(ada.identifier())).orElseThrow();
        assertThat(entry.attributes()).isEqualTo(MEMBER);
        assertThat(entry.addedBy()).isEqualTo(enroller.identifier());
        assertThat(entry.addedAt().toInstant()).isBetween(before, Instant.now());
        Map<Identifier, MemberEntry> all = await(members.members());
        assertThat(all)
                .containsOnlyKeys(enroller.identifier(), ada.identifier())
                .containsEntry(ada.identifier(), entry);
        MemberEntry first = Objects.requireNonNull(all.get(enroller.identifier()));
        assertThat(first.attributes()).isEqualTo(ENROLLER);
        assertThat(first.addedBy()).isEqualTo(authority.identifier());
        assertThat(await(members.memberIdentifiers()))
                .containsExactlyInAnyOrder(enroller.identifier(), ada.identifier());
        ada.present(await(client(ada, authority).credential()));

        await(members.removeMember(ada.identifier()));
        await(members.removeMember(ada.identifier()));

        assertThat(await(members.member(ada.identifier()))).isEmpty();
        isForbidden(client(ada, authority).credential(), "unauthorized member");
        SecureChannel channel = await(ada.open(guard.port(), guard.identifier()));
        ada.echoes(channel.route(Route.of(JavaMember.GUARDED))); // what it has stays valid
    }

    @Test
    void preTrustedStayAndTheOthersGoAtOnce() { // authority, section 10, items 15 and 17
        JavaMember other = somebody("other");
        RustAuthorityNode authority = AUTHORITIES.start(
                database(),
                RustAuthorityNode.trusted(enroller.identifier(), ENROLLER),
                RustAuthorityNode.trusted(other.identifier(), MEMBER));
        AuthorityClient members = client(enroller, authority);
        await(members.addMember(somebody("ada").identifier(), MEMBER));
        await(members.addMember(somebody("bob").identifier(), ENROLLER));

        isForbidden(members.removeMember(other.identifier()), "Enroller is trying to delete a pre trusted identity");
        await(members.removeAllMembers());

        assertThat(await(members.memberIdentifiers()))
                .containsExactlyInAnyOrder(enroller.identifier(), other.identifier());
        assertThat(content(await(client(other, authority).credential())).attributes())
                .isEqualTo(authority.said(MEMBER));
    }

    // ---- what lasts ----

    @Test
    void whatItKnowsOutlivesItsProcess() { // authority, section 10, item 17
        JavaMember other = somebody("other");
        String[] options = {
            RustAuthorityNode.trusted(enroller.identifier(), ENROLLER),
            RustAuthorityNode.trusted(other.identifier(), MEMBER)
        };
        RustAuthorityNode first = AUTHORITIES.start(database(), options);
        AuthorityClient members = client(enroller, first);
        JavaMember ada = somebody("ada");
        await(members.addMember(ada.identifier(), MEMBER));
        ada.present(await(client(ada, first).credential()));
        TokenCode code = await(members.issueToken(GUEST, HOUR, 2));
        assertThat(await(client(somebody("bob"), first).redeem(code))).isTrue();
        await(members.addMember(other.identifier(), GUEST)); // is pre-trusted no more
        await(members.removeMember(other.identifier()));
        isForbidden(client(other, first).credential(), "unauthorized member");
        assertThat(first.endInput()).isZero();

        RustAuthorityNode second = AUTHORITIES.start(database(), RustAuthorityNode.as(first), options[0], options[1]);

        assertThat(second.identifier()).isEqualTo(first.identifier());
        assertThat(second.history()).isEqualTo(first.history());
        JavaMember guard = guard(second, ada.identifier(), "guard");
        SecureChannel channel = await(ada.open(guard.port(), guard.identifier()));
        ada.echoes(channel.route(Route.of(JavaMember.GUARDED)));
        assertThat(content(await(client(ada, second).credential())).attributes())
                .isEqualTo(second.said(MEMBER));
        assertThat(content(await(client(other, second).credential())).attributes())
                .isEqualTo(second.said(MEMBER));
        assertThat(await(client(somebody("carol"), second).redeem(code))).isTrue();
        isForbidden(client(somebody("late"), second).redeem(code), "Unknown enrollment token");
    }

    // ---- admins ----

    @Test
    void adminsAreThoseOfTheAccountAuthority() { // authority, section 10, items 11, 18 and 20
        JavaMember account = somebody("account");
        JavaMember admin = somebody("admin");
        JavaMember other = somebody("other");
        account.importHistory(admin.history());
        account.importHistory(other.history());
        RustAuthorityNode authority = AUTHORITIES.start(
                database(),
                RustAuthorityNode.adminsBy(
                        account.history(), RustAuthorityNode.trusted(enroller.identifier(), ENROLLER)));
        AuthorityClient byEnroller = client(enroller, authority);
        AuthorityClient byAdmin =
                settled(admin.client(authority, account.issue(admin.identifier(), project("garden"), HOUR)));
        AuthorityClient byOther =
                settled(other.client(authority, account.issue(other.identifier(), project("desert"), HOUR)));

        isForbidden(
                byEnroller.issueToken(ENROLLER), "Not admin is trying to issue an enrollment token for an enroller");
        isForbidden(
                byEnroller.addMember(other.identifier(), ENROLLER),
                "Not pre trusted enroller is trying to create an enroller");
        isForbidden(byOther.issueToken(MEMBER), "Non-enroller is trying to issue an enrollment token");
        isForbidden(byOther.credential(), "unauthorized member");

        JavaMember second = somebody("second");
        await(byAdmin.issueToken(ENROLLER));
        await(byAdmin.addMember(second.identifier(), ENROLLER));
        isForbidden(byEnroller.removeMember(second.identifier()), "Not admin is trying to delete an enroller");
        assertThat(content(await(byAdmin.credential())).attributes())
                .isEqualTo(authority.said(
                        Attributes.ofTexts(Map.of("ockam-relay", "*", "ockam-tls-certificate", "true"))));
        await(byEnroller.addMember(admin.identifier(), MEMBER));
        assertThat(content(await(byAdmin.credential())).attributes().text("role"))
                .isEmpty();
        await(byEnroller.removeAllMembers());
        assertThat(await(byAdmin.memberIdentifiers()))
                .containsExactlyInAnyOrder(enroller.identifier(), second.identifier(), admin.identifier());
        await(byAdmin.removeMember(second.identifier()));
        assertThat(await(byAdmin.member(second.identifier()))).isEmpty();
    }

    private static Attributes project(String name) {
        return Attributes.ofTexts(Map.of("project", name));
    }

    // ---- tickets ----

    private Ticket ticket(RustAuthorityNode authority, JavaMember server, TokenCode code) {
        return new Ticket(
                multiAddr(server.port()) + "/service/garden/service/api",
                server.identifier(),
                "the garden",
                code,
                ChangeHistory.decode(server.history()).orElseThrow(),
                ChangeHistory.decode(authority.history()).orElseThrow(),
                multiAddr(authority.port()) + "/service/api");
    }

    private static String multiAddr(String port) {
        return "/ip4/" + port.replace(":", "/tcp/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "hex", "json", "legacy"})
    void ticketsOfEitherSideAreReadByTheOther(String form) { // authority, section 10, item 44
        RustAuthorityNode authority = start();
        JavaMember newcomer = somebody("newcomer");
        JavaMember guard = guard(authority, newcomer.identifier(), "guard");
        Ticket ticket =
                ticket(authority, guard, await(client(enroller, authority).issueToken(MEMBER)));

        for (String ours : List.of(
                ticket.plain(),
                ticket.hex(),
                ticket.json(),
                Hex.of(ByteString.fromString(ticket.json())),
                ticket.legacy(),
                Hex.string(ticket.legacy()).utf8String())) {
            String theirs = authority.ticket(form, ours);

            assertThat(Ticket.decode(theirs).orElseThrow()).isEqualTo(ticket);
        }

        Ticket theirs = Ticket.decode(authority.ticket(form, ticket.plain())).orElseThrow();
        newcomer.present(await(client(newcomer, authority).enroll(theirs)).credential());
        SecureChannel channel = await(newcomer.open(guard.port(), guard.identifier()));
        newcomer.echoes(channel.route(Route.of(JavaMember.GUARDED)));
    }

    @Test
    void whatIsNoTicketHereIsNoneThere() { // authority, section 10, item 44
        RustAuthorityNode authority = start();
        JavaMember server = guard(authority, enroller.identifier(), "server");
        Ticket ticket = ticket(authority, server, TokenCode.of(ByteString.fromArray(new byte[32])));
        String plain = ticket.plain();

        String[][] wrong = {
            {
                plain.substring(0, plain.lastIndexOf(',')),
                "a ticket has 7 items, not 6",
                "Missing fields in enrollment ticket"
            },
            {
                plain.replace("/service/garden/service/api,", ","),
                "the route to the project has no service",
                "Couldn't extract the project id from route " + multiAddr(server.port())
            },
            {
                plain.replace(",the garden,", ",the garden,0"),
                "code and histories of a ticket are hexadecimal, and a code has 32 bytes",
                "Odd number of digits"
            }
        };
        for (String[] text : wrong) {
            assertThat(Ticket.decode(text[0]))
                    .isInstanceOfSatisfying(
                            Decoded.Failure.class,
                            refused -> assertThat(refused.failure().detail()).isEqualTo(text[1]));
            assertThatThrownBy(() -> authority.ticket("plain", text[0]))
                    .isInstanceOf(RustProcess.Failed.class)
                    .hasMessageContaining(text[2]);
        }
    }

    // ---- the command line ----

    private Program run(String... arguments) throws IOException {
        Program program = Program.start(directory.resolve("err-" + programs.size()), OckamNode.class, arguments);
        programs.add(program);
        return program;
    }

    @Test
    void commandsOfOurNodeWorkAtIt() throws Exception {
        Path boss = directory.resolve("boss");
        Path member = directory.resolve("member");
        Program made = run("identity", "--identity", boss.toString());
        Identifier identifier = Identifier.parse(made.nextLineAfter("IDENTIFIER "));
        made.nextLineAfter("HISTORY ");
        made.endsWith(0);
        RustAuthorityNode authority = AUTHORITIES.start(database(), RustAuthorityNode.trusted(identifier, ENROLLER));
        Program serve = run(
                "serve",
                "--port",
                "0",
                "--trust",
                "any",
                "--authority",
                Hex.of(authority.history()),
                "--allow",
                "role=member");
        String port = serve.nextLineAfter("LISTENING ");
        String served = serve.nextLineAfter("IDENTIFIER ");
        String[] boss2authority = {
            "--identity",
            boss.toString(),
            "--to",
            authority.port(),
            "--expect",
            authority.identifier().toString()
        };

        Program ticket = run(with(
                boss2authority,
                "ticket",
                "--serve",
                port,
                "--history",
                serve.nextLineAfter("HISTORY "),
                "--attribute",
                "role=member"));
        String text = ticket.nextLineAfter("TICKET ");
        ticket.endsWith(0);
        assertThat(authority.ticket("hex", text)).isEqualTo(text);
        Program enroll = run("enroll", "--identity", member.toString(), "--ticket", text);
        String enrolled = enroll.nextLineAfter("ENROLLED ");
        enroll.endsWith(0);
        Program send = run(
                "send",
                "--identity",
                member.toString(),
                "--ticket",
                text,
                "--to",
                port,
                "--route",
                "api",
                "--expect",
                served,
                "--text",
                "Hello");
        assertThat(send.nextLine())
                .isEqualTo("ALREADY " + enrolled + " is a member: the code of the ticket was not used");
        send.nextLineAfter("PEER ");
        assertThat(send.nextLineAfter("IDENTIFIER ")).isEqualTo(enrolled);
        assertThat(send.nextLine()).startsWith("ECHOES 1 of 5 in ");
        send.endsWith(0);
        Program late = run("enroll", "--identity", directory.resolve("late").toString(), "--ticket", text);
        late.endsWith(1);
        assertThat(late.errors()).contains("FAILED REFUSED: the authority answers 403, Unknown enrollment token");

        Program remove = run(with(boss2authority, "members", "--remove", enrolled));
        assertThat(remove.lines()).containsExactly("REMOVED " + enrolled);
        remove.endsWith(0);
        Program members = run(with(boss2authority, "members"));
        assertThat(members.lines()).containsExactly("MEMBER " + identifier + " {ockam-role=enroller}");
        members.endsWith(0);
    }

    private static String[] with(String[] options, String command, String... more) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(options));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
