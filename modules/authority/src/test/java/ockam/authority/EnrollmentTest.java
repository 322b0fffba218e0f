// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static ockam.authority.Refusals.isForbidden;
import static ockam.authority.Refusals.isRefused;
import static ockam.authority.Scene.ENROLLER;
import static ockam.authority.Scene.MEMBER;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import ockam.authority.AuthorityException.Reason;
import ockam.identity.AttestedAttributes;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.StoreLimits;
import ockam.identity.TokenCode;
import ockam.node.Node;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Attributes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tokens are made and redeemed (authority, section 3). */
@ExtendWith(ActorTestKitExtension.class)
class EnrollmentTest {
    private static final String UNKNOWN = "Unknown enrollment token";

    private final ActorTestKit testKit;
    private Scene scene;

    EnrollmentTest(ActorTestKit testKit) {
        this.testKit = testKit;
        this.scene = Scene.create(testKit);
    }

    private void with(StoreLimits limits) {
        scene.close();
        scene = Scene.create(testKit, limits);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private TokenCode token(long uses) {
        return scene.kit.await(scene.client(scene.enroller).issueToken(MEMBER, Duration.ofMinutes(1), uses));
    }

    private boolean redeem(Party party, TokenCode code) {
        return scene.kit.await(scene.client(party).redeem(code));
    }

    @Test
    void aStrangerWithACodeBecomesAMember() { // authority, section 10, item 1
        Party stranger = scene.party();
        TokenCode code = scene.kit.await(scene.client(scene.enroller).issueToken(MEMBER));
        AuthorityClient client = scene.client(stranger);

        assertThat(scene.kit.await(client.redeem(code))).isTrue();
        CredentialAndPurposeKey credential = scene.kit.await(client.credential());
        AttestedAttributes said = scene.kit.await(stranger.identity()
                .identities()
                .verifyCredential(credential, stranger.identifier(), Set.of(scene.authority.identifier())));

        assertThat(said.attributes().texts()).isEqualTo(Map.of("role", "member", "trust_context_id", "proj1"));
        assertThat(said.schema()).isEqualTo(1);
        assertThat(said.expiresAt()).isEqualTo(said.createdAt().plus(Duration.ofDays(30)));
    }

    @Test
    void onlyEnrollersMakeTokens() { // authority, section 10, item 2
        Party member = scene.party();
        String text = "Non-enroller is trying to issue an enrollment token";

        isForbidden(scene.client(member).issueToken(MEMBER), text);
        redeem(member, token(1));
        isForbidden(scene.client(member).issueToken(MEMBER), text);
        isForbidden(scene.client(scene.party()).credential(), "unauthorized member");
    }

    @Test
    void aTokenIsGoodForAsManyAsItSays() { // authority, section 10, item 3
        TokenCode one = token(1);
        redeem(scene.party(), one);
        isForbidden(scene.client(scene.party()).redeem(one), UNKNOWN);

        TokenCode two = token(2);
        redeem(scene.party(), two);
        redeem(scene.party(), two);
        isForbidden(scene.client(scene.party()).redeem(two), UNKNOWN);
    }

    @Test
    void aCountOfNoneIsOne() { // authority, section 10, item 3
        Answer answer = scene.answer(
                scene.channel(scene.enroller),
                "enrollment_token_issuer",
                "a4 01 07 02 612f 03 01 04 f5 a2 01 a0 03 00");
        TokenCode code = TokenCode.of(answer.body(Code::readFrom).orElseThrow());

        assertThat(redeem(scene.party(), code)).isTrue();
        isForbidden(scene.client(scene.party()).redeem(code), UNKNOWN);
    }

    @Test
    void aMemberDoesNotUseACodeUp() { // authority, section 10, item 4
        Party member = scene.party();
        redeem(member, token(1));
        TokenCode code = token(1);

        assertThat(redeem(member, code)).isFalse();
        assertThat(redeem(scene.enroller, code)).isFalse();
        assertThat(redeem(scene.party(), code)).isTrue();
    }

    @Test
    void thoseWhoComeAtTheSameTimeGetNoMoreThanThereIs() { // authority, section 10, item 5
        TokenCode code = token(3);
        List<AuthorityClient> clients =
                Stream.generate(scene::party).limit(12).map(scene::client).toList();
        List<CompletionStage<Boolean>> stages = new ArrayList<>();
        clients.forEach(client -> stages.add(client.redeem(code).exceptionally(refused -> false)));

        assertThat(stages.stream().filter(scene.kit::await)).hasSize(3);
    }

    @Test
    void oneWhoComesTwiceAtTheSameTimeUsesOne() { // authority, section 10, item 5
        TokenCode code = token(2);
        Party twice = scene.party();
        AuthorityClient one = scene.client(twice);
        AuthorityClient other = scene.client(twice);
        List<CompletionStage<Boolean>> both = List.of(one.redeem(code), other.redeem(code));

        assertThat(both.stream().map(scene.kit::await)).containsExactlyInAnyOrder(true, false);
        assertThat(redeem(scene.party(), code)).isTrue();
        isForbidden(scene.client(scene.party()).redeem(code), UNKNOWN);
    }

    /** Two nodes of one process; two processes are in ockam.tests.authority.TwoAuthoritiesTest. */
    @Test
    void twoAuthoritiesWithOneStoreShareATokensUses() { // authority, section 10, item 6
        Node second = scene.kit.node("second");
        scene.start(second, options -> options);
        TokenCode code = token(1);
        Party here = scene.party();
        Party there = scene.party();
        AuthorityClient atFirst = scene.client(here);
        AuthorityClient atSecond =
                AuthorityClient.create(scene.kit.channel(second, "api", there, scene.authority), there.identity());
        List<CompletionStage<Boolean>> both = List.of(
                atFirst.redeem(code).exceptionally(refused -> false),
                atSecond.redeem(code).exceptionally(refused -> false));

        assertThat(both.stream().map(scene.kit::await)).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void aTokenEnds() { // authority, section 10, item 7
        AuthorityClient enroller = scene.client(scene.enroller);
        TokenCode never = scene.kit.await(enroller.issueToken(MEMBER, Duration.ZERO, 1));
        isForbidden(scene.client(scene.party()).redeem(never), UNKNOWN);

        TokenCode code = scene.kit.await(enroller.issueToken(MEMBER, Duration.ofSeconds(60), 2));
        scene.clock.goesOn(Duration.ofSeconds(59));
        assertThat(redeem(scene.party(), code)).isTrue();
        scene.clock.goesOn(Duration.ofSeconds(1));
        isForbidden(scene.client(scene.party()).redeem(code), UNKNOWN);
    }

    @Test
    void aLifetimeThatDoesNotFitIsRefused() { // authority, section 10, item 7
        for (String seconds : List.of("8000000000000000", "ffffffffffffffff", "7fffffffffffffff")) {
            Answer answer = scene.answer(
                    scene.channel(scene.enroller),
                    "enrollment_token_issuer",
                    "a4 01 07 02 612f 03 01 04 f5 a2 01 a0 02 1b" + seconds);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.re()).isEqualTo(7);
            assertThat(answer.error()).isEqualTo("the lifetime is too long");
        }
    }

    @Test
    void bodiesThatCannotBeReadAreAnswered() { // authority, section 10, items 8 and 9
        var enroller = scene.channel(scene.enroller);
        Answer token = scene.answer(enroller, "enrollment_token_issuer", "a4 01 07 02 612f 03 01 04 f5 a0");
        Answer code = scene.answer(enroller, "enrollment_token_acceptor", "a4 01 08 02 612f 03 01 04 f4");

        assertThat(token.status()).isEqualTo(400);
        assertThat(token.re()).isEqualTo(7);
        assertThat(code.status()).isEqualTo(400);
        assertThat(code.re()).isEqualTo(8);
        assertThat(redeem(scene.party(), token(1))).isTrue(); // they live on
    }

    @Test
    void theUseOfATokenIsNotLostWhenThereIsNoRoomForTheMember() { // authority, section 10, item 10
        with(StoreLimits.defaults().withMaxMembers(2));
        Party first = scene.party();
        TokenCode code = token(2);
        redeem(first, code);
        Party second = scene.party();

        isForbidden(scene.client(second).redeem(code), "Error adding member using enrollment token");
        scene.kit.await(scene.client(scene.enroller).removeMember(first.identifier()));
        assertThat(redeem(second, code)).isTrue();
    }

    @Test
    void thereIsABoundForTokens() {
        with(StoreLimits.defaults().withMaxTokens(1));
        token(1);

        isRefused(scene.client(scene.enroller).issueToken(MEMBER), Reason.AUTHORITY_FAILED, 500, "too many tokens");
        scene.clock.goesOn(Duration.ofMinutes(1)); // the first one has ended
        token(1);
    }

    @Test
    void everyEnrollerMakesEnrollers() { // authority, section 10, item 11
        Party another = scene.party();
        redeem(another, scene.kit.await(scene.client(scene.enroller).issueToken(ENROLLER)));

        assertThat(redeem(scene.party(), scene.kit.await(scene.client(another).issueToken(ENROLLER))))
                .isTrue();
    }

    @Test
    void anotherSpellingIsNoEnroller() { // authority, section 10, item 19
        Party party = scene.party();
        Attributes other = Attributes.ofTexts(Map.of("ockam-role", "Enroller"));
        redeem(party, scene.kit.await(scene.client(scene.enroller).issueToken(other)));

        isForbidden(scene.client(party).issueToken(MEMBER), "Non-enroller is trying to issue an enrollment token");
    }
}
