// SPDX-License-Identifier: Apache-2.0

package ockam.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ockam.fixtures.Hex;
import ockam.jackson.Command.Admin;
import ockam.jackson.Command.Later;
import ockam.jackson.Command.Measure;
import ockam.jackson.Command.Mode;
import ockam.jackson.Command.Reading;
import ockam.jackson.Command.Rename;
import ockam.jackson.Command.Stop;
import ockam.wire.Codec;
import ockam.wire.DecodeFailure;
import ockam.wire.DecodeFailure.Reason;
import ockam.wire.Decoded;
import ockam.wire.WireException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JacksonCodecsTest {
    private static final Codec<Command> COMMANDS = JacksonCodecs.json().codec(Command.class);
    private static final Codec<Reading> READINGS = JacksonCodecs.json().codec(Reading.class);

    private static List<JacksonCodecs> formats() {
        return List.of(JacksonCodecs.json(), JacksonCodecs.cbor());
    }

    private static ByteString text(String text) {
        return ByteString.fromString(text, StandardCharsets.UTF_8);
    }

    private static <T> DecodeFailure failure(Codec<T> codec, ByteString payload) {
        Decoded<T> decoded = codec.decode(payload);
        assertThat(decoded).isInstanceOf(Decoded.Failure.class);
        return ((Decoded.Failure<T>) decoded).failure();
    }

    private static <T> void assertSurvives(Codec<T> codec, T value) {
        assertThat(codec.decode(codec.encode(value))).isEqualTo(new Decoded.Value<>(value));
    }

    // ---- payloads ----

    @Test
    void writesRecordsAsObjects() {
        assertThat(READINGS.encode(new Reading("t", 20.5))).isEqualTo(text("{\"sensor\":\"t\",\"celsius\":20.5}"));
        assertThat(JacksonCodecs.cbor().codec(Reading.class).encode(new Reading("t", 20.5)))
                .isEqualTo(Hex.string("bf 6673656e736f72 6174 6763656c73697573 fb4034800000000000 ff"));
    }

    @Test
    void writesTheNameOfASubtype() {
        assertThat(COMMANDS.encode(new Stop())).isEqualTo(text("{\"@type\":\"Stop\"}"));
        assertThat(COMMANDS.encode(new Rename("a", Map.of("b", 1))))
                .isEqualTo(text("{\"@type\":\"Rename\",\"name\":\"a\",\"counts\":{\"b\":1}}"));
        assertThat(COMMANDS.encode(new Admin.Reset(true))).isEqualTo(text("{\"@type\":\"reset\",\"all\":true}"));
        assertThat(COMMANDS.encode(Mode.SLOW)).isEqualTo(text("[\"Mode\",\"SLOW\"]"));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void valuesOfAllTypesSurvive(JacksonCodecs codecs) {
        Codec<Command> codec = codecs.codec(Command.class);
        Reading reading = new Reading("t\u00e9\uD83D\uDE00", -0.1);

        assertSurvives(codec, new Measure(reading, List.of(reading, reading)));
        assertSurvives(codec, new Rename("", Map.of("", 0)));
        assertSurvives(codec, new Stop());
        assertSurvives(codec, new Later(new Later(new Admin.Reset(false), 1), Long.MAX_VALUE));
        assertSurvives(codec, Mode.FAST);
        assertSurvives(codec, Mode.SLOW);
        assertSurvives(codecs.codec(Admin.class), new Admin.Reset(true));
        assertSurvives(codecs.codec(Mode.class), Mode.SLOW);
        assertSurvives(codecs.codec(Stop.class), new Stop());
    }

    private record Times(Instant instant, ZonedDateTime zoned, Optional<String> note) {}

    @ParameterizedTest
    @MethodSource("formats")
    void takesModulesOfJackson(JacksonCodecs codecs) {
        Codec<Times> codec = codecs.withModule(new JavaTimeModule())
                .withModule(new Jdk8Module())
                .codec(Times.class);
        Instant instant = Instant.ofEpochSecond(1, 2);
        ZonedDateTime zoned = ZonedDateTime.parse("2026-01-01T00:00:00+01:00[Europe/Paris]");

        assertSurvives(codec, new Times(instant, zoned, Optional.of("note")));
        assertSurvives(codec, new Times(instant, zoned, Optional.empty()));
    }

    @Test
    void leavesOutWhatIsAbsent() {
        record Note(Optional<String> text) {}
        Codec<Note> codec = JacksonCodecs.json().withModule(new Jdk8Module()).codec(Note.class);

        assertThat(codec.encode(new Note(Optional.empty()))).isEqualTo(text("{}"));
        assertThat(codec.decode(text("{}")).orElseThrow()).isEqualTo(new Note(Optional.empty()));
    }

    @Test
    void hasANameWithTypeAndFormat() {
        assertThat(READINGS.name()).isEqualTo("Reading (JSON)");
        assertThat(JacksonCodecs.cbor().codec(Command.class)).hasToString("Command (CBOR)");
    }

    // ---- what is refused ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'sensor':'t','celsius':1,'more':2}     | INVALID_VALUE at byte 34: an unknown property",
                "{'sensor':'t'}                          | INVALID_VALUE at byte 13: no double in celsius",
                "{'celsius':1}                           | INVALID_VALUE at byte 12: no String in sensor",
                "{}                                      | INVALID_VALUE at byte 1: no double in celsius",
                "{'sensor':null,'celsius':1}             | INVALID_VALUE at byte 26: no String in sensor",
                "{'sensor':'t','celsius':null}           | INVALID_VALUE at byte 24: no double in celsius",
                "{'sensor':'t','celsius':'1'}            | INVALID_VALUE at byte 24: no double in celsius",
                "{'sensor':'t','celsius':[1]}            | INVALID_VALUE at byte 24: no double in celsius",
                "{'sensor':1,'celsius':1}                | INVALID_VALUE at byte 10: no String in sensor",
                "{'sensor':'a','sensor':'b','celsius':1} | INVALID_VALUE at byte 22: malformed",
                "{'sensor':'t','celsius':-300}           | INVALID_VALUE at byte 28: refused with IllegalArgumentException",
                "[]                                      | INVALID_VALUE at byte 0: no Reading",
                "5                                       | INVALID_VALUE at byte 0: no Reading",
                "null                                    | INVALID_VALUE at byte 0: it is null",
                "{'sensor':'t','celsius':1} {}           | TRAILING_BYTES at byte 27",
                "{'sensor':'t','celsius':1}x             | TRAILING_BYTES at byte 26",
                "{'sensor':'t','cel                      | TRUNCATED at byte 18",
                "what?                                   | INVALID_VALUE at byte 0: malformed"
            })
    void refusesWhatIsNoReading(String json, String failure) {
        assertThat(failure(READINGS, text(json.strip().replace('\'', '"')))).hasToString(failure);
    }

    private record Numbers(int count, boolean flag, List<String> texts, Mode mode) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'count':1.0,'flag':true,'texts':[],'mode':'FAST'}",
                "{'count':'1','flag':true,'texts':[],'mode':'FAST'}",
                "{'count':true,'flag':true,'texts':[],'mode':'FAST'}",
                "{'count':2147483648,'flag':true,'texts':[],'mode':'FAST'}",
                "{'count':1,'flag':1,'texts':[],'mode':'FAST'}",
                "{'count':1,'flag':'true','texts':[],'mode':'FAST'}",
                "{'count':1,'flag':true,'texts':'','mode':'FAST'}",
                "{'count':1,'flag':true,'texts':null,'mode':'FAST'}",
                "{'count':1,'flag':true,'texts':[null],'mode':'FAST'}",
                "{'count':1,'flag':true,'texts':[1],'mode':'FAST'}",
                "{'count':1,'flag':true,'texts':[],'mode':0}",
                "{'count':1,'flag':true,'texts':[],'mode':''}",
                "{'count':1,'flag':true,'texts':[],'mode':'fast'}"
            })
    void takesNoValueOfOneKindForAnother(String json) {
        Codec<Numbers> codec = JacksonCodecs.json().codec(Numbers.class);
        assertThat(codec.decode(text("{\"count\":1,\"flag\":true,\"texts\":[],\"mode\":\"FAST\"}"))
                        .isValue())
                .isTrue();

        assertThat(failure(codec, text(json.replace('\'', '"'))).reason()).isEqualTo(Reason.INVALID_VALUE);
    }

    @Test
    void refusesOtherEncodingsOfText() {
        assertThat(failure(
                                READINGS,
                                ByteString.fromArray(
                                        "{\"sensor\":\"t\",\"celsius\":1}".getBytes(StandardCharsets.UTF_16BE)))
                        .reason())
                .isEqualTo(Reason.INVALID_VALUE);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void refusesAnEmptyPayload(JacksonCodecs codecs) {
        assertThat(failure(codecs.codec(Reading.class), ByteString.emptyByteString()))
                .hasToString("TRUNCATED at byte 0");
    }

    @ParameterizedTest
    @MethodSource("formats")
    void refusesBytesBehindTheValue(JacksonCodecs codecs) {
        Codec<Reading> codec = codecs.codec(Reading.class);
        ByteString payload = codec.encode(new Reading("t", 1));

        // A tag of CBOR without an item is no token.
        assertThat(failure(codec, payload.concat(ByteString.fromInts(0xc2))))
                .isEqualTo(new DecodeFailure(Reason.TRAILING_BYTES, payload.size()));
        assertThat(failure(codec, payload.concat(payload)))
                .isEqualTo(new DecodeFailure(Reason.TRAILING_BYTES, payload.size()));
    }

    @Test
    void refusesWhatIsBeyondTheLimits() {
        Codec<Command> nested = COMMANDS;
        String deep = "{\"@type\":\"Later\",\"command\":".repeat(100);
        String number = "{\"sensor\":\"t\",\"celsius\":1" + "0".repeat(2000) + "}";
        String name = "{\"" + "n".repeat(300) + "\":1}";
        String text = "{\"sensor\":\"" + "t".repeat(17 * 1024 * 1024) + "\",\"celsius\":1}";

        assertThat(failure(nested, text(deep)).detail()).startsWith("beyond a limit in command.command");
        assertThat(failure(READINGS, text(number)).detail()).startsWith("beyond a limit");
        assertThat(failure(READINGS, text(name)).detail()).startsWith("beyond a limit");
        assertThat(failure(READINGS, text(text)).detail()).startsWith("beyond a limit");
    }

    @Test
    void doesNotWriteWhatIsBeyondTheLimits() {
        Command command = new Stop();
        for (int i = 0; i < 100; i++) {
            command = new Later(command, i);
        }
        Command tooDeep = command;

        assertUnencodable(
                () -> COMMANDS.encode(tooDeep), "the codec Command (JSON) cannot encode the value in command");
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Growing(int count) {}

    @Test
    void ignoresUnknownPropertiesIfTheTypeSaysSo() {
        Codec<Growing> codec = JacksonCodecs.json().codec(Growing.class);

        assertThat(codec.decode(text("{\"count\":1,\"later\":{}}")).orElseThrow())
                .isEqualTo(new Growing(1));
    }

    /** What the sender chose freely is not logged: values, keys, unknown names, names of types that do not look like names. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'@type':'a secret'}",
                "{'@type':'Rename','secret':1}",
                "{'@type':'Rename','name':'secret','counts':{'secret':'secret'}}",
                "{'@type':'Rename','name':'secret','counts':'secret'}",
                "{'@type':'Measure','reading':{'sensor':'secret','celsius':-300},'earlier':[]}",
                "{'@type':'Measure','reading':{'sensor':'secret','celsius':secret}",
                "{'@type':'Mode','secret':1}",
                "['Mode','secret']",
                "'secret'",
                "secret"
            })
    void repeatsNothingThatTheSenderChose(String json) {
        assertThat(failure(COMMANDS, text(json.replace('\'', '"'))).toString()).doesNotContain("secret");
    }

    @Test
    void tellsWhere() {
        assertThat(
                        failure(
                                COMMANDS,
                                text(
                                        "{\"@type\":\"Measure\",\"reading\":{\"sensor\":\"t\",\"celsius\":1},\"earlier\":[{\"celsius\":[]}]}")))
                .hasToString("INVALID_VALUE at byte 78: no double in earlier[0].celsius");
        assertThat(failure(COMMANDS, text("{\"@type\":\"Rename\",\"name\":\"a\",\"counts\":{\"b\":[]}}")))
                .hasToString("INVALID_VALUE at byte 43: no Integer in counts.?");
    }

    // ---- names of types ----

    @ParameterizedTest
    @MethodSource("formats")
    void refusesAnotherTypeAndNamesBoth(JacksonCodecs codecs) {
        ByteString stop = codecs.codec(Command.class).encode(new Stop());

        assertThat(failure(codecs.codec(Admin.class), stop).detail()).isEqualTo("Stop is no type of Admin");
        assertThat(failure(codecs.codec(Reading.class), stop).detail()).isEqualTo("no double in celsius");
        assertThat(failure(
                                codecs.codec(Command.class),
                                codecs.codec(Reading.class).encode(new Reading("t", 1)))
                        .detail())
                .isEqualTo("there is no type of Command");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ockam.jackson.Command$Stop",
                "Command$Stop",
                "stop",
                "Reading",
                "Command",
                "Admin",
                "java.lang.Object",
                "java.util.HashMap"
            })
    void knowsNoTypeButByItsName(String name) {
        assertThat(failure(COMMANDS, text("{\"@type\":\"" + name + "\"}")).detail())
                .isEqualTo(name + " is no type of Command");
    }

    private interface Shape {}

    private record Circle(int radius) implements Shape {}

    private record Square(int side) implements Shape {}

    private record Drawing(List<Shape> shapes) {}

    @ParameterizedTest
    @MethodSource("formats")
    void knowsTypesThatWereGivenNames(JacksonCodecs codecs) {
        JacksonCodecs shapes = codecs.withSubtype(Shape.class, "circle", Circle.class)
                .withSubtype(Shape.class, "square", Square.class);

        assertSurvives(shapes.codec(Shape.class), new Circle(1));
        assertSurvives(shapes.codec(Drawing.class), new Drawing(List.of(new Circle(1), new Square(2))));
        assertSurvives(shapes.codec(Circle.class), new Circle(1));
    }

    @Test
    void writesNoTypeWithoutAName() {
        JacksonCodecs circles = JacksonCodecs.json().withSubtype(Shape.class, "circle", Circle.class);

        assertUnencodable(
                () -> circles.codec(Shape.class).encode(new Square(1)),
                "the codec Shape (JSON) cannot encode a " + Square.class.getName()
                        + ", which has no name among the subtypes of " + Shape.class.getName());
        assertUnencodable(
                () -> circles.codec(Drawing.class).encode(new Drawing(List.of(new Circle(1), new Square(1)))),
                "the codec Drawing (JSON) cannot encode a " + Square.class.getName()
                        + ", which has no name among the subtypes of " + Shape.class.getName() + " in shapes[1]");
    }

    @Test
    void prefersTheNamesThatWereGiven() {
        Codec<Command> codec = JacksonCodecs.json()
                .withSubtype(Command.class, "halt", Stop.class)
                .codec(Command.class);

        assertThat(codec.encode(new Stop())).isEqualTo(text("{\"@type\":\"halt\"}"));
        assertSurvives(codec, new Stop());
        assertThat(failure(codec, text("{\"@type\":\"Stop\"}")).detail()).isEqualTo("Stop is no type of Command");
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({@JsonSubTypes.Type(value = Cat.class, name = "cat"), @JsonSubTypes.Type(Dog.class)})
    private interface Animal {}

    private record Cat(int lives) implements Animal {}

    private record Dog(String name) implements Animal {}

    @Test
    void takesTheNamesOfAnnotations() {
        Codec<Animal> codec = JacksonCodecs.json().codec(Animal.class);

        assertThat(codec.encode(new Cat(9))).isEqualTo(text("{\"kind\":\"cat\",\"lives\":9}"));
        assertSurvives(codec, new Cat(9));
        assertSurvives(codec, new Dog("Rex"));
        assertSurvives(JacksonCodecs.json().codec(Dog.class), new Dog("Rex"));
    }

    private static void assertNoCodec(ThrowingCallable making, String why) {
        assertThatThrownBy(making).isInstanceOf(IllegalArgumentException.class).satisfies(failure -> {
            String text = failure.getMessage()
                    + (failure.getCause() == null ? "" : failure.getCause().getMessage());
            assertThat(text).contains(why);
        });
    }

    sealed interface Twice {
        record One(int a) implements Twice {}

        sealed interface Inner extends Twice {
            record One(int b) implements Inner {}
        }
    }

    @Test
    void refusesTwoTypesOfOneName() {
        assertNoCodec(() -> JacksonCodecs.json().codec(Twice.class), "are both called One");
        assertNoCodec(
                () -> JacksonCodecs.json()
                        .withSubtype(Shape.class, "shape", Circle.class)
                        .withSubtype(Shape.class, "shape", Square.class),
                "two subtypes of " + Shape.class.getName() + " are called shape");
        assertNoCodec(
                () -> JacksonCodecs.json()
                        .withSubtype(Command.class, "Stop", Rename.class)
                        .codec(Command.class),
                "are both called Stop");
    }

    @Test
    void refusesTypesThatCannotBeRead() {
        assertNoCodec(() -> JacksonCodecs.json().codec(Shape.class), "no subtype of it has a name");
        assertNoCodec(() -> JacksonCodecs.json().codec(Thread.class), "there is no codec for java.lang.Thread");
    }

    // ---- classes in payloads ----

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    private interface ByClass {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
    sealed interface ByMinimalClass {
        record Only(int a) implements ByMinimalClass {}
    }

    private record Holder(
            @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Object content) {}

    private record Outer(ByClass inner) {}

    @Test
    void refusesAnnotationsThatPutClassesIntoPayloads() {
        assertNoCodec(() -> JacksonCodecs.json().codec(ByClass.class), "may only be told by names");
        assertNoCodec(() -> JacksonCodecs.json().codec(ByMinimalClass.class), "may only be told by names");
        assertNoCodec(() -> JacksonCodecs.json().codec(Outer.class), "may only be told by names");
        assertNoCodec(() -> JacksonCodecs.json().codec(Holder.class), "@JsonTypeInfo belongs to a type");
    }

    @Test
    void refusesDefaultTyping() {
        SimpleModule module = new SimpleModule() {
            private static final long serialVersionUID = 1L;

            @Override
            public void setupModule(SetupContext context) {
                ObjectMapper mapper = context.getOwner();
                mapper.activateDefaultTyping(BasicPolymorphicTypeValidator.builder()
                        .allowIfSubType(Object.class)
                        .build());
            }
        };

        assertThatThrownBy(() -> JacksonCodecs.json().withModule(module))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("one of the modules activates default typing");
    }

    // ---- nulls, and whatever else cannot be written ----

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what the tests are about
    private static <T> T noValue() {
        return null;
    }

    private static void assertUnencodable(ThrowingCallable encoding, String message) {
        assertThatThrownBy(encoding)
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.reason()).isEqualTo(WireException.Reason.UNENCODABLE))
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void tellsWhereANullIs(JacksonCodecs codecs) {
        Codec<Command> codec = codecs.codec(Command.class);
        String cannot = "the codec " + codec.name() + " cannot encode null";
        Map<String, Integer> counts = new HashMap<>();
        counts.put("secret", noValue());

        assertUnencodable(() -> codec.encode(noValue()), cannot);
        assertUnencodable(() -> codec.encode(new Measure(noValue(), List.of())), cannot + " in reading");
        assertUnencodable(
                () -> codec.encode(new Measure(new Reading(noValue(), 1), List.of())), cannot + " in reading.sensor");
        assertUnencodable(
                () -> codec.encode(new Measure(new Reading("t", 1), Arrays.asList(new Reading("t", 1), noValue()))),
                cannot + " in earlier[1]");
        assertUnencodable(() -> codec.encode(new Rename("a", counts)), cannot + " in counts");
    }

    /** JSON has escapes for it, UTF-8 has no bytes. */
    @Test
    void keepsHalfOfASurrogatePairOrRefusesIt() {
        assertSurvives(READINGS, new Reading("\uD83D", 1));
        assertUnencodable(
                () -> JacksonCodecs.cbor().codec(Reading.class).encode(new Reading("\uD83D", 1)),
                "the codec Reading (CBOR) cannot encode the value in sensor");
    }

    private record When(Instant instant) {}

    private record Pages(List<When> pages) {}

    private record Noted(Optional<String> note) {}

    private record Tree(List<Tree> branches) {}

    private sealed interface Event permits Began, Ended {}

    private record Began() implements Event {}

    private record Ended(Map<String, Instant> times) implements Event {}

    private static void assertNeedsAModule(Class<?> type, String text) {
        assertThatThrownBy(() -> JacksonCodecs.json().codec(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no codec for ockam.jackson.JacksonCodecsTest$")
                .hasMessageEndingWith(text + " needs one of Jackson's modules; see JacksonCodecs.withModule");
    }

    @Test
    void tellsWhichPropertyNeedsAModuleOfJackson() {
        assertNeedsAModule(When.class, "$When: java.time.Instant in instant");
        assertNeedsAModule(Pages.class, "$Pages: java.time.Instant in pages.instant");
        assertNeedsAModule(Noted.class, "$Noted: java.util.Optional in note");
        assertNeedsAModule(Event.class, "$Ended: java.time.Instant in times");
    }

    @Test
    void withTheModuleThereIsACodec() {
        JacksonCodecs codecs = JacksonCodecs.json().withModule(new JavaTimeModule());

        assertSurvives(codecs.codec(Pages.class), new Pages(List.of(new When(Instant.EPOCH))));
        assertSurvives(codecs.codec(Event.class), new Ended(Map.of("noon", Instant.EPOCH)));
    }

    @Test
    void typeMayContainItself() {
        assertSurvives(JacksonCodecs.cbor().codec(Tree.class), new Tree(List.of(new Tree(List.of()))));
    }
}
