// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import java.util.concurrent.Callable;
import ockam.node.Connection;
import ockam.node.Relay;
import ockam.node.Worker;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.wire.Address;
import ockam.wire.Route;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Passes on to another node what comes in at a relay, until it is interrupted. */
@Command(name = "relay", description = "Pass on to another node what comes in at forward.")
final class OckamNodeRelay implements Callable<Integer> {
    @Mixin
    private PortOption port = new PortOption();

    @Option(names = "--to", required = true, description = "Where the other node listens, such as 127.0.0.1:4000.")
    private String to = "";

    @Override
    public Integer call() {
        Running running = Running.start("relay");
        Connection connection = OckamNode.await(running.tcp().connect(to));
        Worker relay = running.node()
                .start(Address.of("forward"), Relay.create(running.node(), Route.of(connection.address())));
        TcpListener listener = OckamNode.await(running.tcp()
                .listen(port.hostAndPort(), TcpListenerOptions.defaults().withConsumer(relay)));

        System.out.println("LISTENING " + listener.hostAndPort());
        OckamNode.await(running.system().getWhenTerminated());
        return 0;
    }
}
