// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.util.ByteString;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import ockam.channel.SecureChannel;
import ockam.fixtures.Hex;
import ockam.fixtures.MutableClock;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.InMemoryStore;
import ockam.identity.Store;
import ockam.identity.StoreLimits;
import ockam.node.Node;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.vault.Vault;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Route;

/** An authority on a node, an enroller that it trusts from the start, and others who come by channels. */
final class Scene implements AutoCloseable {
    static final String PROJECT = "proj1";
    static final Attributes MEMBER = Attributes.ofTexts(Map.of("role", "member"));
    static final Attributes ENROLLER = Attributes.ofTexts(Map.of("ockam-role", "enroller"));

    final MutableClock clock = new MutableClock();
    final OckamTestKit kit;
    final Node node;
    final Party authority;
    final HeldStore store;
    final Party enroller;
    final AuthorityNode running;

    private Scene(ActorTestKit testKit, Function<Vault, Store> kept, UnaryOperator<AuthorityOptions> change) {
        kit = OckamTestKit.create(testKit);
        node = kit.node("authority");
        authority = Party.create(kit.system(), clock); // its key for credentials stays, which the kit does not expect
        store = new HeldStore(kept.apply(authority.vault()));
        enroller = party();
        running = start(node, change);
    }

    static Scene create(ActorTestKit testKit) {
        return new Scene(testKit, InMemoryStore::create, UnaryOperator.identity());
    }

    static Scene create(ActorTestKit testKit, UnaryOperator<AuthorityOptions> change) {
        return new Scene(testKit, InMemoryStore::create, change);
    }

    static Scene create(ActorTestKit testKit, StoreLimits limits) {
        return new Scene(testKit, vault -> InMemoryStore.create(vault, limits), UnaryOperator.identity());
    }

    static Scene create(ActorTestKit testKit, Store store) {
        return new Scene(testKit, vault -> store, UnaryOperator.identity());
    }

    /** Starts the authority on a node, with its enroller. */
    AuthorityNode start(Node on, UnaryOperator<AuthorityOptions> change) {
        AuthorityOptions options =
                AuthorityOptions.forProject(PROJECT).withPreTrusted(PreTrusted.enroller(enroller.identifier()));
        return kit.await(AuthorityNode.create(on, authority.identity(), store, change.apply(options), clock));
    }

    Party party() {
        return kit.with(Party.create(kit.system(), clock));
    }

    SecureChannel channel(Party from) {
        return kit.channel(node, "api", from, authority);
    }

    /** A client with a channel of its own. */
    AuthorityClient client(Party who) {
        return AuthorityClient.create(channel(who), who.identity());
    }

    /** A client of the same authority on another node. */
    AuthorityClient client(Node on, Party who) {
        return AuthorityClient.create(kit.channel(on, "api", who, authority), who.identity());
    }

    /** A client that presents what an account authority says. */
    AuthorityClient client(Party who, CredentialAndPurposeKey credential) {
        return AuthorityClient.create(
                kit.await(SecureChannel.create(
                        node,
                        Route.parse("api"),
                        who.identity(),
                        authority.channelOptions().withCredential(credential))),
                who.identity());
    }

    CredentialAndPurposeKey credential(Party by, Party subject, String project, Duration validity) {
        return kit.await(by.identity()
                .identities()
                .issueCredential(
                        by.identity(),
                        CredentialOptions.of(
                                subject.identifier(), Attributes.ofTexts(Map.of("project", project)), validity)));
    }

    /** What the authority answers to these bytes, header and body without the length. */
    Answer answer(SecureChannel channel, String service, String content) {
        return answer(channel, service, Hex.string(content));
    }

    Answer answer(SecureChannel channel, String service, ByteString content) {
        return Answer.decode(kit.await(node.ask(
                                channel.route(service), Codec.bytes(), Codec.bytes(), Incoming.wrapped(content)))
                        .body())
                .orElseThrow();
    }

    @Override
    public void close() {
        kit.close();
    }
}
