// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

/**
 * Thrown by a reader to leave a decoder early. It has no stack trace, because it is the ordinary response to bad input. Caught
 * where its input was opened, in {@link Input#decode}, and seen nowhere else.
 */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Input input;
    private final transient DecodeFailure failure;

    Refusal(Input input, DecodeFailure failure) {
        super(null, null, false, false);
        this.input = input;
        this.failure = failure;
    }

    boolean belongsTo(Input opened) {
        return input == opened;
    }

    DecodeFailure failure() {
        return failure;
    }
}
