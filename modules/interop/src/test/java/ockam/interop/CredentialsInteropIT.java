// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static ockam.interop.Patience.await;
import static ockam.interop.Patience.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.util.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import ockam.authority.AuthorityException;
import ockam.channel.CredentialRetriever;
import ockam.channel.HandshakeException;
import ockam.fixtures.Hex;
import ockam.fixtures.SystemKit;
import ockam.identity.Credential;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.IdentityException;
import ockam.identity.TokenCode;
import ockam.interop.RustNode.Said;
import ockam.interop.Scene.Channel;
import ockam.interop.Scene.Side;
import ockam.relay.RelayDropReason;
import ockam.relay.RelayService;
import ockam.relay.RemoteRelay;
import ockam.routing.PeerAttributes;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Credentials of an authority of either implementation, presented and believed by members of both. */
class CredentialsInteropIT {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    @RegisterExtension
    static final RustNodes RUST = new RustNodes();

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Attributes JAVAS =
            Attributes.ofTexts(Map.of("role", "member", "name", "Ada, of \"Java\"", "where", "Zürich"));
    private static final Attributes RUSTS =
            Attributes.ofTexts(Map.of("role", "member", "name", "Grace = Rust", "", ""));
    private static final Attributes GUEST = Attributes.ofTexts(Map.of("role", "guest"));

    private static Attributes of(Side side) {
        return side == Side.JAVA ? JAVAS : RUSTS;
    }

    // ---- what counts ----

    static List<Arguments> exchanges() {
        List<Set<Side>> shows = List.of(Set.of(Side.JAVA, Side.RUST), Set.of(Side.JAVA), Set.of(Side.RUST));
        return Arrays.stream(Side.values())
                .flatMap(authority -> Arrays.stream(Side.values())
                        .flatMap(opener -> shows.stream().map(showing -> Arguments.of(authority, opener, showing))))
                .toList();
    }

    /** One-way and two-way; Rust by its cache. */
    @ParameterizedTest(name = "authority {0}, opened by {1}, shown by {2}")
    @MethodSource("exchanges")
    void whatTheAuthoritySaysCountsOnTheOtherSide(Side authority, Side opener, Set<Side> showing) {
        try (Members members = new Members(KIT, RUST, authority, HOUR).believing()) {
            Map<Side, CredentialAndPurposeKey> shown = new HashMap<>();
            for (Side side : showing) {
                shown.put(side, fetchAndPresent(members, side));
            }

            Channel channel = members.open(opener);

            members.echoes(channel);
            for (Side side : Side.values()) {
                CredentialAndPurposeKey credential = shown.get(side);
                if (credential != null) {
                    assertKnown(members, side, credential);
                    assertLetIn(members, channel, side);
                } else {
                    assertUnknown(members, side);
                    assertKeptOut(members, channel, side);
                }
            }
            members.echoes(channel);
        }
    }

    private static CredentialAndPurposeKey fetchAndPresent(Members members, Side side) {
        Authority authority = members.authority();
        authority.member(members.identifier(side), of(side));
        switch (side) {
            case JAVA -> {
                CredentialAndPurposeKey credential =
                        await(members.java().client(authority).credential());
                members.java().present(credential);
                return credential;
            }
            case RUST -> {
                CredentialAndPurposeKey credential = members.rust().fetch(authority);
                members.rust().presentWhatWasFetched(authority);
                return credential;
            }
        }
        throw new AssertionError(side);
    }

    /** The other side holds what the credential says. */
    private static void assertKnown(Members members, Side shower, CredentialAndPurposeKey shown) {
        Said expected = new Said(
                members.authority().said(of(shower)),
                shown.credential().content().expiresAt().toInstant());
        assertThat(known(members, shower)).containsExactly(expected);
    }

    private static void assertUnknown(Members members, Side shower) {
        assertThat(known(members, shower)).isEmpty();
    }

    /** What the other side knows about this one; one or nothing. The one must have sent to an echo. */
    private static List<Said> known(Members members, Side about) {
        return switch (about) {
            case JAVA ->
                members.rust().attributes(members.java().identifier()).stream().toList();
            case RUST ->
                members.java().attributes().stream()
                        .map(said -> new Said(said.attributes(), said.expiresAt()))
                        .toList();
        };
    }

    private static void assertLetIn(Members members, Channel channel, Side sender) {
        switch (sender) {
            case JAVA -> members.java().echoes(channel.fromJava("guarded"));
            case RUST -> members.rust().echoes(channel.fromRust("guarded"), 1, 33);
        }
    }

    /** Rust is silent; Java says why to itself. */
    private static void assertKeptOut(Members members, Channel channel, Side sender) {
        switch (sender) {
            case JAVA ->
                assertNoAnswer(members.java()
                        .asksShortly(channel.fromJava("guarded"), Codec.bytes(), ByteString.fromString("knock")));
            case RUST -> {
                long before = members.java().node().dropped(RoutingDropReason.INCOMING_DENIED);
                members.rust().send(channel.fromRust("guarded"));
                KIT.eventually(() -> assertThat(members.java().node().dropped(RoutingDropReason.INCOMING_DENIED))
                        .isEqualTo(before + 1));
            }
        }
    }

    private static void assertNoAnswer(CompletionStage<?> asked) {
        assertThat(awaitFailure(asked))
                .isInstanceOfSatisfying(
                        RoutingException.class,
                        e -> assertThat(e.reason()).isEqualTo(RoutingException.Reason.TIMED_OUT));
    }

    /** What is presented does not come a moment later, as a newer credential would. */
    @ParameterizedTest
    @EnumSource
    void handshakeAloneIsEnough(Side opener) {
        try (Members members = new Members(KIT, RUST, Side.JAVA, HOUR).believing()) {
            Identifier java = members.java().identifier();
            Identifier rust = members.rust().identifier();
            for (Side side : Side.values()) {
                fetchAndPresent(members, side);
            }
            members.java().startGate(3); // the messages of the handshake
            if (opener == Side.JAVA) {
                members.rust().accept(JavaMember.LISTENER, java);
                await(members.java().open(members.rust().port(), rust));
            } else {
                members.java().accept(rust);
                Route way = members.rust().connect(members.java().port());
                members.rust().open(way.append(JavaMember.GATE).append(JavaMember.LISTENER), java);
            }

            members.eventually(() -> {
                assertThat(members.rust().attributes(java))
                        .map(Said::attributes)
                        .contains(members.authority().said(JAVAS));
                assertThat(members.java().channels(rust))
                        .singleElement()
                        .satisfies(channel -> assertThat(channel.peer()
                                        .attributes(members.authority().identifier()))
                                .map(PeerAttributes::attributes)
                                .contains(members.authority().said(RUSTS)));
            });
        }
    }

    /** The name is in an attribute (authority, section 8.6). */
    @ParameterizedTest
    @EnumSource
    void relayServiceGivesTheNameOfTheCredential(Side service) {
        try (Members members = new Members(KIT, RUST, Side.JAVA, HOUR).believing()) {
            Side server = service == Side.JAVA ? Side.RUST : Side.JAVA;
            Attributes named = Attributes.ofTexts(Map.of("ockam-relay", "garden"));
            members.authority().member(members.identifier(server), named);
            switch (service) {
                case JAVA -> {
                    members.rust().fetch(members.authority());
                    members.rust().presentWhatWasFetched(members.authority());
                    Channel channel = members.open(Side.RUST);
                    RelayService relays = members.java().serveRelays();

                    assertThat(members.rust().register(Route.of(channel.rust()), Optional.of("garden")))
                            .isEqualTo(Address.of("forward_to_garden"));

                    members.java().echoes(Route.of("forward_to_garden", "echo"));
                    members.rust().triesToRegister(Route.of(channel.rust()), "shed");
                    KIT.eventually(() -> assertThat(members.java().node().dropped(RelayDropReason.REGISTRATION_REFUSED))
                            .isEqualTo(1));
                    assertThat(relays.relays()).hasSize(1);
                }
                case RUST -> {
                    members.java()
                            .present(await(
                                    members.java().client(members.authority()).credential()));
                    members.rust().serveRelays();
                    Channel channel = members.open(Side.JAVA);
                    RemoteRelay registered = members.java().register(channel.java(), "garden");

                    assertThat(await(registered.whenRegistered()).address()).isEqualTo(Address.of("forward_to_garden"));

                    members.rust().echoes(Route.of("forward_to_garden", "echo"), 1, 33);
                    assertNoAnswer(members.java()
                            .asksShortly(channel.fromJava("static_forwarding_service"), Codec.string(), "shed"));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoBelievesNobodyIgnoresCredentials(Side opener) {
        try (Members members = new Members(KIT, RUST, Side.JAVA, HOUR)) {
            fetchAndPresent(members, Side.JAVA);
            fetchAndPresent(members, Side.RUST);

            members.echoes(members.open(opener));
        }
    }

    /** Bytes that are no text, which authorities of Ockam do not make, but whose credentials may have them. */
    @ParameterizedTest
    @EnumSource
    void attributesMayBeAnyBytes(Side authority) {
        try (Members members = new Members(KIT, RUST, authority, HOUR).believing()) {
            Attributes odd = Attributes.of(Map.of(
                    ByteString.fromString("role"), ByteString.fromString("member"),
                    Hex.string("ff00"), Hex.string("80fe"),
                    Hex.string("00"), ByteString.emptyByteString()));
            fetchAndPresent(members, Side.JAVA); // makes both known to the authority
            fetchAndPresent(members, Side.RUST);
            members.java().present(members.authority().issue(members.java().identifier(), odd, HOUR));
            members.rust().present(members.authority().issue(members.rust().identifier(), odd, HOUR));

            Channel channel = members.open(Side.JAVA);

            members.echoes(channel);
            for (Side side : Side.values()) {
                assertThat(known(members, side)).extracting(Said::attributes).containsExactly(odd);
                assertLetIn(members, channel, side);
            }
        }
    }

    // ---- on a channel that stays open ----

    static List<Arguments> authoritiesAndOpeners() {
        return Arrays.stream(Side.values())
                .flatMap(authority -> Arrays.stream(Side.values()).map(opener -> Arguments.of(authority, opener)))
                .toList();
    }

    /** Rust asks again eight seconds before the end, Java six. */
    @ParameterizedTest(name = "authority {0}, opened by {1}")
    @MethodSource("authoritiesAndOpeners")
    void newerCredentialsReachTheOtherSideOfAnOpenChannel(Side authority, Side opener) {
        try (Members members = new Members(KIT, RUST, authority, Duration.ofSeconds(12)).believing()) {
            for (Side side : Side.values()) {
                members.authority().member(members.identifier(side), of(side));
            }
            members.java().presentWhatIsAskedOf(members.authority());
            members.rust().presentWhatIsAskedOf(members.authority(), Duration.ofSeconds(4));
            Channel channel = members.open(opener);
            Map<Side, Instant> ends = new HashMap<>();
            members.eventually(() -> {
                members.echoes(channel);
                for (Side side : Side.values()) {
                    List<Said> known = known(members, side);
                    assertThat(known)
                            .extracting(Said::attributes)
                            .containsExactly(members.authority().said(of(side)));
                    ends.put(side, known.get(0).until());
                }
            });

            for (Side side : Side.values()) {
                members.authority().member(members.identifier(side), GUEST);
            }
            members.eventually(() -> {
                members.echoes(channel);
                for (Side side : Side.values()) {
                    assertThat(known(members, side)).singleElement().satisfies(said -> {
                        assertThat(said.attributes())
                                .isEqualTo(members.authority().said(GUEST));
                        assertThat(said.until()).isAfter(ends.get(side));
                    });
                }
            });
            assertKeptOut(members, channel, Side.JAVA);
            assertKeptOut(members, channel, Side.RUST);

            for (Side side : Side.values()) {
                members.authority().member(members.identifier(side), of(side));
            }
            members.eventually(() -> {
                members.echoes(channel);
                for (Side side : Side.values()) {
                    assertThat(known(members, side))
                            .extracting(Said::attributes)
                            .containsExactly(members.authority().said(of(side)));
                }
            });
            members.eventually(() -> assertLetIn(members, channel, Side.JAVA));
            members.eventually(() -> assertLetIn(members, channel, Side.RUST));
        }
    }

    @Test
    void whatTheAuthoritySaidEndsAndTheChannelStays() {
        try (Members members = new Members(KIT, RUST, Side.JAVA, HOUR).believing()) {
            Duration validity = Duration.ofSeconds(12); // time enough to open a channel on a busy machine
            members.java().present(members.authority().issue(members.java().identifier(), JAVAS, validity));
            members.rust().present(members.authority().issue(members.rust().identifier(), RUSTS, validity));
            Channel channel = members.open(Side.JAVA);
            members.echoes(channel);
            for (Side side : Side.values()) {
                assertThat(known(members, side)).as("known of %s", side).hasSize(1);
            }

            members.eventually(() -> assertUnknown(members, Side.JAVA));
            assertKeptOut(members, channel, Side.JAVA);
            Instant end = known(members, Side.RUST).get(0).until();
            members.eventually(() -> assertThat(Instant.now()).isAfterOrEqualTo(end));
            assertKeptOut(members, channel, Side.RUST);

            members.echoes(channel);
        }
    }

    // ---- what does not count ----

    /** What is wrong with a credential. */
    enum Flaw {
        /** Its subject says it about itself. */
        BY_ITS_SUBJECT(IdentityException.Reason.UNKNOWN_AUTHORITY),
        EXPIRED(IdentityException.Reason.CREDENTIAL_EXPIRED),
        /** It is about the peer. */
        OF_ANOTHER_SUBJECT(IdentityException.Reason.CREDENTIAL_OF_OTHER_SUBJECT),
        /** It ends a second earlier or later than the authority has said. */
        CHANGED(IdentityException.Reason.CREDENTIAL_SIGNATURE_INVALID);

        private final IdentityException.Reason reason;

        Flaw(IdentityException.Reason reason) {
            this.reason = reason;
        }
    }

    static Stream<Arguments> flaws() {
        return Arrays.stream(Side.values())
                .flatMap(authority -> Arrays.stream(Side.values())
                        .flatMap(shower ->
                                Arrays.stream(Flaw.values()).map(flaw -> Arguments.of(authority, shower, flaw))));
    }

    private static CredentialAndPurposeKey flawed(Members members, Side shower, Flaw flaw) {
        Authority authority = members.authority();
        Identifier subject = members.identifier(shower);
        switch (flaw) {
            case BY_ITS_SUBJECT -> {
                return shower == Side.JAVA
                        ? members.java().credentialOfItsOwn(JAVAS, HOUR)
                        : members.rust().credential(subject, RUSTS, HOUR);
            }
            case EXPIRED -> {
                CredentialAndPurposeKey credential = authority.issue(subject, of(shower), Duration.ofSeconds(1));
                Instant end = credential.credential().content().expiresAt().toInstant();
                KIT.eventually(() -> assertThat(Instant.now()).isAfterOrEqualTo(end.plusSeconds(1)));
                return credential;
            }
            case OF_ANOTHER_SUBJECT -> {
                Side other = shower == Side.JAVA ? Side.RUST : Side.JAVA;
                return authority.issue(members.identifier(other), of(shower), HOUR);
            }
            case CHANGED -> {
                CredentialAndPurposeKey credential = authority.issue(subject, of(shower), HOUR);
                byte[] data = credential.credential().data().toArray();
                data[data.length - 1] ^= 1;
                return new CredentialAndPurposeKey(
                        new Credential(
                                ByteString.fromArray(data),
                                credential.credential().signature()),
                        credential.purposeKey());
            }
        }
        throw new AssertionError(flaw);
    }

    @ParameterizedTest(name = "authority {0}, shown by {1}: {2}")
    @MethodSource("flaws")
    void badCredentialCountsForNothing(Side authority, Side shower, Flaw flaw) {
        try (Members members = new Members(KIT, RUST, authority, HOUR).believing()) {
            Side other = shower == Side.JAVA ? Side.RUST : Side.JAVA;
            fetchAndPresent(members, shower); // makes both known to the authority
            CredentialAndPurposeKey good = fetchAndPresent(members, other);
            CredentialAndPurposeKey bad = flawed(members, shower, flaw);
            Channel channel;
            if (shower == Side.JAVA) {
                members.java().present(bad);
                channel = members.open(Side.JAVA);
            } else {
                members.rust().present(bad);
                channel = LoggingTestKit.warn(
                                "A credential of " + members.rust().identifier() + " does not count: " + flaw.reason)
                        .expect(KIT.system(), () -> members.open(Side.RUST));
            }

            members.echoes(channel);
            assertUnknown(members, shower);
            assertKeptOut(members, channel, shower);
            assertKnown(members, other, good);
            assertLetIn(members, channel, other);
        }
    }

    /** As Java presents them; Rust verifies what it gets from its authority first. */
    @ParameterizedTest
    @EnumSource
    void badCredentialOnAnOpenChannelChangesNothingInRust(Flaw flaw) {
        try (Members members = new Members(KIT, RUST, Side.RUST, HOUR).believing()) {
            CredentialAndPurposeKey good = fetchAndPresent(members, Side.JAVA);
            fetchAndPresent(members, Side.RUST);
            Exchangeable presented = new Exchangeable(good);
            members.java().present(presented);
            Channel channel = members.open(Side.JAVA);

            CredentialAndPurposeKey bad = flawed(members, Side.JAVA, flaw);
            for (int i = 0; i < 2; i++) { // it is asked for again when the first has been sent
                presented.exchange(bad);
                KIT.eventually(() -> assertThat(presented.asked()).isPositive());
            }
            members.echoes(channel);
            assertKnown(members, Side.JAVA, good);
            assertLetIn(members, channel, Side.JAVA);

            members.authority().member(members.java().identifier(), GUEST);
            presented.exchange(await(members.java().client(members.authority()).credential()));
            KIT.eventually(() -> assertThat(known(members, Side.JAVA))
                    .extracting(Said::attributes)
                    .containsExactly(GUEST));
        }
    }

    /** Has another credential whenever the test says so. */
    private static final class Exchangeable implements CredentialRetriever {
        private final AtomicInteger asked = new AtomicInteger();
        private volatile CredentialAndPurposeKey now;
        private volatile Runnable newer = () -> {};

        Exchangeable(CredentialAndPurposeKey first) {
            now = first;
        }

        void exchange(CredentialAndPurposeKey next) {
            now = next;
            asked.set(0);
            newer.run();
        }

        /** How often it was asked since. */
        int asked() {
            return asked.get();
        }

        @Override
        public CompletionStage<CredentialAndPurposeKey> credential() {
            CredentialAndPurposeKey answer = now;
            asked.incrementAndGet();
            return CompletableFuture.completedStage(answer);
        }

        @Override
        public Runnable watch(Runnable watcher) {
            newer = watcher;
            return () -> {};
        }
    }

    // ---- authorities ----

    @ParameterizedTest
    @EnumSource
    void authorityGivesStrangersNothing(Side authority) {
        try (Members members = new Members(KIT, RUST, authority, HOUR).believing()) {
            members.java().accept(members.rust().identifier());
            members.rust().presentWhatIsAskedOf(members.authority(), Duration.ofSeconds(60));
            members.java().presentWhatIsAskedOf(members.authority());

            assertThat(awaitFailure(members.java().client(members.authority()).credential()))
                    .isInstanceOfSatisfying(AuthorityException.class, e -> {
                        assertThat(e.reason()).isEqualTo(AuthorityException.Reason.REFUSED);
                        assertThat(e.answer()).contains("unauthorized member");
                    });
            assertThatThrownBy(() -> members.rust().fetch(members.authority()))
                    .isInstanceOf(RustProcess.Failed.class)
                    .hasMessageContaining("unauthorized member");
            assertThatThrownBy(members::rustOpens)
                    .isInstanceOf(RustProcess.Failed.class)
                    .hasMessageContaining("unauthorized member");
            assertThat(awaitFailure(members.java()
                            .open(members.rust().port(), members.rust().identifier())))
                    .isInstanceOfSatisfying(
                            HandshakeException.class,
                            e -> assertThat(e.reason()).isEqualTo(HandshakeException.Reason.CREDENTIAL_UNAVAILABLE));
        }
    }

    /** Requests by the client of the crate, with bodies as Ockam's command line makes them (authority, section 9). */
    @Test
    void rustEnrollsAtOurAuthorityAndRunsIt() {
        try (Members members = new Members(KIT, RUST, Side.JAVA, HOUR)) {
            Authority authority = members.authority();
            RustNode enroller = members.rust();
            RustNode newcomer = members.stranger();
            String tokens = "enrollment_token_issuer";
            String token = "a101a164726f6c65666d656d626572"; // role: member
            assertThat(enroller.ask(authority, tokens, "POST", "/", token))
                    .isEqualTo("403 Forbidden Non-enroller is trying to issue an enrollment token");
            authority.member(enroller.identifier(), Attributes.ofTexts(Map.of("ockam-role", "enroller")));

            String code = enroller.ask(authority, tokens, "POST", "/", token);
            assertThat(code).matches("200 Ok a1015820[0-9a-f]{64}");
            String body = code.substring("200 Ok ".length());
            assertThat(newcomer.ask(authority, "enrollment_token_acceptor", "POST", "/", body))
                    .isEqualTo("200 Ok -");

            assertThat(newcomer.ask(authority, "enrollment_token_acceptor", "POST", "/", body))
                    .isEqualTo("403 Forbidden Already a member");
            newcomer.importHistory(authority.history());
            assertThat(newcomer.fetch(authority).credential().content().attributes())
                    .isEqualTo(authority.said(Attributes.ofTexts(Map.of("role", "member"))));
            TokenCode used = TokenCode.of(Hex.string(body.substring("a1015820".length())));
            assertThat(awaitFailure(members.java().client(authority).redeem(used)))
                    .isInstanceOfSatisfying(
                            AuthorityException.class,
                            e -> assertThat(e.answer()).contains("Unknown enrollment token"));

            String services = "direct_authenticator";
            String ids = enroller.ask(authority, services, "GET", "/member_ids", "-");
            assertThat(ids).startsWith("200 Ok 83").contains(hex(newcomer.identifier()), hex(enroller.identifier()));
            String added = "a2015820" + hex(members.java().identifier()) + "02a164726f6c65666d656d626572";
            assertThat(enroller.ask(authority, services, "POST", "/", added)).isEqualTo("200 Ok -");
            await(members.java().client(authority).credential());
            assertThat(enroller.ask(authority, services, "DELETE", "/" + newcomer.identifier(), "-"))
                    .isEqualTo("200 Ok -");
            assertThat(enroller.ask(authority, services, "GET", "/" + newcomer.identifier(), "-"))
                    .isEqualTo("403 Forbidden Member " + newcomer.identifier() + " not found");
            assertThatThrownBy(() -> newcomer.fetch(authority)).hasMessageContaining("unauthorized member");
            assertThat(enroller.ask(authority, services, "POST", "/nowhere", "-"))
                    .isEqualTo("400 BadRequest unknown path");
        }
    }

    private static String hex(Identifier identifier) {
        return identifier.toString().substring(1);
    }
}
