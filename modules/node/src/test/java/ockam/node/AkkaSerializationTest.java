// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.javadsl.Behaviors;
import akka.serialization.JSerializer;
import akka.serialization.SerializationExtension;
import akka.serialization.SerializerWithStringManifest;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import ockam.fixtures.Hex;
import ockam.wire.Address;
import ockam.wire.BareWriter;
import ockam.wire.Codec;
import ockam.wire.DecodeFailure;
import ockam.wire.Decoded;
import ockam.wire.Route;
import ockam.wire.WireException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Codecs by the serializers of an actor system: which values and payloads they take, and that Java's own serialization is none of them. */
class AkkaSerializationTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit(ConfigFactory.parseString("""
            akka.actor {
              serializers {
                words = "ockam.node.AkkaSerializationTest$WordsSerializer"
                classes = "ockam.node.AkkaSerializationTest$ClassesSerializer"
                plain = "ockam.node.AkkaSerializationTest$PlainSerializer"
              }
              serialization-bindings {
                "ockam.node.AkkaSerializationTest$Words" = words
                "ockam.node.AkkaSerializationTest$Elsewhere" = plain
                "ockam.node.AkkaSerializationTest$Shape" = classes
                "ockam.node.AkkaSerializationTest$Plain" = plain
                "ockam.node.AkkaSerializationTest$ByJava" = java
              }
            }"""));

    /** The same with Java serialization allowed. */
    @RegisterExtension
    static final NodeKit JAVA_KIT = new NodeKit(ConfigFactory.parseString("""
            akka.actor.allow-java-serialization = on
            akka.actor.warn-about-java-serializer-usage = off
            akka.actor.serialization-bindings { "ockam.node.AkkaSerializationTest$ByJava" = java }"""));

    interface Words {}

    record Hello(String text) implements Words {}

    record Bye(String text) implements Words {}

    /** Bound to another serializer than the other words. */
    record Elsewhere(String text) implements Words {}

    sealed interface Shape {
        record Circle(int radius) implements Shape {}

        record Square(int side) implements Shape {}
    }

    record Plain(String text) {}

    record Unbound(String text) {}

    record ByJava(String text) implements Serializable {
        static final AtomicBoolean READ = new AtomicBoolean();

        public ByJava {
            READ.set(true);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Has manifests of its own. */
    static final class WordsSerializer extends SerializerWithStringManifest {
        @Override
        public int identifier() {
            return 7001;
        }

        @Override
        public String manifest(Object value) {
            return value instanceof Hello hello && hello.text().equals("long")
                    ? "m".repeat(257)
                    : value.getClass().getSimpleName();
        }

        @Override
        public byte[] toBinary(Object value) {
            return bytes(value instanceof Hello hello ? hello.text() : ((Bye) value).text());
        }

        @Override
        public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
            return switch (manifest) {
                case "Hello" -> new Hello(text(bytes));
                case "Bye" -> new Bye(text(bytes));
                case "Other" -> new Unbound(text(bytes));
                case "Broken" -> throw new IllegalStateException("on purpose");
                default -> throw new NotSerializableException(manifest);
            };
        }
    }

    /** Leaves the manifest to Akka: the name of the class. */
    static final class ClassesSerializer extends JSerializer {
        @Override
        public int identifier() {
            return 7002;
        }

        @Override
        public boolean includeManifest() {
            return true;
        }

        @Override
        public byte[] toBinary(Object value) {
            return bytes(
                    value instanceof Shape.Circle circle ? "c" + circle.radius() : "s" + ((Shape.Square) value).side());
        }

        @Override
        public Object fromBinaryJava(byte[] bytes, Class<?> manifest) {
            int size = Integer.parseInt(text(bytes).substring(1));
            return manifest == Shape.Circle.class ? new Shape.Circle(size) : new Shape.Square(size);
        }
    }

    /** Has no manifest. */
    static final class PlainSerializer extends JSerializer {
        @Override
        public int identifier() {
            return 7003;
        }

        @Override
        public boolean includeManifest() {
            return false;
        }

        @Override
        public byte[] toBinary(Object value) {
            return bytes(((Plain) value).text());
        }

        @Override
        public Object fromBinaryJava(byte[] bytes, Class<?> manifest) {
            return new Plain(text(bytes));
        }
    }

    private final Codec<Words> words = AkkaSerialization.codec(KIT.system(), Words.class);
    private final Codec<Shape> shapes = AkkaSerialization.codec(KIT.system(), Shape.class);
    private final Codec<Plain> plain = AkkaSerialization.codec(KIT.system(), Plain.class);

    private static ByteString payload(int serializer, String manifest, String content) {
        return BareWriter.create(64)
                .i32(serializer)
                .string(manifest)
                .bytes(ByteString.fromArray(bytes(content)))
                .toByteString();
    }

    private static void assertRefused(Codec<?> codec, ByteString payload, String detail) {
        assertThat(codec.decode(payload)).isInstanceOfSatisfying(Decoded.Failure.class, refused -> {
            DecodeFailure failure = refused.failure();
            assertThat(failure.reason()).isEqualTo(DecodeFailure.Reason.INVALID_VALUE);
            assertThat(failure.detail()).isEqualTo(detail);
        });
    }

    private static void assertUnencodable(ThrowingCallable encoding, String message) {
        assertThatThrownBy(encoding)
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(WireException.Reason.UNENCODABLE))
                .hasMessage(message);
    }

    private static <T> void assertSurvives(Codec<T> codec, T value) {
        assertThat(codec.decode(codec.encode(value))).isEqualTo(new Decoded.Value<>(value));
    }

    @Test
    void writesTheSerializerItsManifestAndItsBytes() {
        assertThat(words.encode(new Hello("you"))).isEqualTo(payload(7001, "Hello", "you"));
        assertThat(Hex.of(plain.encode(new Plain("a")))).isEqualTo("5b1b0000" + "00" + "0161");
        assertThat(words.name()).isEqualTo("Words (Akka)");
    }

    @Test
    void valuesSurviveBySerializersOfEachKind() {
        assertSurvives(words, new Hello("you"));
        assertSurvives(words, new Bye(""));
        assertSurvives(shapes, new Shape.Circle(1));
        assertSurvives(shapes, new Shape.Square(2));
        assertSurvives(plain, new Plain("text"));
    }

    @Test
    void carriesMessagesOfWorkers() {
        Node node = KIT.node();
        node.start(Address.of("echo"), words, Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        }));

        assertThat(await(node.ask(Route.of("echo"), words, new Hello("you"))).body())
                .isEqualTo(new Hello("you"));
    }

    // ---- Java serialization ----

    @Test
    void isNeverJavaSerialization() {
        String why = "Java serialization is bound to " + ByJava.class.getName() + ", and is never used for payloads";

        assertThatThrownBy(() -> AkkaSerialization.codec(KIT.system(), ByJava.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
        assertThatThrownBy(() -> AkkaSerialization.codec(JAVA_KIT.system(), ByJava.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    void doesNotReadWhatJavaSerializationHasWritten() {
        ByteString java = ByteString.fromArray(SerializationExtension.get(JAVA_KIT.system())
                .serialize(new ByJava("danger"))
                .get());
        ByJava.READ.set(false);

        assertRefused(
                words,
                BareWriter.create(64).i32(1).string("").bytes(java).toByteString(),
                "written by serializer 1, not 7001");
        assertThat(words.decode(java).isValue()).isFalse();
        assertThat(ByJava.READ).isFalse();
    }

    @Test
    void needsASerializer() {
        assertThatThrownBy(() -> AkkaSerialization.codec(KIT.system(), Unbound.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no serializer is bound to " + Unbound.class.getName());
    }

    // ---- what else is refused ----

    @Test
    void readsOnlyWhatItsSerializerHasWritten() {
        assertRefused(words, shapes.encode(new Shape.Circle(1)), "written by serializer 7002, not 7001");
        assertRefused(shapes, words.encode(new Hello("you")), "written by serializer 7001, not 7002");
    }

    @Test
    void readsOnlyInstancesOfItsType() {
        assertRefused(words, payload(7001, "Other", "x"), "it is no Words");
        Codec<Hello> hellos = AkkaSerialization.codec(KIT.system(), Hello.class);
        assertSurvives(hellos, new Hello("you"));
        assertRefused(hellos, words.encode(new Bye("you")), "it is no Hello");
    }

    @Test
    void refusesWhatTheSerializerRefuses() {
        assertRefused(words, payload(7001, "Unknown", "x"), "refused with NotSerializableException");
        assertRefused(words, payload(7001, "Broken", "x"), "refused with IllegalStateException");
        assertRefused(shapes, payload(7002, Shape.Circle.class.getName(), "c?"), "refused with NumberFormatException");
    }

    @Test
    void refusesManifestsThatAreNotItsOwn() {
        assertRefused(words, payload(7001, "m".repeat(257), "x"), "the manifest is none of Words");
        assertRefused(plain, payload(7003, "Plain", "x"), "the manifest is none of Plain");
        assertUnencodable(
                () -> words.encode(new Hello("long")),
                Hello.class.getName() + " has a manifest of more than 256 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "java.util.HashMap", "ockam.node.AkkaSerializationTest$ByJava", "no.such.Type"})
    void looksUpNoOtherClass(String manifest) {
        assertRefused(shapes, payload(7002, manifest, "c1"), "the manifest is none of Shape");
    }

    @Test
    void writesOnlyWhatIsBoundToItsSerializer() {
        assertUnencodable(
                () -> words.encode(new Elsewhere("x")),
                Elsewhere.class.getName() + " is bound to another serializer than " + Words.class.getName());
    }

    @Test
    void refusesBytesBehindTheValue() {
        assertThat(words.decode(words.encode(new Hello("you")).concat(ByteString.fromInts(0))))
                .hasToString("Failure[failure=TRAILING_BYTES at byte 14]");
    }

    @Test
    void noBytesMakeItThrow() {
        Random random = new Random(20_261_128);
        byte[] valid = words.encode(new Hello("you")).toArray();
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            assertThat(words.decode(ByteString.fromArray(noise))).isNotNull();
            byte[] flipped = Arrays.copyOf(valid, random.nextInt(valid.length + 1));
            if (flipped.length > 0) {
                flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            }
            assertThat(words.decode(ByteString.fromArray(flipped))).isNotNull();
        }
    }
}
