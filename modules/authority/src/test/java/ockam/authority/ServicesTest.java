// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static ockam.authority.Refusals.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ockam.authority.AuthorityException.Reason;
import ockam.channel.SecureChannel;
import ockam.fixtures.Hex;
import ockam.fixtures.LogLines;
import ockam.fixtures.Stages;
import ockam.identity.IdentityException;
import ockam.node.Node;
import ockam.node.NodeDropReason;
import ockam.routing.RoutingException;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the services answer to requests of any form, and what clients make of answers (authority, section 1.1). */
@ExtendWith(ActorTestKitExtension.class)
class ServicesTest {
    private final Scene scene;

    ServicesTest(ActorTestKit testKit) {
        this.scene = Scene.create(testKit);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "enrollment_token_issuer",
                "enrollment_token_acceptor",
                "credential_issuer",
                "direct_authenticator"
            })
    void everyServiceAnswers(String service) { // authority, section 10, item 12
        ByteString request = Request.of(7, Method.POST, "/x", null).encode();
        Answer withoutChannel = Answer.decode(scene.kit
                        .await(scene.node.ask(Route.parse(service), Codec.bytes(), Codec.bytes(), request))
                        .body())
                .orElseThrow();
        SecureChannel channel = scene.channel(scene.enroller);
        Answer unknown = scene.answer(channel, service, "a4 01 07 02 622f78 03 01 04 f4");
        Answer noMethod = scene.answer(channel, service, "a3 01 07 02 612f 04 f4");
        Answer method9 = scene.answer(channel, service, "a4 01 07 02 612f 03 09 04 f4");

        assertThat(List.of(withoutChannel.status(), withoutChannel.re())).containsExactly(400L, 0L);
        assertThat(withoutChannel.error()).isEqualTo("secure channel required");
        for (Answer answer : List.of(unknown, noMethod)) {
            assertThat(List.of(answer.status(), answer.re())).containsExactly(400L, 7L);
            assertThat(answer.error()).isEqualTo("unknown path");
        }
        assertThat(List.of(method9.status(), method9.re())).containsExactly(400L, 7L);
        assertThat(method9.error()).isEqualTo("unreadable request");
    }

    @Test
    void whatHasNoNumberIsDroppedAndCounted() { // authority, section 10, item 13
        SecureChannel channel = scene.channel(scene.enroller);
        scene.node
                .start(Address.of("sender"), Codec.bytes(), Behaviors.ignore())
                .send(channel.route("credential_issuer"), Codec.bytes(), Hex.string("84"));

        scene.kit.expectDropped(scene.node, NodeDropReason.UNDECODABLE, 1);
    }

    /** As those do who watch their channel. */
    @Test
    void peersFindAnEcho() { // authority, section 1
        SecureChannel channel = scene.channel(scene.party());

        assertThat(scene.kit
                        .await(scene.node.ask(channel.route("echo"), Codec.bytes(), Codec.bytes(), Hex.string("00ff")))
                        .body())
                .isEqualTo(Hex.string("00ff"));
    }

    @Test
    void refusalsOfStrangersHideNoneOfMembersAndEachServiceHasItsOwn() {
        SecureChannel stranger = scene.channel(scene.party());
        SecureChannel member = scene.channel(scene.enroller);
        String unknown = "a4 01 07 02 622f78 03 01 04 f4";

        try (LogLines lines = LogLines.of(ServiceWorker.class)) {
            for (SecureChannel channel : List.of(stranger, stranger, member, member)) {
                scene.answer(channel, "credential_issuer", unknown);
            }
            scene.answer(stranger, "direct_authenticator", unknown);

            Identifier one = stranger.me();
            assertThat(lines.texts())
                    .containsExactly(
                            "Refused POST /x of peer " + one + ": unknown path",
                            "Refused POST /x of peer " + member.me() + ": unknown path",
                            "Refused POST /x of peer " + one + ": unknown path");
        }
    }

    @Test
    void someCanBeLeftOut() {
        Node bare = scene.kit.node("bare");
        AuthorityNode authority = scene.start(
                bare,
                options -> options.withoutTokens()
                        .withoutDirectAuthenticator()
                        .withoutEcho()
                        .withListenerAddress(Address.of("listener")));

        assertThat(authority.listener().address()).isEqualTo(Address.of("listener"));
        assertThat(bare.metadata(Address.of("credential_issuer"))).isPresent();
        for (String service : List.of(
                "enrollment_token_issuer", "enrollment_token_acceptor", "direct_authenticator", "echo", "api")) {
            assertThat(bare.metadata(Address.of(service))).isEmpty();
        }
    }

    @Test
    void nothingIsLeftOfOneThatCannotStart() {
        Node node = scene.kit.node("taken");
        scene.kit.echoer(node, "echo");

        Throwable failure = Stages.awaitFailureOf(AuthorityNode.create(
                node, scene.authority.identity(), scene.store, AuthorityOptions.forProject("p"), scene.clock));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        RoutingException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RoutingException.Reason.ADDRESS_IN_USE));
        assertThat(node.metadata(Address.of("credential_issuer"))).isEmpty();
    }

    /** Otherwise it would refuse every request for a credential. */
    @Test
    void oneThatCouldNotIssueDoesNotStart() {
        Node node = scene.kit.node("long");
        AuthorityOptions options = AuthorityOptions.forProject("p").withCredentialValidity(Duration.ofDays(3650));

        Throwable failure = Stages.awaitFailureOf(
                AuthorityNode.create(node, scene.authority.identity(), scene.store, options, scene.clock));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        IdentityException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(IdentityException.Reason.VALIDITY_TOO_LONG));
        assertThat(node.metadata(Address.of("credential_issuer"))).isEmpty();
        assertThat(scene.kit.await(scene.client(scene.enroller).memberIdentifiers()))
                .containsExactly(scene.enroller.identifier()); // who is no member by these options
    }

    @Test
    void norDoesOneWithAMemberThatCouldHaveNoCredential() {
        Map<String, String> most = new HashMap<>();
        for (int i = 0; i < Attributes.MAX_ENTRIES; i++) {
            most.put("a" + i, "");
        }
        Identifier member = scene.party().identifier();
        AuthorityOptions options = AuthorityOptions.forProject("p")
                .withPreTrusted(PreTrusted.none().with(member, Attributes.ofTexts(most)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuthorityNode.create(
                        scene.kit.node("full"), scene.authority.identity(), scene.store, options, scene.clock))
                .withMessage("the pre-trusted member " + member + " has too many attributes for a credential");
    }

    @Test
    void oneThatIsStoppedAnswersNoMore() {
        SecureChannel channel = scene.channel(scene.enroller);
        scene.kit.await(scene.running.stop());

        assertThat(scene.node.metadata(Address.of("api"))).isEmpty();
        assertThat(scene.node.metadata(Address.of("credential_issuer"))).isEmpty();
        assertThat(scene.node.metadata(Address.of("echo"))).isEmpty();
        assertThat(channel.isOpen()).isTrue();
    }

    // ---- clients ----

    private AuthorityClient facing(Party party, ByteString answer) {
        Node node = scene.kit.node("strange");
        Party strange = scene.party();
        var service = node.start(Address.of("credential_issuer"), Codec.bytes(), Behaviors.receiveMessage(message -> {
            message.reply(answer);
            return Behaviors.same();
        }));
        node.allow(service).from(scene.kit.listen(node, "api", strange, party));
        return AuthorityClient.create(scene.kit.channel(node, "api", party, strange), party.identity());
    }

    private void isReadAs(Reason reason, int status, String content) {
        Party party = scene.party();
        isRefused(facing(party, Incoming.wrapped(Hex.string(content))).credential(), reason, status, "");
    }

    @Test
    void anUnknownStatusIsAFailureLikeOthers() { // authority, section 10, item 14
        isReadAs(Reason.OTHER_STATUS, 555, "a4 01 01 02 00 03 19022b 04 f4");
    }

    @Test
    void anAnswerToAnotherRequestIsNone() { // authority, section 10, item 14
        isReadAs(Reason.UNREADABLE_ANSWER, 0, "a4 01 01 02 1907e7 03 190193 04 f4");
    }

    @Test
    void aGrantWithoutABodyIsNone() { // authority, section 10, item 14
        isReadAs(Reason.UNREADABLE_ANSWER, 0, "a4 01 01 02 01 03 18c8 04 f4");
    }

    @Test
    void anAnswerThatIsNoneAtAllIsRefused() { // authority, section 10, item 14
        isReadAs(Reason.UNREADABLE_ANSWER, 0, "ff");
    }

    @Test
    void oneWhoGetsNoAnswerWaitsForItsTime() { // authority, section 10, item 14
        Node node = scene.kit.node("silent");
        Party silent = scene.party();
        node.allow(node.start(Address.of("credential_issuer"), Codec.any(), Behaviors.ignore()))
                .from(scene.kit.listen(node, "api", silent, scene.enroller));
        AuthorityClient client = AuthorityClient.create(
                        scene.kit.channel(node, "api", scene.enroller, silent), scene.enroller.identity())
                .withRequestTimeout(Duration.ofMillis(1));

        scene.kit.expectRefused(client.credential(), RoutingException.Reason.TIMED_OUT);
    }

    @Test
    void aClientIsOneOfTheEndsOfItsChannel() {
        SecureChannel channel = scene.channel(scene.enroller);
        Party other = scene.party();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuthorityClient.create(channel, other.identity()))
                .withMessageContaining(other.identifier().toString());
    }

    @Test
    void attributesThatAreNoTextsAreNotSent() {
        AuthorityClient client = scene.client(scene.enroller);
        var bytes = Attributes.of(Map.of(Hex.string("ff"), Hex.string("ff")));

        assertThatIllegalArgumentException().isThrownBy(() -> client.issueToken(bytes));
    }
}
