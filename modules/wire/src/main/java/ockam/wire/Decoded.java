// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import java.util.function.Function;

/**
 * The result of a decoder: the value, or the reason why there is none. Decoders return it instead of throwing.
 *
 * <pre>{@code
 * if (codec.decode(payload) instanceof Decoded.Value<Greeting> decoded) {
 *     greet(decoded.value());
 * }
 * }</pre>
 *
 * @param <T> the type that is decoded
 */
public sealed interface Decoded<T> permits Decoded.Value, Decoded.Failure {

    /**
     * A value that was decoded.
     *
     * @param value the value
     * @param <T> the type that is decoded
     */
    record Value<T>(T value) implements Decoded<T> {
        @Override
        public boolean isValue() {
            return true;
        }

        @Override
        public T orElseThrow() {
            return value;
        }

        @Override
        public <R> Decoded<R> map(Function<? super T, ? extends R> mapping) {
            return new Value<>(mapping.apply(value));
        }

        @Override
        public <R> Decoded<R> flatMap(Function<? super T, Decoded<R>> decoding) {
            return decoding.apply(value);
        }
    }

    /**
     * Bytes that were refused.
     *
     * @param failure why and where
     * @param <T> the type that should have been decoded
     */
    record Failure<T>(DecodeFailure failure) implements Decoded<T> {
        @Override
        public boolean isValue() {
            return false;
        }

        @Override
        public T orElseThrow() {
            throw new WireException(WireException.Reason.UNDECODABLE, "not decodable: " + failure);
        }

        @Override
        public <R> Decoded<R> map(Function<? super T, ? extends R> mapping) {
            return new Failure<>(failure);
        }

        @Override
        public <R> Decoded<R> flatMap(Function<? super T, Decoded<R>> decoding) {
            return new Failure<>(failure);
        }
    }

    /**
     * Returns the failure of a codec that needs no more than words to say why it refuses a payload: {@code INVALID_VALUE}, at its start.
     *
     * @param detail why, see {@link DecodeFailure#detail}
     */
    static <T> Decoded<T> refused(String detail) {
        return new Failure<>(new DecodeFailure(DecodeFailure.Reason.INVALID_VALUE, 0, detail));
    }

    /** Returns whether there is a value. */
    boolean isValue();

    /** Returns the value; throws {@link WireException} with {@code UNDECODABLE} when there is none. */
    T orElseThrow();

    /** Returns the same result with its value, if there is one, converted. */
    <R> Decoded<R> map(Function<? super T, ? extends R> mapping);

    /** Returns the result of a second decoder applied to the value, such as to the content of a byte string. */
    <R> Decoded<R> flatMap(Function<? super T, Decoded<R>> decoding);
}
