// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

/** Which end of a secure channel this is. */
public enum Role {
    /** The end that asked for the channel. */
    INITIATOR,
    /** The end that a listener created. */
    RESPONDER
}
