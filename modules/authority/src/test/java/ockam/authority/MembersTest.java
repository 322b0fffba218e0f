// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static ockam.authority.Refusals.isForbidden;
import static ockam.authority.Refusals.isRefused;
import static ockam.authority.Scene.ENROLLER;
import static ockam.authority.Scene.MEMBER;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.util.ByteString;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import ockam.authority.AuthorityException.Reason;
import ockam.channel.SecureChannel;
import ockam.fixtures.LogLines;
import ockam.identity.Member;
import ockam.identity.Members;
import ockam.identity.Timestamp;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Members are added, shown, listed and removed (authority, sections 2 and 5). */
@ExtendWith(ActorTestKitExtension.class)
class MembersTest {
    private static final Attributes OTHER = Attributes.ofTexts(Map.of("role", "other"));
    private static final String PRE_TRUSTED = "Enroller is trying to delete a pre trusted identity";

    private final Scene scene;
    private final Party alice;
    private final AuthorityClient enroller;

    MembersTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        alice = scene.party();
        enroller = scene.client(scene.enroller);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private Optional<Attributes> shown(Identifier member) {
        return scene.kit.await(enroller.member(member)).map(MemberEntry::attributes);
    }

    @Test
    void membersComeAndGo() { // authority, section 10, item 15
        scene.kit.await(enroller.addMember(alice.identifier(), MEMBER));
        scene.clock.goesOn(Duration.ofSeconds(5));
        scene.kit.await(enroller.addMember(alice.identifier(), OTHER));

        MemberEntry entry = new MemberEntry(OTHER, Timestamp.of(scene.clock.instant()), scene.enroller.identifier());
        assertThat(scene.kit.await(enroller.member(alice.identifier()))).contains(entry);
        assertThat(scene.kit.await(enroller.members()))
                .containsEntry(alice.identifier(), entry)
                .containsOnlyKeys(alice.identifier(), scene.enroller.identifier());
        assertThat(scene.kit.await(enroller.memberIdentifiers()))
                .containsExactlyInAnyOrder(alice.identifier(), scene.enroller.identifier());

        scene.kit.await(enroller.removeMember(alice.identifier()));
        scene.kit.await(enroller.removeMember(alice.identifier()));
        assertThat(shown(alice.identifier())).isEmpty();
        assertThat(scene.answer(scene.channel(scene.enroller), "direct_authenticator", show("/" + alice.identifier()))
                        .error())
                .isEqualTo("Member " + alice.identifier() + " not found");
    }

    private static ByteString show(String path) {
        return Request.of(7, Method.GET, path, null).content();
    }

    @Test
    void whoIsNoEnrollerMayDoNothing() { // authority, section 10, item 16
        scene.kit.await(enroller.addMember(alice.identifier(), MEMBER));
        for (Party party : List.of(alice, scene.party())) {
            AuthorityClient client = scene.client(party);
            String add = "Non-enroller " + party.identifier() + " is trying to add a member " + alice.identifier();

            isForbidden(client.addMember(alice.identifier(), MEMBER), add);
            isForbidden(client.member(alice.identifier()), "Non-enroller is trying to retrieve a member");
            isForbidden(client.members(), "Non-enroller is trying to list members");
            isForbidden(client.memberIdentifiers(), "Non-enroller is trying to list members");
            isForbidden(client.removeMember(alice.identifier()), "Non-enroller is trying to delete a member");
            isForbidden(client.removeAllMembers(), "Non-enroller is trying to list members");
        }
        assertThat(shown(alice.identifier())).contains(MEMBER);
    }

    @Test
    void preTrustedMembersStayAsTheyAre() { // authority, section 10, item 17
        Identifier own = scene.enroller.identifier();

        isForbidden(enroller.removeMember(own), PRE_TRUSTED);
        isForbidden(enroller.addMember(own, MEMBER), "Enroller is trying to replace a pre trusted identity");
        assertThat(shown(own)).contains(ENROLLER);
    }

    @Test
    void aStartWritesWhatIsConfigured() { // authority, section 2.2; authority, section 10, item 17
        Identifier own = scene.enroller.identifier();
        Party before = scene.party();
        scene.kit.await(scene.running.stop());
        scene.kit.await(scene.store.run(unit -> {
            unit.members()
                    .put(new Member(
                            scene.authority.identifier(),
                            own,
                            MEMBER,
                            own,
                            Timestamp.of(scene.clock.instant()),
                            false));
            unit.members()
                    .put(new Member(
                            scene.authority.identifier(),
                            before.identifier(),
                            MEMBER,
                            own,
                            Timestamp.of(scene.clock.instant()),
                            true));
            return true;
        }));

        AuthorityNode again = scene.start(scene.node, options -> options);
        AuthorityClient client = scene.client(scene.enroller);

        assertThat(scene.kit.await(client.member(own)).map(MemberEntry::attributes))
                .contains(ENROLLER);
        assertThat(scene.kit.await(client.member(before.identifier()))).isEmpty();
        assertThat(again.identity().identifier()).isEqualTo(scene.authority.identifier());
    }

    @Test
    void allAreRemovedWhoMayBe() { // authority, section 5.3
        Party another = scene.party();
        scene.kit.await(enroller.addMember(another.identifier(), ENROLLER));
        scene.kit.await(enroller.addMember(alice.identifier(), MEMBER));

        scene.kit.await(scene.client(another).removeAllMembers());

        assertThat(scene.kit.await(enroller.memberIdentifiers()))
                .containsExactlyInAnyOrder(another.identifier(), scene.enroller.identifier());
    }

    @Test
    void whoIsNoEnrollerAnyMoreRemovesNoMore() { // authority, section 5.3
        Party another = scene.party();
        scene.kit.await(enroller.addMember(another.identifier(), ENROLLER));
        put(150, MEMBER);
        AuthorityClient client = scene.client(another);
        scene.store.hold(true);
        CompletionStage<Done> answer = client.removeAllMembers();
        for (int unit = 1; unit <= 2; unit++) { // it reads the first members, and removes them
            int held = unit;
            scene.kit.eventually(() -> assertThat(scene.store.held()).isEqualTo(held));
            scene.store.step();
        }
        scene.kit.eventually(() -> assertThat(scene.store.held()).isEqualTo(3));
        scene.store.hold(false);
        scene.kit.await(enroller.addMember(another.identifier(), MEMBER));

        scene.store.release();
        isForbidden(answer, "Non-enroller is trying to list members");
        assertThat(scene.kit.await(enroller.memberIdentifiers())).hasSizeBetween(52, 53);
    }

    @Test
    void aRemovalIsLoggedWhenItIsDone() {
        scene.kit.await(enroller.addMember(alice.identifier(), MEMBER));
        try (LogLines lines = LogLines.of(DirectAuthenticator.class)) {
            scene.store.lose(true);
            isRefused(enroller.removeMember(alice.identifier()), Reason.AUTHORITY_FAILED, 500, "internal error");
            assertThat(lines.texts()).isEmpty();

            scene.store.lose(false);
            scene.kit.await(enroller.removeMember(alice.identifier()));
            scene.kit.await(enroller.removeMember(alice.identifier())); // nobody
            assertThat(lines.texts())
                    .containsExactly(scene.enroller.identifier() + " has removed " + alice.identifier());
        }
    }

    @Test
    void whoIsRemovedGetsNoMoreCredentials() { // authority, section 10, item 26
        scene.kit.await(enroller.addMember(alice.identifier(), MEMBER));
        AuthorityClient client = scene.client(alice);
        scene.kit.await(client.credential());
        scene.kit.await(enroller.removeMember(alice.identifier()));

        isForbidden(client.credential(), "unauthorized member");
    }

    @Test
    void pathsInOtherForms() { // authority, section 10, item 21
        scene.kit.await(enroller.addMember(alice.identifier(), MEMBER));
        SecureChannel channel = scene.channel(scene.enroller);
        String upper = "I" + alice.identifier().toString().substring(1).toUpperCase(Locale.ROOT);

        for (String path : List.of("//member_ids", "members", "//", "", "/members/" + alice.identifier(), upper)) {
            assertThat(scene.answer(channel, "direct_authenticator", show(path)).status())
                    .as("%s", path)
                    .isEqualTo(200);
        }
        for (String path :
                List.of("/members/", "/foo", alice.identifier().toString().substring(1))) {
            Answer answer = scene.answer(channel, "direct_authenticator", show(path));
            assertThat(answer.status()).as("%s", path).isEqualTo(400);
            assertThat(answer.error()).isEqualTo("the path names no identifier");
        }
        for (String path : List.of("/a/b/c", "/a/b/c/d/e/f", "/members/a/b")) {
            assertThat(scene.answer(channel, "direct_authenticator", show(path)).error())
                    .as("%s", path)
                    .isEqualTo("unknown path");
        }
        assertThat(scene.answer(
                                channel,
                                "direct_authenticator",
                                Request.of(7, Method.DELETE, "/", null).content())
                        .error())
                .isEqualTo("the path names no identifier");
    }

    private void put(int count, Attributes attributes) {
        scene.kit.await(scene.store.run(unit -> {
            for (int i = 0; i < count; i++) {
                byte[] bytes = new byte[Identifier.LENGTH];
                bytes[0] = (byte) (i >> 8);
                bytes[1] = (byte) i;
                unit.members()
                        .put(new Member(
                                scene.authority.identifier(),
                                Identifier.of(ByteString.fromArray(bytes)),
                                attributes,
                                scene.enroller.identifier(),
                                Timestamp.of(scene.clock.instant()),
                                false));
            }
            return count;
        }));
    }

    @Test
    void moreThanAreListedAtOnceAreListedAndRemoved() {
        put(2 * Members.MAX_LISTED, MEMBER);

        assertThat(scene.kit.await(enroller.members())).hasSize(2 * Members.MAX_LISTED + 1);
        assertThat(scene.kit.await(enroller.memberIdentifiers())).hasSize(2 * Members.MAX_LISTED + 1);
        scene.kit.await(enroller.removeAllMembers());
        assertThat(scene.kit.await(enroller.memberIdentifiers())).containsExactly(scene.enroller.identifier());
    }

    @Test
    void aListThatIsTooLongIsRefused() {
        put(300, Attributes.ofTexts(Map.of("a", "x".repeat(8_000))));

        isRefused(enroller.members(), Reason.AUTHORITY_FAILED, 500, "the list of members is too long");
        assertThat(scene.kit.await(enroller.memberIdentifiers())).hasSize(301);
    }

    @Test
    void itMayLiveAtAnotherAddress() {
        var node = scene.kit.node("elsewhere");
        scene.start(node, options -> options.withDirectAuthenticator(Address.of("members")));
        SecureChannel channel = scene.kit.channel(node, "api", scene.enroller, scene.authority);
        AuthorityClient client = AuthorityClient.create(channel, scene.enroller.identity())
                .withDirectAuthenticator(Address.of("members"));

        assertThat(scene.kit.await(client.memberIdentifiers())).contains(scene.enroller.identifier());
    }

    @Test
    void whatDoesNotFitIntoACredentialIsRefused() {
        Map<String, String> most = new HashMap<>();
        for (int i = 0; i < Attributes.MAX_ENTRIES; i++) {
            most.put("a" + i, "");
        }

        isRefused(
                enroller.addMember(alice.identifier(), Attributes.ofTexts(most)),
                Reason.BAD_REQUEST,
                400,
                "too many attributes for a credential");
        isRefused(
                enroller.issueToken(Attributes.ofTexts(most)),
                Reason.BAD_REQUEST,
                400,
                "too many attributes for a credential");
    }
}
