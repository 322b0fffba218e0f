// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;

/** INTERNAL API. What a message is when it leaves an address: every address sends only one of these. */
@InternalApi
public enum Form {
    /** A message as its sender made it, or passed on unchanged: of those who pass it on, nobody says what it is. */
    MESSAGE,
    /** A message of a handshake. */
    HANDSHAKE,
    /** A message that was sealed here. */
    FRAME,
    /** A message that was taken out of a frame here. */
    OPENED
}
