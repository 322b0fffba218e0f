// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.util.ByteString;
import java.util.List;
import ockam.identity.ChangeHistory;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.IdentityAndCredentials;
import ockam.wire.Cbor;
import ockam.wire.CborLimits;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.DecodeFailure;
import ockam.wire.Decoded;
import ockam.wire.Route;

/** What a frame carries: the SecureChannelPaddedMessage of secure channel, section 5.2. Written without padding, read with any. */
sealed interface ChannelMessage {

    /** A message of an application. */
    record Payload(Route onwardRoute, Route returnRoute, ByteString payload) implements ChannelMessage {
        private static final int FIXED_SIZE = 6; // 82 82 00 81 83 in front, 40 behind
        private static final int LONGEST_HEAD = 5; // of the payload

        /** The most bytes that payload and routes may have, so that they fit into a frame. */
        static final int LARGEST = Frames.MAX_LENGTH - Frames.OVERHEAD - FIXED_SIZE - LONGEST_HEAD;

        @Override
        public int encodedSize() {
            return FIXED_SIZE + onwardRoute.encodedSize() + returnRoute.encodedSize() + Cbor.bytesSize(payload.size());
        }

        @Override
        public void writeFields(CborWriter writer) {
            writer.variant(PAYLOAD, 1).array(3);
            onwardRoute.writeTo(writer);
            returnRoute.writeTo(writer);
            writer.bytes(payload);
        }
    }

    /** The peer's history and credentials, which may be newer than those of the handshake. */
    record RefreshCredentials(ChangeHistory changeHistory, List<CredentialAndPurposeKey> credentials)
            implements ChannelMessage {
        @Override
        public int encodedSize() {
            CborWriter writer = CborWriter.create(1024);
            writeFields(writer.array(2));
            return writer.nul().position();
        }

        @Override
        public void writeFields(CborWriter writer) {
            writer.variant(REFRESH_CREDENTIALS, 1).array(2);
            changeHistory.writeTo(writer);
            writer.list(credentials, CredentialAndPurposeKey::writeTo);
        }
    }

    /** The peer closes the channel. */
    enum Close implements ChannelMessage {
        INSTANCE;

        @Override
        public int encodedSize() {
            return 5; // 82 82 02 80 40
        }

        @Override
        public void writeFields(CborWriter writer) {
            writer.variant(CLOSE, 0);
        }
    }

    int PAYLOAD = 0;
    int REFRESH_CREDENTIALS = 1;
    int CLOSE = 2;

    /** Bytes that {@link #writeTo} writes. */
    int encodedSize();

    /** Writes the variant without the padding around it. */
    void writeFields(CborWriter writer);

    /** Writes the whole plaintext into an array that has room for it. */
    default void writeTo(byte[] target, int offset) {
        CborWriter writer = CborWriter.into(target, offset).array(2);
        writeFields(writer);
        writer.bytes(ByteString.emptyByteString());
    }

    /** Reads a plaintext. The array must not be changed afterwards: the payload is a view of it. */
    static Decoded<ChannelMessage> decode(byte[] plaintext) {
        return Cbor.decode(plaintext, CborLimits.defaults(), ChannelMessage::read);
    }

    private static ChannelMessage read(CborReader reader) {
        return reader.struct(padded -> {
            ChannelMessage message = padded.variant((index, variant) -> switch (index) {
                case PAYLOAD ->
                    variant.struct(
                            fields -> new Payload(Route.readFrom(fields), Route.readFrom(fields), fields.bytes()));
                case REFRESH_CREDENTIALS ->
                    variant.struct(fields -> new RefreshCredentials(
                            ChangeHistory.readFrom(fields),
                            fields.list(IdentityAndCredentials.MAX_CREDENTIALS, CredentialAndPurposeKey::readFrom)));
                case CLOSE -> Close.INSTANCE;
                default -> variant.fail(DecodeFailure.Reason.INVALID_VALUE);
            });
            padded.bytes(); // padding: mandatory, of any content and length
            return message;
        });
    }
}
