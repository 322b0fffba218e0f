// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

/**
 * What a message is, as far as the recording tells.
 *
 * @param kind of what is in all the frames
 * @param step of a handshake, 1 to 3; 0 if it is not known, or no handshake
 * @param frames how many frames are around it
 */
record Content(Kind kind, int step, int frames) {
    /** What is in the frames. */
    enum Kind {
        /** A message of an application. */
        MESSAGE,
        /** A message of a handshake. */
        HANDSHAKE,
        /** It came from where nothing was recorded. */
        UNKNOWN
    }

    static final Content MESSAGE = new Content(Kind.MESSAGE, 0, 0);
    static final Content UNKNOWN = new Content(Kind.UNKNOWN, 0, 0);

    static Content handshake(int step) {
        return new Content(Kind.HANDSHAKE, step, 0);
    }

    Content sealed() {
        return new Content(kind, step, frames + 1);
    }

    /** What came from outside is known once it is opened. */
    Content opened() {
        return frames == 0 ? MESSAGE : new Content(kind, step, frames - 1);
    }
}
