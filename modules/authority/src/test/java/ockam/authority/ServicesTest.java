// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static ockam.authority.Refusals.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import ockam.authority.AuthorityException.Reason;
import ockam.channel.SecureChannel;
import ockam.fixtures.Hex;
import ockam.fixtures.Stages;
import ockam.node.Node;
import ockam.node.NodeDropReason;
import ockam.routing.RoutingException;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
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

    @Test
    void someCanBeLeftOut() {
        Node bare = scene.kit.node("bare");
        AuthorityNode authority = scene.start(
                bare,
                options -> options.withoutTokens()
                        .withoutDirectAuthenticator()
                        .withListenerAddress(Address.of("listener")));

        assertThat(authority.listener().address()).isEqualTo(Address.of("listener"));
        assertThat(bare.metadata(Address.of("credential_issuer"))).isPresent();
        for (String service :
                List.of("enrollment_token_issuer", "enrollment_token_acceptor", "direct_authenticator", "api")) {
            assertThat(bare.metadata(Address.of(service))).isEmpty();
        }
    }

    @Test
    void nothingIsLeftOfOneThatCannotStart() {
        Node node = scene.kit.node("taken");
        scene.kit.echoer(node, "direct_authenticator");

        Throwable failure = Stages.awaitFailureOf(AuthorityNode.create(
                node, scene.authority.identity(), scene.store, AuthorityOptions.forProject("p"), scene.clock));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        RoutingException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RoutingException.Reason.ADDRESS_IN_USE));
        assertThat(node.metadata(Address.of("credential_issuer"))).isEmpty();
    }

    @Test
    void oneThatIsStoppedAnswersNoMore() {
        SecureChannel channel = scene.channel(scene.enroller);
        scene.kit.await(scene.running.stop());

        assertThat(scene.node.metadata(Address.of("api"))).isEmpty();
        assertThat(scene.node.metadata(Address.of("credential_issuer"))).isEmpty();
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
