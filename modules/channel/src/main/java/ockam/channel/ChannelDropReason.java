// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import ockam.routing.DropReason;

/** Why a message that reached a secure channel, or was to become one of its frames, went no further. */
public enum ChannelDropReason implements DropReason {
    /** A secure channel's handshake worker could not use the message. */
    HANDSHAKE_MESSAGE_REFUSED,
    /** More frames arrived before the last message of a handshake than are kept until then. */
    TOO_MANY_EARLY_FRAMES,
    /** A listener had no place left for another handshake. */
    TOO_MANY_HANDSHAKES,
    /** A listener, or the peer at it, had as many open channels as it may, and none of them was idle for long enough to give way. */
    TOO_MANY_CHANNELS,
    /** An accepted channel was closed, because the code that should have set it up failed or took too long. */
    SETUP_FAILED,
    /** A frame was too short, a replay, out of the window, or not authentic. */
    FRAME_REFUSED,
    /** A frame was authentic, but its content is not a message of the protocol, or could not be used. */
    FRAME_CONTENT_UNKNOWN,
    /**
     * A frame brought newer credentials of the peer, and still newer ones came before they could be looked at, or another channel had brought
     * a newer history.
     */
    REFRESH_SUPERSEDED,
    /** A frame brought newer credentials of the peer, and they were not taken because a store or a vault failed. */
    REFRESH_FAILED,
    /** A secure channel was asked to send while it was closing. */
    CHANNEL_CLOSED;

    @Override
    public boolean breaksRoute() {
        return switch (this) {
            case CHANNEL_CLOSED -> true;
            case HANDSHAKE_MESSAGE_REFUSED,
                    TOO_MANY_EARLY_FRAMES,
                    TOO_MANY_HANDSHAKES,
                    TOO_MANY_CHANNELS,
                    SETUP_FAILED,
                    FRAME_REFUSED,
                    FRAME_CONTENT_UNKNOWN,
                    REFRESH_SUPERSEDED,
                    REFRESH_FAILED -> false;
        };
    }
}
