// SPDX-License-Identifier: Apache-2.0

package ockam.jackson;

/** Thrown in the middle of Jackson's work for what is not written, and seen by {@link JacksonCodec} only. */
final class Unencodable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;

    /** What cannot be encoded, in words that are safe to log. */
    Unencodable(String what) {
        super(what);
        this.what = what;
    }

    String what() {
        return what;
    }
}
