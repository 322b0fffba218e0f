// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

/** Why a secure channel is no more. */
public enum CloseReason {
    /** This side closed it. */
    CLOSED,
    /** The peer closed it. */
    CLOSED_BY_PEER,
    /** The node stopped. */
    NODE_STOPPED,
    /** All nonces of this side were used; a new channel must be made. */
    NONCES_EXHAUSTED,
    /** One half of the channel failed; the log says why. */
    FAILED
}
