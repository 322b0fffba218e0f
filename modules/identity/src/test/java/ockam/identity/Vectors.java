// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;

/** The vectors recorded from Rust. */
final class Vectors {
    static final JsonNode IDENTITIES = read("/vectors/rust-identities.json");
    static final JsonNode CREDENTIALS = read("/vectors/rust-credentials.json");

    private Vectors() {}

    static Stream<JsonNode> entries(JsonNode file, String name) {
        JsonNode list = file.required(name);
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** Returns the same, each entry under a name that identifies it in reports. */
    static Stream<Named<JsonNode>> named(JsonNode file, String name, String field) {
        return entries(file, name).map(entry -> Named.of(text(entry, field), entry));
    }

    static String text(JsonNode entry, String field) {
        return entry.required(field).textValue();
    }

    private static JsonNode read(String name) {
        try (InputStream file = Objects.requireNonNull(Vectors.class.getResourceAsStream(name), name)) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
