// SPDX-License-Identifier: Apache-2.0

package ockam.wire.internal;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import org.junit.jupiter.api.Test;

class BytesTest {
    private static final ByteString TWO_PIECES = ByteString.fromInts(1, 2).concat(ByteString.fromInts(3));

    @Test
    void wrapsWithoutACopy() {
        byte[] owned = {1, 2, 3};
        ByteString whole = Bytes.wrap(owned);
        ByteString part = Bytes.wrap(owned, 1, 2);
        owned[1] = 9;

        assertThat(whole).isEqualTo(ByteString.fromInts(1, 9, 3));
        assertThat(part).isEqualTo(ByteString.fromInts(9, 3));
    }

    @Test
    void returnsTheArrayItselfWhereTheBytesAreAllOfIt() {
        byte[] owned = {1, 2, 3};

        assertThat(Bytes.array(Bytes.wrap(owned))).isSameAs(owned);
        assertThat(Bytes.array(Bytes.wrap(owned, 1, 2))).isNotSameAs(owned).containsExactly(2, 3);
        assertThat(Bytes.array(TWO_PIECES)).containsExactly(1, 2, 3);
    }

    @Test
    void joinsPiecesOnlyWhereThereAreSeveral() {
        ByteString part = Bytes.wrap(new byte[] {1, 2, 3}, 1, 2);

        assertThat(Bytes.onePiece(part)).isSameAs(part);
        assertThat(Bytes.onePiece(TWO_PIECES)).isEqualTo(TWO_PIECES).isNotInstanceOf(ByteString.ByteStrings.class);
    }

    @Test
    void returnsAReadOnlyBuffer() {
        byte[] owned = {1, 2, 3};
        var buffer = Bytes.buffer(Bytes.wrap(owned, 1, 2));
        owned[1] = 9;

        assertThat(buffer.isReadOnly()).isTrue();
        assertThat(buffer.position()).isZero();
        assertThat(buffer.remaining()).isEqualTo(2);
        assertThat(buffer.get(0)).isEqualTo((byte) 9);
    }
}
