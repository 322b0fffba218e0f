// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import java.util.function.Function;

/**
 * The answer of a decoder: the value, or the reason why there is none. Decoders give this instead of throwing.
 *
 * <pre>{@code
 * if (codec.decode(payload) instanceof Decoded.Value<Greeting> decoded) {
 *     greet(decoded.value());
 * }
 * }</pre>
 *
 * @param <T> what is decoded
 */
public sealed interface Decoded<T> permits Decoded.Value, Decoded.Failure {

    /**
     * A value that was decoded.
     *
     * @param value the value
     * @param <T> what is decoded
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
     * @param <T> what was to be decoded
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

    /** Whether there is a value. */
    boolean isValue();

    /** The value; throws {@link WireException} with {@code UNDECODABLE} when there is none. */
    T orElseThrow();

    /** The same answer with its value, if there is one, turned into another. */
    <R> Decoded<R> map(Function<? super T, ? extends R> mapping);

    /** The answer of a second decoder for what the first one found, such as the content of a byte string. */
    <R> Decoded<R> flatMap(Function<? super T, Decoded<R>> decoding);
}
