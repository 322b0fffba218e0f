// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import java.util.Objects;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.identity.Identity;
import ockam.identity.TrustPolicy;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the authority is that a command asks. */
final class AuthorityOption {
    @Option(names = "--to", required = true, description = "Where the authority listens, such as 127.0.0.1:4000.")
    private String to = "";

    @Option(names = "--expect", required = true, description = "The identifier that the authority must prove.")
    private @Nullable Identifier expect;

    /** Connects to it: done before an identity is made, of which nobody would know if nobody is there. */
    Route connect(Running running) {
        return OckamNode.await(running.tcp().connect(to)).route("api");
    }

    SecureChannel channel(Running running, Route route, Identity identity) {
        return OckamNode.await(SecureChannel.create(
                running.node(),
                route,
                identity,
                SecureChannelOptions.trusting(TrustPolicy.identifier(Objects.requireNonNull(expect)))));
    }

    /** The way to it, as tickets have it. */
    String multiAddr() {
        return multiAddr(to);
    }

    static String multiAddr(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(hostAndPort + " is no host and port, such as 127.0.0.1:4000");
        }
        String host = hostAndPort.substring(0, colon);
        return host(host) + "/tcp/" + hostAndPort.substring(colon + 1) + "/service/api";
    }

    private static String host(String host) {
        return host.startsWith("[") && host.endsWith("]")
                ? "/ip6/" + host.substring(1, host.length() - 1)
                : (host.matches("[0-9.]+") ? "/ip4/" : "/dnsaddr/") + host;
    }
}
