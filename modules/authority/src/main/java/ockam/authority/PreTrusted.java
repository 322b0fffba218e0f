// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import ockam.wire.Attributes;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import ockam.wire.WireException;

/**
 * Members that an authority has by its configuration: its enrollers can neither remove nor change them (authority, section 2.2). A process
 * that starts the same authority with other ones, on the same store, replaces them.
 *
 * @param members their identifiers, and what the authority says about them
 */
public record PreTrusted(Map<Identifier, Attributes> members) {
    private static final PreTrusted NONE = new PreTrusted(Map.of());
    private static final long MAX_FILE_SIZE = 16L * 1024 * 1024;

    /** Copies the members. */
    public PreTrusted {
        members = Map.copyOf(members);
    }

    /** Returns none. */
    public static PreTrusted none() {
        return NONE;
    }

    /** Returns one member whose role is that of an enroller: who makes tokens, and adds and removes members. */
    public static PreTrusted enroller(Identifier identifier) {
        return new PreTrusted(Map.of(identifier, Roles.ENROLLER));
    }

    /** Returns these and another one; of the same identifier, the later one counts. */
    public PreTrusted with(Identifier identifier, Attributes attributes) {
        Map<Identifier, Attributes> all = new HashMap<>(members);
        all.put(identifier, attributes);
        return new PreTrusted(all);
    }

    /**
     * Reads the form of Ockam's command line: an object in JSON, of identifiers, each with an object of names and values, all of them texts.
     */
    public static Decoded<PreTrusted> decode(String json) {
        return Json.read(json).flatMap(PreTrusted::read);
    }

    private static Decoded<PreTrusted> read(JsonNode node) {
        Map<Identifier, Attributes> members = new HashMap<>();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            Map<String, String> texts = new HashMap<>();
            for (Map.Entry<String, JsonNode> attribute : member.getValue().properties()) {
                if (!attribute.getValue().isTextual()) {
                    return Decoded.refused("an attribute of a pre-trusted member is no text");
                }
                texts.put(attribute.getKey(), attribute.getValue().textValue());
            }
            try {
                if (!member.getValue().isObject()
                        || members.put(Identifier.parse(member.getKey()), Attributes.ofTexts(texts)) != null) {
                    return Decoded.refused("a pre-trusted member is twice there, or has no object of attributes");
                }
            } catch (WireException e) {
                return Decoded.refused("a pre-trusted member: " + e.getMessage());
            }
        }
        return new Decoded.Value<>(new PreTrusted(members));
    }

    /**
     * Reads such a file, of at most 16 MiB, on the calling thread.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it has another form; the text says why
     */
    public static PreTrusted read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_SIZE) {
            throw new IllegalArgumentException(file + " is larger than 16 MiB");
        }
        Decoded<PreTrusted> decoded = decode(Files.readString(file));
        if (decoded instanceof Decoded.Failure<PreTrusted> refused) {
            throw new IllegalArgumentException(file + ": " + refused.failure().detail());
        }
        return decoded.orElseThrow();
    }
}
