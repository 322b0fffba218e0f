// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.InHandler;
import akka.stream.stage.OutHandler;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.nio.ByteOrder;
import java.time.Duration;
import ockam.tcp.TcpException.Reason;
import ockam.wire.Decoded;
import ockam.wire.LocalMessage;
import ockam.wire.TransportMessage;

/**
 * Reads what comes from a socket: the version byte, then frames, each a length and a message (routing, sections 3.1 to 3.3). Nothing behind a
 * wrong byte, and nothing of a frame that is cut off, comes out. It fails with a {@link TcpException} at the first mistake.
 */
final class FrameDecoder extends GraphStage<FlowShape<ByteString, LocalMessage>> {
    static final byte VERSION = 1;
    static final int LENGTH_BYTES = 4;

    private final Inlet<ByteString> in = Inlet.create("FrameDecoder.in");
    private final Outlet<LocalMessage> out = Outlet.create("FrameDecoder.out");
    private final FlowShape<ByteString, LocalMessage> shape = FlowShape.of(in, out);
    private final UnfinishedFrames unfinished;
    private final Duration silenceTimeout;

    /** {@code silenceTimeout} is how long, up to twice as long, the other side may be silent in the middle of something. */
    FrameDecoder(UnfinishedFrames unfinished, Duration silenceTimeout) {
        this.unfinished = unfinished;
        this.silenceTimeout = silenceTimeout;
    }

    @Override
    public FlowShape<ByteString, LocalMessage> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic implements InHandler, OutHandler {
        private static final String LOOK = "look";

        private final AsyncCallback<Long> gaveWay = createAsyncCallback(bytes -> failStage(new TcpException(
                Reason.UNFINISHED_TOO_LARGE, bytes + " bytes of unfinished messages on all connections together")));
        private final UnfinishedFrames.Share share = unfinished.open(() -> gaveWay.invoke(unfinished.bytes()));
        private ByteString buffer = ByteString.emptyByteString();
        private boolean greeted;
        private long reads;
        private long readsSeen = -1;

        private Logic() {
            super(shape);
            setHandler(in, this);
            setHandler(out, this);
        }

        @Override
        public void preStart() {
            scheduleWithFixedDelay(LOOK, silenceTimeout, silenceTimeout);
        }

        @Override
        public void postStop() {
            share.close();
        }

        @Override
        public void onPush() {
            reads++;
            ByteString read = grab(in);
            buffer = buffer.isEmpty() ? read : buffer.concat(read);
            pushNext();
        }

        @Override
        public void onPull() {
            pushNext();
        }

        private void pushNext() {
            if (!greeted && !buffer.isEmpty()) {
                byte version = buffer.head();
                if (version != VERSION) {
                    fail(Reason.UNSUPPORTED_VERSION, "the other side speaks version " + Byte.toUnsignedInt(version));
                    return;
                }
                greeted = true;
                buffer = buffer.drop(1);
            }
            if (buffer.size() < LENGTH_BYTES) {
                readMore();
                return;
            }
            int length = buffer.iterator().getInt(ByteOrder.BIG_ENDIAN);
            if (length <= 0 || length > TransportMessage.MAX_SIZE) {
                fail(Reason.INVALID_LENGTH, "a message of " + Integer.toUnsignedString(length) + " bytes");
            } else if (buffer.size() < LENGTH_BYTES + length) {
                readMore();
            } else {
                pushFrame(length);
            }
        }

        private void pushFrame(int length) {
            ByteString frame = buffer.slice(LENGTH_BYTES, LENGTH_BYTES + length);
            buffer = buffer.drop(LENGTH_BYTES + length);
            share.set(0);
            Decoded<LocalMessage> decoded = TransportMessage.decode(frame);
            if (decoded instanceof Decoded.Failure<LocalMessage> refused) {
                fail(Reason.UNDECODABLE, refused.failure().toString());
                return;
            }
            push(out, decoded.orElseThrow());
            if (isClosed(in) && buffer.isEmpty()) {
                completeStage();
            }
        }

        private void readMore() {
            if (isClosed(in)) {
                completeStage(); // a frame that is cut off is like none
                return;
            }
            share.set(buffer.size());
            if (!hasBeenPulled(in)) {
                pull(in);
            }
        }

        @Override
        public void onUpstreamFinish() {
            if (isAvailable(out)) {
                pushNext();
            }
        }

        /** A reader that has no room does not wait for the other side. */
        @Override
        public void onTimer(Object key) {
            boolean waits = hasBeenPulled(in) && (!greeted || !buffer.isEmpty());
            if (waits && reads == readsSeen) {
                fail(
                        Reason.SILENT,
                        "nothing for " + silenceTimeout.toMillis() + " ms, "
                                + (greeted ? "in the middle of a message" : "not even a version"));
            }
            readsSeen = reads;
        }

        private void fail(Reason reason, String text) {
            failStage(new TcpException(reason, text));
        }
    }
}
