// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import java.util.concurrent.Callable;
import ockam.relay.RelayService;
import ockam.relay.RelayServiceOptions;
import ockam.tcp.TcpListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes relays for nodes that register, until it is interrupted. */
@Command(
        name = "relay-service",
        description = "Make relays for nodes that nobody can connect to, and that register here.")
final class OckamNodeRelayService implements Callable<Integer> {
    @Mixin
    private PortOption port = new PortOption();

    @Override
    public Integer call() {
        Running running = Running.start("relay-service");
        TcpListener listener = OckamNode.await(running.tcp().listen(port.hostAndPort()));
        RelayService.create(running.node(), RelayServiceOptions.defaults().withOpenTo(listener));

        System.out.println("LISTENING " + listener.hostAndPort());
        OckamNode.await(running.system().getWhenTerminated());
        return 0;
    }
}
