// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import akka.NotUsed;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.nio.ByteBuffer;
import ockam.wire.LocalMessage;
import ockam.wire.TransportMessage;

/** Between the messages of a connection and the bytes of a socket (routing, sections 3.1 to 3.3). */
final class Frames {
    private static final ByteString GREETING = ByteString.fromArray(new byte[] {FrameDecoder.VERSION});

    private Frames() {}

    /** Both directions; messages that wait for the socket are written together. */
    static BidiFlow<LocalMessage, ByteString, ByteString, LocalMessage, NotUsed> create(
            TcpSettings settings, UnfinishedFrames unfinished) {
        return BidiFlow.fromFlows(
                Flow.<LocalMessage>create()
                        .map(Frames::encode)
                        .batchWeighted(
                                settings.writeBatchBytes(),
                                bytes -> (long) bytes.size(),
                                bytes -> bytes,
                                ByteString::concat)
                        .prepend(Source.single(GREETING)),
                Flow.fromGraph(new FrameDecoder(unfinished, settings.silenceTimeout())));
    }

    static ByteString encode(LocalMessage message) {
        ByteString encoded = TransportMessage.encode(message);
        byte[] length = ByteBuffer.allocate(FrameDecoder.LENGTH_BYTES)
                .putInt(encoded.size())
                .array();
        return ByteString.fromArray(length).concat(encoded);
    }
}
