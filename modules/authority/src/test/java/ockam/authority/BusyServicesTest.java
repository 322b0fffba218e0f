// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static ockam.authority.Refusals.isForbidden;
import static ockam.authority.Refusals.isRefused;
import static ockam.authority.Scene.MEMBER;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ockam.authority.AuthorityException.Reason;
import ockam.identity.CredentialAndPurposeKey;
import ockam.node.Node;
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
    private static final String NO_MEMBER = "unauthorized member";
    private static final String NO_ENROLLER = "Non-enroller is trying to list members";

    private final Scene scene;

    BusyServicesTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
    }

    @AfterEach
    void end() {
        scene.store.release();
        scene.close();
    }

    private Party member() {
        Party member = scene.party();
        scene.kit.await(scene.client(scene.enroller).addMember(member.identifier(), MEMBER));
        return member;
    }

    /** More strangers ask for something than are worked on, and nobody of them gets an answer before this has run. */
    private void whileStrangersWait(
            Node on, Function<AuthorityClient, CompletionStage<?>> request, String refusal, Runnable action) {
        List<AuthorityClient> strangers = Stream.generate(scene::party)
                .limit(STRANGERS + 2)
                .map(stranger -> scene.client(on, stranger))
                .toList();
        scene.store.hold(true);
        List<? extends CompletionStage<?>> waiting =
                strangers.stream().map(request).toList();
        scene.kit.eventually(() -> assertThat(scene.store.held()).isEqualTo(STRANGERS));
        scene.store.hold(false);

        action.run();

        assertThat(waiting).noneMatch(stage -> stage.toCompletableFuture().isDone());
        scene.store.release();
        waiting.forEach(stage -> isForbidden(stage, refusal));
    }

    private void whileStrangersWait(Runnable action) {
        whileStrangersWait(scene.node, AuthorityClient::credential, NO_MEMBER, action);
    }

    @Test
    void strangersDoNotHoldUpMembers() {
        AuthorityClient client = scene.client(member());

        whileStrangersWait(() -> scene.kit.await(client.credential()));
    }

    @Test
    void norThoseWhoCameWithACode() {
        var code = scene.kit.await(scene.client(scene.enroller).issueToken(MEMBER));
        AuthorityClient client = scene.client(scene.party());
        scene.kit.await(client.redeem(code));

        whileStrangersWait(() -> scene.kit.await(client.credential()));
    }

    @Test
    void norAfterAStart() {
        Party member = member();
        Node again = scene.kit.node("again");
        scene.start(again, options -> options);
        AuthorityClient client = scene.client(again, member);

        whileStrangersWait(again, AuthorityClient::credential, NO_MEMBER, () -> scene.kit.await(client.credential()));
    }

    @Test
    void norAfterTheStoreHasFailed() {
        AuthorityClient client = scene.client(member());
        scene.store.fail(true);
        isRefused(client.credential(), Reason.AUTHORITY_FAILED, 500, "internal error");
        scene.store.fail(false);

        whileStrangersWait(() -> scene.kit.await(client.credential()));
    }

    @Test
    void norMembersWhoAskForWhatTheyMayNot() {
        AuthorityClient client = scene.client(member());
        isForbidden(client.memberIdentifiers(), NO_ENROLLER);

        whileStrangersWait(
                scene.node,
                AuthorityClient::memberIdentifiers,
                NO_ENROLLER,
                () -> isForbidden(client.memberIdentifiers(), NO_ENROLLER));
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
