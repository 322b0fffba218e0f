// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

/** Why a secure channel was closed. */
public enum CloseReason {
    /** This side closed it. */
    CLOSED,
    /** The peer closed it. */
    CLOSED_BY_PEER,
    /** The node stopped. */
    NODE_STOPPED,
    /** All nonces of this side are used up; a new channel must be made. */
    NONCES_EXHAUSTED,
    /** One half of this end failed; the log says why. */
    FAILED
}
