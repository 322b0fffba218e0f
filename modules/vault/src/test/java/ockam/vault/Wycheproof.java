// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Consumer;

/** Runs all the vectors of a Wycheproof file, and counts them. */
final class Wycheproof {
    private Wycheproof() {}

    /** One vector and its group. */
    record Vector(JsonNode group, JsonNode test) {
        byte[] bytes(String field) {
            return HexFormat.of().parseHex(test.required(field).textValue());
        }

        boolean isValid() {
            return is("valid");
        }

        boolean isInvalid() {
            return is("invalid");
        }

        boolean isAcceptable() {
            return is("acceptable");
        }

        boolean hasFlag(String flag) {
            for (JsonNode each : test.required("flags")) {
                if (each.textValue().equals(flag)) {
                    return true;
                }
            }
            return false;
        }

        private boolean is(String result) {
            return test.required("result").textValue().equals(result);
        }

        String name() {
            return "tcId " + test.required("tcId") + " " + test.required("comment") + " " + test.required("flags");
        }
    }

    /** Runs the check on every vector of the file, and asserts that there are as many as the file says. */
    static void forEach(String file, Consumer<Vector> check) {
        JsonNode root = read(file);
        int run = 0;
        for (JsonNode group : root.required("testGroups")) {
            for (JsonNode test : group.required("tests")) {
                var vector = new Vector(group, test);
                assertThat(vector.isValid() || vector.isInvalid() || vector.isAcceptable())
                        .as(vector.name())
                        .isTrue();
                check.accept(vector);
                run++;
            }
        }
        assertThat(run).isPositive().isEqualTo(root.required("numberOfTests").intValue());
    }

    private static JsonNode read(String file) {
        try (InputStream in = Wycheproof.class.getResourceAsStream("/wycheproof/" + file)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, file));
        } catch (IOException e) {
            throw new AssertionError(file, e);
        }
    }
}
