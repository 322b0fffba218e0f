// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static ockam.authority.Refusals.isForbidden;
import static ockam.authority.Scene.ENROLLER;
import static ockam.authority.Scene.MEMBER;
import static ockam.authority.Scene.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import ockam.identity.CredentialAndPurposeKey;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An account authority makes admins, who alone may make enrollers if that is so configured (authority, section 2.3). */
@ExtendWith(ActorTestKitExtension.class)
class AdminsTest {
    private static final Duration VALIDITY = Duration.ofSeconds(100);
    private static final String NO_TOKEN = "Not admin is trying to issue an enrollment token for an enroller";

    private final Scene scene;
    private final Party account;

    AdminsTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        account = Party.create(scene.kit.system(), scene.clock);
        scene.kit.await(scene.authority
                .identity()
                .identities()
                .importHistory(account.identity().export()));
        scene.kit.await(scene.running.stop());
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private void withAccount(boolean enforced) {
        scene.start(scene.node, options -> {
            AuthorityOptions some = options.withAccountAuthority(account.identifier());
            return enforced ? some.withEnforcedAdminChecks() : some;
        });
    }

    private AuthorityClient admin(Party who, String project) {
        return scene.client(who, scene.credential(account, who, project, VALIDITY));
    }

    @Test
    void whoMakesEnrollers() { // authority, section 10, item 11
        withAccount(false);
        scene.kit.await(scene.client(scene.enroller).issueToken(ENROLLER));
        scene.kit.await(admin(scene.party(), PROJECT).issueToken(ENROLLER));
    }

    @Test
    void onlyAdminsMakeEnrollersIfThatIsEnforced() { // authority, section 10, items 11 and 18
        withAccount(true);
        Party other = scene.party();
        AuthorityClient enroller = scene.client(scene.enroller);
        AuthorityClient admin = admin(scene.party(), PROJECT);

        isForbidden(enroller.issueToken(ENROLLER), NO_TOKEN);
        isForbidden(
                enroller.addMember(other.identifier(), ENROLLER),
                "Not pre trusted enroller is trying to create an enroller");
        scene.kit.await(admin.issueToken(ENROLLER));
        scene.kit.await(admin.addMember(other.identifier(), ENROLLER));
        isForbidden(enroller.removeMember(other.identifier()), "Not admin is trying to delete an enroller");
        isForbidden(enroller.addMember(other.identifier(), MEMBER), "Not admin is trying to replace an enroller");
        isForbidden(
                scene.client(other).addMember(other.identifier(), MEMBER),
                "Not admin is trying to replace an enroller");
        scene.kit.await(admin.removeMember(other.identifier()));
    }

    @Test
    void anEnrollerDoesNotRemoveOthers() { // authority, section 10, item 18
        withAccount(true);
        Party other = scene.party();
        Party member = scene.party();
        Party adminWithRecord = scene.party();
        AuthorityClient admin = admin(adminWithRecord, PROJECT);
        scene.kit.await(admin.addMember(other.identifier(), ENROLLER));
        scene.kit.await(admin.addMember(member.identifier(), MEMBER));
        scene.kit.await(admin.addMember(adminWithRecord.identifier(), MEMBER));
        AuthorityClient enroller = scene.client(scene.enroller);

        scene.kit.await(enroller.removeAllMembers());

        assertThat(scene.kit.await(enroller.memberIdentifiers()))
                .containsExactlyInAnyOrder(
                        other.identifier(), scene.enroller.identifier(), adminWithRecord.identifier());
        isForbidden(enroller.removeMember(adminWithRecord.identifier()), "Not admin is trying to delete an enroller");
    }

    @Test
    void anAdminMayDoWhatAnEnrollerMay() { // authority, section 10, item 20
        withAccount(true);
        AuthorityClient admin = admin(scene.party(), PROJECT);

        scene.kit.await(admin.issueToken(MEMBER));
        assertThat(scene.kit.await(admin.memberIdentifiers())).containsExactly(scene.enroller.identifier());
    }

    @Test
    void anAdminOfAnotherProjectIsNone() { // authority, section 10, item 20
        withAccount(true);

        isForbidden(
                admin(scene.party(), "another").issueToken(MEMBER),
                "Non-enroller is trying to issue an enrollment token");
    }

    @Test
    void theCredentialOfAnAdmin() { // authority, section 10, item 20
        withAccount(true);
        Party who = scene.party();
        AuthorityClient admin = admin(who, PROJECT);
        Map<String, String> expected =
                Map.of("trust_context_id", PROJECT, "ockam-relay", "*", "ockam-tls-certificate", "true");

        assertThat(attributes(who, scene.kit.await(admin.credential()))).isEqualTo(expected);
        scene.kit.await(admin.addMember(who.identifier(), MEMBER));
        assertThat(attributes(who, scene.kit.await(admin.credential()))).isEqualTo(expected);
    }

    private Map<String, String> attributes(Party who, CredentialAndPurposeKey credential) {
        return scene.kit
                .await(who.identity()
                        .identities()
                        .verifyCredential(credential, who.identifier(), Set.of(scene.authority.identifier())))
                .attributes()
                .texts();
    }

    @Test
    void anAdminIsOneUntilItsCredentialEnds() { // authority, section 10, item 20
        withAccount(true);
        AuthorityClient admin = admin(scene.party(), PROJECT);
        scene.kit.await(admin.memberIdentifiers());

        scene.clock.goesOn(VALIDITY);

        isForbidden(admin.memberIdentifiers(), "Non-enroller is trying to list members");
        isForbidden(admin.credential(), "unauthorized member");
    }

    @Test
    void withoutAnAccountAuthorityItsCredentialsMeanNothing() {
        scene.start(scene.node, options -> options);

        isForbidden(
                admin(scene.party(), PROJECT).issueToken(MEMBER),
                "Non-enroller is trying to issue an enrollment token");
    }
}
