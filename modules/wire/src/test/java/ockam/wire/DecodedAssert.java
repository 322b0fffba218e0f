// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import org.assertj.core.api.AbstractAssert;

/** Asserts the result of a decoder. */
final class DecodedAssert extends AbstractAssert<DecodedAssert, Decoded<?>> {

    private DecodedAssert(Decoded<?> actual) {
        super(actual, DecodedAssert.class);
    }

    static DecodedAssert assertThatDecoded(Decoded<?> actual) {
        return new DecodedAssert(actual);
    }

    DecodedAssert is(Object value) {
        if (!(actual instanceof Decoded.Value<?> decoded) || !decoded.value().equals(value)) {
            throw failureWithActualExpected(actual, value, "expected the value%n  %s%nbut got%n  %s", value, actual);
        }
        return this;
    }

    DecodedAssert failsWith(DecodeFailure.Reason reason) {
        if (!(actual instanceof Decoded.Failure<?> refused) || refused.failure().reason() != reason) {
            throw failureWithActualExpected(
                    actual, reason, "expected a failure with %s%nbut got%n  %s", reason, actual);
        }
        return this;
    }

    DecodedAssert at(int offset) {
        if (!(actual instanceof Decoded.Failure<?> refused) || refused.failure().offset() != offset) {
            throw failureWithActualExpected(actual, offset, "expected a failure at %s%nbut got%n  %s", offset, actual);
        }
        return this;
    }

    DecodedAssert saying(String detail) {
        if (!(actual instanceof Decoded.Failure<?> refused)
                || !refused.failure().detail().equals(detail)) {
            throw failureWithActualExpected(actual, detail, "expected a failure for %s%nbut got%n  %s", detail, actual);
        }
        return this;
    }
}
