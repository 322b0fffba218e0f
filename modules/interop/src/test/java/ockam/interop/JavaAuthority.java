// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static ockam.interop.Patience.await;

import akka.util.ByteString;
import java.time.Duration;
import ockam.authority.AuthorityClient;
import ockam.authority.AuthorityNode;
import ockam.authority.AuthorityOptions;
import ockam.authority.PreTrusted;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.InMemoryStore;
import ockam.node.Node;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Identifier;

/** The authority of this library, and an enroller of it, on the same node. */
final class JavaAuthority implements Authority {
    private static final String PROJECT = "garden";

    private final Party party;
    private final AuthorityNode authority;
    private final TcpListener listener;
    private final AuthorityClient enroller;

    JavaAuthority(OckamTestKit kit, Duration validity) {
        Node node = kit.node("authority");
        party = Party.create(kit.system()); // its key for credentials stays, which the kit does not expect
        Party first = kit.party();
        authority = await(AuthorityNode.create(
                node,
                party.identity(),
                InMemoryStore.create(party.vault()),
                AuthorityOptions.forProject(PROJECT)
                        .withPreTrusted(PreTrusted.enroller(first.identifier()))
                        .withCredentialValidity(validity)));
        listener = await(TcpTransport.create(node)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(authority.listener())));
        enroller = AuthorityClient.create(
                kit.channel(node, authority.listener().address().toString(), first, party), first.identity());
    }

    @Override
    public Identifier identifier() {
        return party.identifier();
    }

    @Override
    public ByteString history() {
        return party.identity().export();
    }

    @Override
    public String port() {
        return listener.hostAndPort();
    }

    @Override
    public Address listener() {
        return authority.listener().address();
    }

    @Override
    public void member(Identifier who, Attributes attributes) {
        await(enroller.addMember(who, attributes));
    }

    @Override
    public Attributes said(Attributes attributes) {
        return KnownAuthority.ofProject(PROJECT, attributes);
    }

    @Override
    public CredentialAndPurposeKey issue(Identifier subject, Attributes attributes, Duration validity) {
        return await(party.identity()
                .identities()
                .issueCredential(party.identity(), CredentialOptions.of(subject, attributes, validity)));
    }
}
