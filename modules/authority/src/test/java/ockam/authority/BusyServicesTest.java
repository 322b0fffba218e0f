// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static ockam.authority.Refusals.isForbidden;
import static ockam.authority.Refusals.isRefused;
import static ockam.authority.Scene.MEMBER;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ockam.authority.AuthorityException.Reason;
import ockam.identity.CredentialAndPurposeKey;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Services with more requests than they work on at the same time, and a store that fails. */
@ExtendWith(ActorTestKitExtension.class)
class BusyServicesTest {
    private static final int STRANGERS = 8;
    private static final int PER_PEER = 16;

    private final Scene scene;

    BusyServicesTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
    }

    @AfterEach
    void end() {
        scene.store.release();
        scene.close();
    }

    @Test
    void strangersDoNotHoldUpMembers() {
        Party member = scene.party();
        scene.kit.await(scene.client(scene.enroller).addMember(member.identifier(), MEMBER));
        AuthorityClient client = scene.client(member);
        scene.kit.await(client.credential());
        List<AuthorityClient> strangers = Stream.generate(scene::party)
                .limit(STRANGERS + 2)
                .map(scene::client)
                .toList();
        scene.store.hold(true);
        List<CompletionStage<CredentialAndPurposeKey>> waiting =
                strangers.stream().map(AuthorityClient::credential).toList();
        scene.kit.eventually(() -> assertThat(scene.store.held()).isEqualTo(STRANGERS));
        scene.store.hold(false);

        scene.kit.await(client.credential());
        assertThat(waiting).noneMatch(stage -> stage.toCompletableFuture().isDone());
        scene.store.release();
        waiting.forEach(stage -> isForbidden(stage, "unauthorized member"));
    }

    @Test
    void onePeerHasNoMoreThanSoManyRequests() {
        AuthorityClient client = scene.client(scene.enroller);
        scene.store.hold(true);
        List<CompletionStage<CredentialAndPurposeKey>> some =
                IntStream.range(0, PER_PEER).mapToObj(i -> client.credential()).toList();

        isRefused(client.credential(), Reason.AUTHORITY_FAILED, 500, "too many requests");
        assertThat(scene.store.held()).isOne();
        scene.store.release();
        some.forEach(scene.kit::await);
    }

    @Test
    void aStoreThatFailsIsNobodysFault() {
        Party member = scene.party();
        AuthorityClient enroller = scene.client(scene.enroller);
        AuthorityClient client = scene.client(member);
        var code = scene.kit.await(enroller.issueToken(MEMBER));
        scene.store.fail(true);

        isForbidden(client.redeem(code), "Error adding member using enrollment token");
        isForbidden(enroller.addMember(member.identifier(), MEMBER), "Error adding member");
        for (CompletionStage<?> stage : List.of(
                client.credential(), enroller.issueToken(MEMBER), enroller.members(), enroller.removeAllMembers())) {
            isRefused(stage, Reason.AUTHORITY_FAILED, 500, "internal error");
        }

        scene.store.fail(false);
        assertThat(scene.kit.await(client.redeem(code))).isTrue(); // its use was not lost
    }
}
