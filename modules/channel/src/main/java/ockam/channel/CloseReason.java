// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

/** Why a secure channel was closed. */
public enum CloseReason {
    /** This side closed it. */
    CLOSED,
    /** The peer closed it. */
    CLOSED_BY_PEER,
    /** The actor that it belongs to has stopped. */
    OWNER_STOPPED,
    /** It was not set up: the code that should have done so failed or took too long, and the log says which. */
    SETUP_FAILED,
    /** Nothing was sent and nothing authentic received for {@code ockam.channel.idle-limit}. */
    IDLE,
    /** Its listener needed the place for a newer channel, and it had been idle for at least a minute. */
    GAVE_WAY,
    /** Its route was {@linkplain ChannelState.Open#ROUTE_LOST lost} for {@code ockam.channel.route-lost-limit}. */
    ROUTE_LOST,
    /** Nothing authentic has come from the peer for as long as {@link SecureChannel#watchPeer} allows. */
    PEER_SILENT,
    /** The node stopped. */
    NODE_STOPPED,
    /** All nonces of this side are used up; a new channel must be made. */
    NONCES_EXHAUSTED,
    /** This end failed; the log says why. */
    FAILED
}
