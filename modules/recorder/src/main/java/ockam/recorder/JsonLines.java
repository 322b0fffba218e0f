// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import akka.util.ByteString;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import ockam.wire.Address;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * One line of JSON for each event, after one for its process:
 *
 * <pre>
 * {"process":"example","lost":0}
 * {"time":"2026-11-24T10:15:30.123456Z","node":"alice","event":"message-delivered","addresses":["0#app","0#h1"],
 *  "route":["0#h1","0#echoer"],"return":["0#app"],"size":13,"flow":1,"attributes":{}}
 * </pre>
 *
 * <p>An address that is no text is an object instead, with the number of its transport and its bytes in hex.
 */
final class JsonLines {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonLines() {}

    // ---- writing ----

    static String write(List<Recording.Part> processes) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.setRootValueSeparator(null);
            for (Recording.Part process : processes) {
                json.writeStartObject();
                json.writeStringField("process", process.name());
                json.writeNumberField("lost", process.lost());
                json.writeEndObject();
                json.writeRaw('\n');
                for (Recorded event : process.events()) {
                    write(event, json);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text in memory has no such troubles
        }
        return out.toString();
    }

    private static void write(Recorded event, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("time", event.time().toString());
        json.writeStringField("node", event.node());
        json.writeStringField("event", event.event());
        write("addresses", event.addresses(), json);
        write("route", event.route(), json);
        write("return", event.returnRoute(), json);
        json.writeNumberField("size", event.size());
        if (event.flow().isPresent()) {
            json.writeNumberField("flow", event.flow().getAsLong());
        }
        json.writeObjectFieldStart("attributes");
        for (Map.Entry<String, String> attribute : new TreeMap<>(event.attributes()).entrySet()) {
            json.writeStringField(attribute.getKey(), attribute.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private static void write(String field, Iterable<Address> addresses, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(field);
        for (Address address : addresses) {
            String text = address.value().utf8String();
            if (Address.of(address.transport(), text).equals(address)) {
                json.writeString(address.transport() + "#" + text);
            } else {
                json.writeStartObject();
                json.writeNumberField("transport", address.transport());
                json.writeStringField(
                        "hex", HexFormat.of().formatHex(address.value().toArray()));
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    // ---- reading ----

    /** Reads lines; what is wrong is reported with the name of the file and the number of the line. */
    static List<Recording.Part> read(BufferedReader in, String file) throws IOException {
        List<Recording.Part> heads = new ArrayList<>();
        List<List<Recorded>> events = new ArrayList<>();
        int number = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            number++;
            try {
                Line read = new Line(line);
                if (read.isProcess()) {
                    heads.add(read.process());
                    events.add(new ArrayList<>());
                } else if (events.isEmpty()) {
                    throw new IllegalArgumentException("the first line is that of the process");
                } else {
                    events.get(events.size() - 1).add(read.event());
                }
            } catch (IOException | RuntimeException e) {
                throw new IOException(file + ", line " + number + ": " + e.getMessage(), e);
            }
        }
        return IntStream.range(0, heads.size())
                .mapToObj(i ->
                        new Recording.Part(heads.get(i).name(), heads.get(i).lost(), events.get(i)))
                .toList();
    }

    /** The fields of a line. */
    private static final class Line {
        private final Map<String, String> texts = new LinkedHashMap<>();
        private final Map<String, Long> numbers = new LinkedHashMap<>();
        private final Map<String, List<Address>> addresses = new LinkedHashMap<>();
        private final Map<String, String> attributes = new LinkedHashMap<>();

        Line(String line) throws IOException {
            try (JsonParser json = JSON.createParser(line)) {
                expect(json.nextToken(), JsonToken.START_OBJECT);
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    field(json.currentName(), json.nextToken(), json);
                }
                if (json.nextToken() != null) {
                    throw new IllegalArgumentException("more than one value");
                }
            }
        }

        private void field(String name, JsonToken value, JsonParser json) throws IOException {
            switch (value) {
                case VALUE_STRING -> texts.put(name, json.getText());
                case VALUE_NUMBER_INT -> numbers.put(name, json.getLongValue());
                case START_ARRAY -> addresses.put(name, addresses(json));
                case START_OBJECT -> attributes(json);
                default -> throw new IllegalArgumentException(name + " is of another type");
            }
        }

        private void attributes(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                expect(json.nextToken(), JsonToken.VALUE_STRING);
                attributes.put(name, json.getText());
            }
        }

        private static List<Address> addresses(JsonParser json) throws IOException {
            List<Address> addresses = new ArrayList<>();
            for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    String text = json.getText();
                    int mark = text.indexOf('#');
                    if (mark < 0) {
                        throw new IllegalArgumentException("an address has a '#'");
                    }
                    addresses.add(Address.of(Integer.parseInt(text.substring(0, mark)), text.substring(mark + 1)));
                } else {
                    expect(token, JsonToken.START_OBJECT);
                    addresses.add(noText(json));
                }
            }
            return addresses;
        }

        private static Address noText(JsonParser json) throws IOException {
            int transport = -1;
            ByteString value = ByteString.emptyByteString();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean isTransport = json.currentName().equals("transport");
                json.nextToken();
                if (isTransport) {
                    transport = json.getIntValue();
                } else {
                    value = ByteString.fromArray(HexFormat.of().parseHex(json.getText()));
                }
            }
            return Address.of(transport, value);
        }

        private static void expect(JsonToken found, JsonToken wanted) {
            if (found != wanted) {
                throw new IllegalArgumentException("no line of a recording");
            }
        }

        boolean isProcess() {
            return texts.containsKey("process");
        }

        Recording.Part process() {
            return new Recording.Part(text("process"), number("lost"), List.of());
        }

        Recorded event() {
            Long flow = numbers.get("flow");
            return new Recorded(
                    Instant.parse(text("time")),
                    text("node"),
                    text("event"),
                    list("addresses"),
                    Route.of(list("route")),
                    Route.of(list("return")),
                    Math.toIntExact(number("size")),
                    flow == null ? OptionalLong.empty() : OptionalLong.of(flow),
                    attributes);
        }

        private String text(String name) {
            return required(texts.get(name), name);
        }

        private long number(String name) {
            return required(numbers.get(name), name);
        }

        private List<Address> list(String name) {
            return required(addresses.get(name), name);
        }

        private static <T> T required(@Nullable T value, String name) {
            if (value == null) {
                throw new IllegalArgumentException(name + " is missing");
            }
            return value;
        }
    }
}
