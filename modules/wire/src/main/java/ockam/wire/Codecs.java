// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import ockam.wire.DecodeFailure.Reason;

/** The codecs that {@link Codec} offers. */
final class Codecs {

    private static final int INITIAL_CAPACITY = 64;

    static final Codec<String> STRING = bare("string", BareWriter::string, BareReader::string, false);
    static final Codec<ByteString> BYTES = new BytesCodec();
    static final Codec<Any> ANY = new AnyCodec();

    private Codecs() {}

    static <T> Codec<T> bare(
            String name, BiConsumer<BareWriter, T> writing, Function<BareReader, T> reading, boolean strict) {
        return new BareCodec<>(name, writing, reader -> readOrRefuse(reader, reading), strict);
    }

    /** An exception of a reading function comes from what it has read: from a constructor that refuses it, or the parser of a text. */
    private static <T> T readOrRefuse(BareReader reader, Function<BareReader, T> reading) {
        T value;
        try {
            value = reading.apply(reader);
        } catch (Refusal e) {
            throw e;
        } catch (RuntimeException e) {
            return reader.fail(thrown(e));
        }
        return value == null ? reader.fail("it reads as null") : value;
    }

    /** Without the text of the exception, which may repeat what was read; that of this module's exception never does. */
    private static String thrown(RuntimeException e) {
        return e instanceof WireException refused
                ? "refused with " + refused.reason() + ", " + refused.getMessage()
                : "refused with " + e.getClass().getSimpleName();
    }

    record BareCodec<T>(String name, BiConsumer<BareWriter, T> writing, Function<BareReader, T> reading, boolean strict)
            implements Codec<T> {
        @Override
        public ByteString encode(T value) {
            BareWriter writer = BareWriter.create(INITIAL_CAPACITY);
            try {
                writing.accept(writer, value);
            } catch (NullPointerException e) {
                throw Nulls.refused(name, value, e);
            }
            return writer.toByteString();
        }

        @Override
        public Decoded<T> decode(ByteString payload) {
            return strict
                    ? Bare.decodeStrictly(payload, CborLimits.defaults(), reading)
                    : Bare.decode(payload, CborLimits.defaults(), reading);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    record MappedCodec<T, R>(
            String name, Codec<T> codec, Function<? super T, ? extends R> to, Function<? super R, ? extends T> from)
            implements Codec<R> {
        @Override
        public ByteString encode(R value) {
            T standIn;
            try {
                standIn = from.apply(value);
            } catch (NullPointerException e) {
                throw Nulls.refused(name, value, e);
            }
            if (standIn == null) {
                throw Nulls.refused(name, value, null);
            }
            return codec.encode(standIn);
        }

        @Override
        public Decoded<R> decode(ByteString payload) {
            return codec.decode(payload).flatMap(this::mapped);
        }

        private Decoded<R> mapped(T value) {
            R mapped;
            try {
                mapped = to.apply(value);
            } catch (RuntimeException e) {
                return Decoded.refused(thrown(e));
            }
            return mapped == null ? Decoded.refused("it reads as null") : new Decoded.Value<>(mapped);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    record TaggedCodec<T>(String tag, Codec<T> codec) implements Codec<T> {
        private static final Pattern TAG = Pattern.compile("[A-Za-z0-9._/-]{1,64}");

        static <T> Codec<T> of(String tag, Codec<T> codec) {
            if (!TAG.matcher(tag).matches()) {
                throw new IllegalArgumentException(
                        "a tag has 1 to 64 letters, digits and the characters . _ / -, unlike: " + tag);
            }
            return new TaggedCodec<>(tag, codec);
        }

        @Override
        public ByteString encode(T value) {
            ByteString body = codec.encode(value);
            return BareWriter.create(1 + tag.length() + body.length())
                    .string(tag)
                    .raw(body)
                    .toByteString();
        }

        @Override
        public Decoded<T> decode(ByteString payload) {
            Decoded<Integer> before = Bare.decode(payload, CborLimits.defaults(), this::readTag);
            return before.flatMap(length -> behind(length, codec.decode(payload.drop(length))));
        }

        /** Reads the tag, and returns how many bytes it takes. */
        private int readTag(BareReader reader) {
            String found = reader.string();
            if (!found.equals(tag)) {
                boolean another = TAG.matcher(found).matches();
                return reader.fail("the tag is " + (another ? found + ", not " : "not ") + tag);
            }
            int length = reader.position();
            return length == 1 + tag.length() ? length : reader.fail(Reason.INVALID_VALUE); // in its shortest form
        }

        /** The offset of a failure counts from the start of the payload. */
        private static <T> Decoded<T> behind(int length, Decoded<T> decoded) {
            if (decoded instanceof Decoded.Failure<T> refused) {
                DecodeFailure failure = refused.failure();
                return new Decoded.Failure<>(
                        new DecodeFailure(failure.reason(), length + failure.offset(), failure.detail()));
            }
            return decoded;
        }

        @Override
        public String name() {
            return codec.name();
        }

        @Override
        public String toString() {
            return name();
        }
    }

    private static final class BytesCodec implements Codec<ByteString> {
        @Override
        public ByteString encode(ByteString value) {
            if (value == null) {
                throw Nulls.refused(name(), null, null);
            }
            return value;
        }

        @Override
        public Decoded<ByteString> decode(ByteString payload) {
            return new Decoded.Value<>(payload);
        }

        @Override
        public String name() {
            return "bytes";
        }

        @Override
        public String toString() {
            return name();
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

        @Override
        public String name() {
            return "any";
        }

        @Override
        public String toString() {
            return name();
        }
    }
}
