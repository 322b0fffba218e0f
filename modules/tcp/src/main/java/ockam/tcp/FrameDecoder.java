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
import akka.util.ByteStringBuilder;
import java.nio.ByteOrder;
import java.time.Duration;
import ockam.tcp.TcpException.Reason;
import ockam.wire.Decoded;
import ockam.wire.LocalMessage;
import ockam.wire.TransportMessage;
import org.jspecify.annotations.Nullable;

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
    private final Duration connectTimeout;

    /**
     * Creates a decoder.
     *
     * @param silenceTimeout how long, up to twice as long, the other side may be silent in the middle of something
     * @param connectTimeout how long there may be no other side yet; that is no silence
     */
    FrameDecoder(UnfinishedFrames unfinished, Duration silenceTimeout, Duration connectTimeout) {
        this.unfinished = unfinished;
        this.silenceTimeout = silenceTimeout;
        this.connectTimeout = connectTimeout;
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
        private final UnfinishedFrames.Share share = unfinished.share(() -> gaveWay.invoke(unfinished.bytes()));
        /** What was read and is not decoded yet; empty while a frame is being collected. */
        private ByteString buffer = ByteString.emptyByteString();
        /**
         * The beginning of a frame that has not arrived completely, copied, so that it takes about as much memory as it has bytes: a peer may
         * send it byte by byte.
         */
        private @Nullable ByteStringBuilder partial;

        private int needed;
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
            scheduleWithFixedDelay(LOOK, connectTimeout.plus(silenceTimeout), silenceTimeout);
        }

        @Override
        public void postStop() {
            share.set(0);
        }

        @Override
        public void onPush() {
            reads++;
            ByteString read = grab(in);
            ByteStringBuilder collected = partial;
            if (collected != null) {
                int missing = needed - collected.length();
                collected.putBytes(read.take(missing).toArray());
                if (collected.length() < needed) {
                    readMore(collected.length());
                    return;
                }
                buffer = collected.result().concat(read.drop(missing)); // what follows is not copied
                partial = null;
            } else {
                buffer = read;
            }
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
                    fail(Reason.UNSUPPORTED_VERSION, begins(version));
                    return;
                }
                greeted = true;
                buffer = buffer.drop(1);
            }
            if (buffer.size() < LENGTH_BYTES) {
                collect(LENGTH_BYTES);
                return;
            }
            int length = buffer.iterator().getInt(ByteOrder.BIG_ENDIAN);
            if (length <= 0 || length > TransportMessage.MAX_SIZE) {
                fail(Reason.INVALID_LENGTH, "a message of " + Integer.toUnsignedString(length) + " bytes");
            } else if (buffer.size() < LENGTH_BYTES + length) {
                collect(LENGTH_BYTES + length);
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

        /** Waits until there are at least so many bytes. */
        private void collect(int bytes) {
            needed = bytes;
            if (!buffer.isEmpty()) {
                ByteStringBuilder beginning = ByteString.createBuilder();
                beginning.putBytes(buffer.toArray());
                buffer = ByteString.emptyByteString();
                partial = beginning;
            }
            ByteStringBuilder collected = partial;
            readMore(collected == null ? 0 : collected.length());
        }

        private void readMore(int collected) {
            if (isClosed(in)) {
                completeStage(); // a frame that is cut off is like none
                return;
            }
            share.set(collected);
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
            boolean waits = hasBeenPulled(in) && (!greeted || partial != null);
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

    private static String begins(byte version) {
        boolean letter = version > ' ' && version < 0x7f;
        return letter
                ? "the other side begins with '" + (char) version + "': it speaks another protocol"
                : "the other side speaks version " + Byte.toUnsignedInt(version);
    }
}
