// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static ockam.wire.DecodedAssert.assertThatDecoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ockam.wire.DecodeFailure.Reason;
import org.junit.jupiter.api.Test;

class DecodedTest {

    private static final DecodeFailure FAILURE = new DecodeFailure(Reason.TOO_DEEP, 7);

    @Test
    void returnsItsValue() {
        Decoded<String> decoded = new Decoded.Value<>("a");

        assertThat(decoded.isValue()).isTrue();
        assertThat(decoded.orElseThrow()).isEqualTo("a");
        assertThatDecoded(decoded.map(String::length)).is(1);
        assertThatDecoded(decoded.flatMap(text -> new Decoded.Value<>(text + "b")))
                .is("ab");
        assertThatDecoded(decoded.flatMap(text -> new Decoded.Failure<>(FAILURE)))
                .failsWith(Reason.TOO_DEEP);
    }

    @Test
    void returnsWhyThereIsNoValue() {
        Decoded<String> decoded = new Decoded.Failure<>(FAILURE);

        assertThat(decoded.isValue()).isFalse();
        assertThatDecoded(decoded.map(String::length))
                .failsWith(Reason.TOO_DEEP)
                .at(7);
        assertThatDecoded(decoded.flatMap(text -> new Decoded.Value<>(text)))
                .failsWith(Reason.TOO_DEEP)
                .at(7);
        assertThatThrownBy(decoded::orElseThrow)
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(WireException.Reason.UNDECODABLE))
                .hasMessageContaining("TOO_DEEP at byte 7");
    }

    @Test
    void needsNoMoreThanWords() {
        Decoded<String> decoded = Decoded.refused("not a temperature");

        assertThatDecoded(decoded).failsWith(Reason.INVALID_VALUE).at(0).saying("not a temperature");
        assertThatThrownBy(decoded::orElseThrow).hasMessageContaining("INVALID_VALUE at byte 0: not a temperature");
    }
}
