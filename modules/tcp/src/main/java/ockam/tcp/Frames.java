// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import akka.NotUsed;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import ockam.wire.LocalMessage;
import ockam.wire.TransportMessage;

/** Between the messages of a connection and the bytes of a socket (routing, sections 3.1 to 3.3). */
final class Frames {
    private static final ByteString GREETING = ByteString.fromArray(new byte[] {FrameDecoder.VERSION});

    private Frames() {}

    /** Both directions. */
    static BidiFlow<List<LocalMessage>, ByteString, ByteString, LocalMessage, NotUsed> create(FrameDecoder decoder) {
        return BidiFlow.fromFlows(
                Flow.<List<LocalMessage>>create().map(Frames::encode).prepend(Source.single(GREETING)),
                Flow.fromGraph(decoder));
    }

    private static ByteString encode(List<LocalMessage> batch) {
        ByteStringBuilder frames = ByteString.createBuilder();
        batch.forEach(message -> frames.append(encode(message)));
        return frames.result();
    }

    static ByteString encode(LocalMessage message) {
        ByteString encoded = TransportMessage.encode(message);
        byte[] length = ByteBuffer.allocate(FrameDecoder.LENGTH_BYTES)
                .putInt(encoded.size())
                .array();
        return ByteString.fromArray(length).concat(encoded);
    }
}
