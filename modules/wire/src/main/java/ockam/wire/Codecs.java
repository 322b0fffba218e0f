// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The codecs that {@link Codec} offers. */
final class Codecs {

    private static final int INITIAL_CAPACITY = 64;

    static final Codec<ByteString> BYTES = new BytesCodec();
    static final Codec<Any> ANY = new AnyCodec();

    private Codecs() {}

    record BareCodec<T>(BiConsumer<BareWriter, T> writing, Function<BareReader, T> reading, boolean strict)
            implements Codec<T> {
        @Override
        public ByteString encode(T value) {
            BareWriter writer = BareWriter.create(INITIAL_CAPACITY);
            writing.accept(writer, value);
            return writer.toByteString();
        }

        @Override
        public Decoded<T> decode(ByteString payload) {
            return strict
                    ? Bare.decodeStrictly(payload, CborLimits.defaults(), reading)
                    : Bare.decode(payload, CborLimits.defaults(), reading);
        }
    }

    private static final class BytesCodec implements Codec<ByteString> {
        @Override
        public ByteString encode(ByteString value) {
            return value;
        }

        @Override
        public Decoded<ByteString> decode(ByteString payload) {
            return new Decoded.Value<>(payload);
        }
    }

    private static final class AnyCodec implements Codec<Any> {
        private static final Decoded<Any> DECODED = new Decoded.Value<>(Any.INSTANCE);

        @Override
        public ByteString encode(Any value) {
            return ByteString.emptyByteString();
        }

        @Override
        public Decoded<Any> decode(ByteString payload) {
            return DECODED;
        }
    }
}
