// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static ockam.authority.Scene.MEMBER;
import static ockam.authority.Scene.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import ockam.identity.AttestedAttributes;
import ockam.identity.PurposeKeyAttestation;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Attributes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What credentials say, and for how long (authority, section 4). */
@ExtendWith(ActorTestKitExtension.class)
class CredentialsOfMembersTest {
    private final Scene scene;
    private final Party alice;

    CredentialsOfMembersTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        alice = scene.party();
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private void add(Attributes attributes) {
        scene.kit.await(scene.client(scene.enroller).addMember(alice.identifier(), attributes));
    }

    private AttestedAttributes said() {
        return scene.kit.await(scene.client(alice)
                .credential()
                .thenCompose(credential -> alice.identity()
                        .identities()
                        .verifyCredential(credential, alice.identifier(), Set.of(scene.authority.identifier()))));
    }

    private void again(UnaryOperator<AuthorityOptions> change) {
        scene.kit.await(scene.running.stop());
        scene.start(scene.node, change);
    }

    @Test
    void theRecordOfAMemberWins() {
        add(Attributes.ofTexts(Map.of("trust_context_id", "mine", "role", "member")));

        assertThat(said().attributes().texts()).isEqualTo(Map.of("trust_context_id", "mine", "role", "member"));
    }

    @Test
    void theTrustContextCanBeLeftOut() {
        add(MEMBER);
        assertThat(said().attributes().texts()).isEqualTo(Map.of("trust_context_id", PROJECT, "role", "member"));

        again(AuthorityOptions::withoutTrustContext);
        assertThat(said().attributes()).isEqualTo(MEMBER);
    }

    @Test
    void anotherValidity() {
        add(MEMBER);
        again(options -> options.withCredentialValidity(Duration.ofSeconds(7)));

        AttestedAttributes said = said();
        assertThat(said.expiresAt()).isEqualTo(said.createdAt().plus(Duration.ofSeconds(7)));
    }

    @Test
    void credentialsOutliveNoKey() { // authority, section 10, item 24
        add(MEMBER);
        AuthorityClient client = scene.client(alice);
        PurposeKeyAttestation first = scene.kit.await(client.credential()).purposeKey();
        scene.clock.goesOn(Duration.ofDays(5 * 365 - 29));

        AuthorityClient later = scene.client(alice);
        assertThat(scene.kit.await(later.credential()).purposeKey()).isNotEqualTo(first); // and it was verified
    }
}
