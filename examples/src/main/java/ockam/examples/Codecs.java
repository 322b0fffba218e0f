// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.Module;
import java.util.UUID;
import ockam.jackson.JacksonCodecs;
import ockam.node.AkkaSerialization;
import ockam.wire.BareReader;
import ockam.wire.BareWriter;
import ockam.wire.Codec;
import ockam.wire.Decoded;

/** Codecs for messages of one's own, kept here so that they compile and run. The page on codecs explains them. */
public final class Codecs {
    private Codecs() {}

    // #record
    /** What a sensor has measured, in hundredths of a degree. */
    public record Reading(String sensor, int hundredths) {
        public static final Codec<Reading> CODEC = Codec.bare("Reading", Reading::write, Reading::read);

        public Reading {
            if (hundredths < -27_315) {
                throw new IllegalArgumentException("colder than cold");
            }
        }

        static void write(BareWriter writer, Reading reading) {
            writer.string(reading.sensor()).i32(reading.hundredths());
        }

        static Reading read(BareReader reader) {
            return new Reading(reader.string(), reader.i32());
        }
    }
    // #record

    // #hierarchy
    /** What a sensor is told to do. */
    public sealed interface Command {
        Codec<Command> CODEC = Codec.bare("Command", Command::write, Command::read);

        record Measure(int times) implements Command {}

        record Rename(String name) implements Command {}

        record Stop() implements Command {}

        private static void write(BareWriter writer, Command command) {
            if (command instanceof Measure measure) {
                writer.union(0).i32(measure.times());
            } else if (command instanceof Rename rename) {
                writer.union(1).string(rename.name());
            } else {
                writer.union(2);
            }
        }

        private static Command read(BareReader reader) {
            return reader.union((tag, fields) -> switch (tag) {
                case 0 -> new Measure(fields.i32());
                case 1 -> new Rename(fields.string());
                case 2 -> new Stop();
                default -> fields.fail("an unknown command");
            });
        }
    }
    // #hierarchy

    /** One type by the codec of another. */
    public static Codec<UUID> map() {
        // #map
        Codec<UUID> ids = Codec.string().map("UUID", UUID::fromString, UUID::toString);
        // #map
        return ids;
    }

    /** A tag before the payload. */
    public static Codec<Reading> tagged() {
        // #tagged
        Codec<Reading> readings = Reading.CODEC.tagged("reading");
        // #tagged
        return readings;
    }

    // #own
    /** A format of one's own: a single byte, the percentage. */
    public static final class PercentCodec implements Codec<Integer> {
        @Override
        public ByteString encode(Integer percent) {
            return ByteString.fromInts(percent);
        }

        @Override
        public Decoded<Integer> decode(ByteString payload) {
            if (payload.size() != 1) {
                return Decoded.refused("not a single byte");
            }
            int percent = payload.iterator().next();
            return percent < 0 || percent > 100 ? Decoded.refused("not 0 to 100") : new Decoded.Value<>(percent);
        }
    }
    // #own

    /** By Jackson. */
    public static Codec<Command> json() {
        // #jackson
        Codec<Command> commands = JacksonCodecs.json().codec(Command.class);
        // #jackson
        return commands;
    }

    /** By Jackson, with one of its modules, and names for the subtypes of a type that is not sealed. */
    public static JacksonCodecs cbor(Module times) {
        // #subtypes
        JacksonCodecs codecs = JacksonCodecs.cbor()
                .withModule(times)
                .withSubtype(Shape.class, "circle", Circle.class)
                .withSubtype(Shape.class, "square", Square.class);
        // #subtypes
        return codecs;
    }

    /** Anyone may add shapes. */
    public interface Shape {}

    /** A shape. */
    public record Circle(int radius) implements Shape {}

    /** Another shape. */
    public record Square(int side) implements Shape {}

    /** By the serializer that is bound to a type. */
    public static <T> Codec<T> akka(ActorSystem<?> system, Class<T> type) {
        // #akka
        Codec<T> codec = AkkaSerialization.codec(system, type);
        // #akka
        return codec;
    }
}
