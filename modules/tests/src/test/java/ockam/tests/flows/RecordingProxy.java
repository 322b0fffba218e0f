// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static ockam.fixtures.Stages.await;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Tcp;
import akka.util.ByteString;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between those who connect to it and a listener, and keeps a copy of what they say. Ends with its actor system. */
final class RecordingProxy {
    private final Recording there = new Recording();
    private final Recording back = new Recording();
    private final InetSocketAddress address;

    private RecordingProxy(ActorSystem<?> system, InetSocketAddress target) {
        Tcp tcp = Tcp.get(system);
        this.address = await(tcp.bind("127.0.0.1", 0)
                        .to(Sink.foreach(incoming -> incoming.handleWith(
                                there.copying()
                                        .via(tcp.outgoingConnection(target.getHostString(), target.getPort()))
                                        .via(back.copying()),
                                system)))
                        .run(system))
                .localAddress();
    }

    /** Starts a proxy before a listener, {@code host:port}. */
    static RecordingProxy before(String listener, ActorSystem<?> system) {
        int colon = listener.lastIndexOf(':');
        return new RecordingProxy(
                system,
                new InetSocketAddress(listener.substring(0, colon), Integer.parseInt(listener.substring(colon + 1))));
    }

    /** Returns where it listens, as {@code host:port}. */
    String hostAndPort() {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Returns whether these bytes were said, in either direction. */
    boolean contains(ByteString bytes) {
        return there.contains(bytes) || back.contains(bytes);
    }

    private static final class Recording {
        private final List<ByteString> said = new CopyOnWriteArrayList<>();

        Flow<ByteString, ByteString, NotUsed> copying() {
            return Flow.<ByteString>create().map(bytes -> {
                said.add(bytes);
                return bytes;
            });
        }

        boolean contains(ByteString bytes) {
            return said.stream()
                            .reduce(ByteString.emptyByteString(), ByteString::concat)
                            .indexOfSlice(bytes)
                    >= 0;
        }
    }
}
