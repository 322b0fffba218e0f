// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static ockam.authority.Refusals.isForbidden;
import static ockam.authority.Scene.MEMBER;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.channel.HandshakeException;
import ockam.channel.SecureChannels;
import ockam.identity.CredentialAndPurposeKey;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.MemoryTransport;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each request has a channel of its own, which is closed whatever the answer is (authority, section 7). */
@ExtendWith(ActorTestKitExtension.class)
class RemoteCredentialsTest {
    private static final Route API = Route.of("api");

    private final Scene scene;
    private final Node members;
    private final Party member;
    private @Nullable Connection connection;

    RemoteCredentialsTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        members = scene.kit.node("member");
        member = scene.party();
        AuthorityClient enroller = scene.client(scene.enroller);
        scene.kit.await(enroller.addMember(member.identifier(), MEMBER));
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private CompletionStage<Connection> connect() {
        MemoryTransport.Link link = MemoryTransport.create().connect(members, scene.node);
        scene.node.allow(Address.of("api")).from(link.second());
        connection = link.first();
        return CompletableFuture.completedStage(link.first());
    }

    private RemoteCredentials over(Supplier<CompletionStage<Connection>> connect, Party who, Identifier authority) {
        return RemoteCredentials.over(members, connect, API, who.identity(), authority);
    }

    private void isOfTheMember(CredentialAndPurposeKey credential) {
        Map<String, String> said = scene.kit
                .await(member.identity()
                        .identities()
                        .verifyCredential(credential, member.identifier(), Set.of(scene.authority.identifier())))
                .attributes()
                .texts();
        assertThat(said).containsEntry("role", "member");
    }

    private void noChannelIsLeft() {
        scene.kit.eventually(() ->
                assertThat(SecureChannels.get(scene.kit.system()).list(members)).isEmpty());
        scene.kit.eventually(() -> assertThat(
                        SecureChannels.get(scene.kit.system()).list(scene.node))
                .allMatch(channel -> channel.peer().identifier().equals(scene.enroller.identifier())
                        || channel.me().equals(scene.enroller.identifier())));
    }

    private void nothingIsLeft() {
        noChannelIsLeft();
        scene.kit.await(Objects.requireNonNull(connection).whenClosed());
    }

    @Test
    void eachRequestHasAConnectionOfItsOwn() {
        RemoteCredentials source = over(this::connect, member, scene.authority.identifier());

        isOfTheMember(scene.kit.await(source.get()));
        nothingIsLeft();
        Connection first = connection;
        isOfTheMember(scene.kit.await(source.get()));
        nothingIsLeft();
        assertThat(connection).isNotSameAs(first);
    }

    @Test
    void eachRequestHasAChannelAlongTheSameRoute() {
        RemoteCredentials source =
                RemoteCredentials.along(scene.node, API, member.identity(), scene.authority.identifier());

        isOfTheMember(scene.kit.await(source.get()));
        noChannelIsLeft();
        isOfTheMember(scene.kit.await(source.get()));
        noChannelIsLeft();
    }

    @Test
    void whatTheAuthorityRefusesIsTheFailure() {
        isForbidden(
                over(this::connect, scene.party(), scene.authority.identifier()).get(), "unauthorized member");
        nothingIsLeft();
    }

    @Test
    void nobodyElseIsAsked() {
        Identifier another = scene.party().identifier();

        scene.kit.expectRefused(over(this::connect, member, another).get(), HandshakeException.Reason.POLICY_REFUSED);
        nothingIsLeft();
    }

    @Test
    void aWayThatFailsIsTheFailure() {
        IllegalStateException why = new IllegalStateException("no way");

        assertThat(scene.kit.expectFailed(
                        over(() -> CompletableFuture.failedStage(why), member, scene.authority.identifier())
                                .get(),
                        IllegalStateException.class))
                .isSameAs(why);
        assertThat(scene.kit.expectFailed(
                        over(
                                        () -> {
                                            throw why;
                                        },
                                        member,
                                        scene.authority.identifier())
                                .get(),
                        IllegalStateException.class))
                .isSameAs(why);
        noChannelIsLeft();
    }
}
