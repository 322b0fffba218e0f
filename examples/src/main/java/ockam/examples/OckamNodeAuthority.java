// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import ockam.authority.AuthorityNode;
import ockam.authority.AuthorityOptions;
import ockam.authority.PreTrusted;
import ockam.identity.Identity;
import ockam.identity.InMemoryStore;
import ockam.identity.Store;
import ockam.store.OckamStore;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs an authority until it is interrupted. Without a store, it then forgets its members and tokens. */
@Command(name = "authority", description = "Run an authority. Without --store, it forgets its members when it ends.")
final class OckamNodeAuthority implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private IdentityOption identityOption = new IdentityOption();

    @Mixin
    private StoreOption storeOption = new StoreOption();

    @Mixin
    private PortOption port = new PortOption();

    @Option(names = "--project", defaultValue = "project", description = "The id of the project of the members.")
    private String project = "";

    @Option(
            names = "--trusted",
            description = {
                "A file with members that it has from the start, in JSON;",
                "also with --store, only as long as each start names them."
            })
    private Path trusted = Path.of("");

    @Option(
            names = "--enroller",
            description = {
                "An identifier that may make tickets from the start;",
                "also with --store, only as long as each start names it."
            })
    private List<Identifier> enrollers = List.of();

    @Override
    public Integer call() {
        if (storeOption.isGiven() && identityOption.isGiven()) {
            throw new ParameterException(
                    spec.commandLine(), "--identity and --store exclude each other: the store has the identity, too");
        }
        PreTrusted preTrusted = preTrusted();
        Running running = Running.start("authority", storeOption.settings());
        AuthorityNode authority = storeOption.isGiven() ? kept(running, preTrusted) : forgetful(running, preTrusted);
        Identity identity = authority.identity();
        TcpListener listener = OckamNode.await(running.tcp()
                .listen(port.hostAndPort(), TcpListenerOptions.defaults().withConsumer(authority.listener())));

        System.out.println("LISTENING " + listener.hostAndPort());
        System.out.println("IDENTIFIER " + identity.identifier());
        System.out.println(
                "HISTORY " + HexFormat.of().formatHex(identity.export().toArray()));
        OckamNode.await(running.system().getWhenTerminated());
        return 0;
    }

    /** With everything in its store: the same authority at each start. */
    private AuthorityNode kept(Running running, PreTrusted preTrusted) {
        OckamStore store = OckamStore.get(running.system());
        return authority(
                running, OckamNode.await(store.identity("authority")), OckamNode.await(store.store()), preTrusted);
    }

    /** With members and tokens in memory. */
    private AuthorityNode forgetful(Running running, PreTrusted preTrusted) {
        Identity identity = running.identity(identityOption);
        return authority(
                running, identity, InMemoryStore.create(identity.identities().vault()), preTrusted);
    }

    private AuthorityNode authority(Running running, Identity identity, Store store, PreTrusted preTrusted) {
        return OckamNode.await(AuthorityNode.create(
                running.node(),
                identity,
                store,
                AuthorityOptions.forProject(project).withPreTrusted(preTrusted)));
    }

    private PreTrusted preTrusted() {
        PreTrusted ofFile = trusted.toString().isEmpty() ? PreTrusted.none() : read();
        PreTrusted all = ofFile;
        for (Identifier enroller : enrollers) {
            if (ofFile.members().containsKey(enroller)) {
                throw new ParameterException(
                        spec.commandLine(), "--enroller " + enroller + ": --trusted names it too, and says what it is");
            }
            all = all.with(enroller, Attributes.ofTexts(Map.of("ockam-role", "enroller")));
        }
        return all;
    }

    private PreTrusted read() {
        try {
            return PreTrusted.read(trusted);
        } catch (IOException | IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--trusted: " + Explanation.said(e), e);
        }
    }
}
