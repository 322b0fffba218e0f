// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import akka.annotation.InternalApi;
import akka.util.ByteString;
import java.util.Optional;
import ockam.wire.Cbor;
import ockam.wire.CborLimits;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import ockam.wire.LocalInfo;
import ockam.wire.LocalMessage;

/**
 * The verified peer of a secure channel, as local info of a message (secure channel, section 6.4).
 *
 * <p>INTERNAL API. Only the decrypting end of a channel attaches it; every public way of sending drops the local info that it is given.
 */
@InternalApi
public final class PeerInfo {
    /** Type of the local info, and name of the attribute of a terminal encryptor address. */
    public static final String TYPE = "SECURE_CHANNEL_IDENTIFIER";

    private PeerInfo() {}

    /** The local info for a peer: a CBOR byte string of the 32 bytes of its identifier. */
    public static LocalInfo of(Identifier peer) {
        return new LocalInfo(TYPE, CborWriter.create(34).bytes(peer.bytes()).toByteString());
    }

    /** The peer that a message came from, if it came through a channel. */
    public static Optional<Identifier> find(LocalMessage message) {
        for (LocalInfo info : message.localInfo()) {
            if (info.type().equals(TYPE)) {
                return decode(info.data());
            }
        }
        return Optional.empty();
    }

    private static Optional<Identifier> decode(ByteString data) {
        return Cbor.decode(data, CborLimits.defaults(), (CborReader reader) -> Identifier.readFrom(reader))
                        instanceof Decoded.Value<Identifier> v
                ? Optional.of(v.value())
                : Optional.empty();
    }
}
