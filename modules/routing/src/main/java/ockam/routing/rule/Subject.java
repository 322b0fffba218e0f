// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import java.util.HashMap;
import java.util.Map;
import ockam.routing.rule.Value.Text;
import ockam.routing.rule.Value.Truth;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * Whom a {@link Rule} is about, and what is known of it: the environment of an evaluation (authority, section 8.1). A node makes one for
 * each peer of a channel; applications need them only to try rules.
 *
 * <p>Names are {@code subject.identifier}, {@code subject.has_credential}, and {@code subject.} with the name of each attribute. The
 * first two cannot be changed by attributes with these names, as they can in other implementations. An attribute whose name or value is
 * not UTF-8 is left out. Immutable.
 */
public final class Subject {
    static final String PREFIX = "subject.";
    static final String IDENTIFIER = PREFIX + "identifier";
    static final String HAS_CREDENTIAL = PREFIX + "has_credential";

    private final Map<String, Value> environment = new HashMap<>();

    private Subject(Identifier identifier, @Nullable Truth hasCredential, Attributes attributes) {
        attributes.texts().forEach((name, value) -> environment.put(PREFIX + name, new Text(value)));
        // After the attributes: an attribute of one of these names is no more than a claim.
        environment.put(IDENTIFIER, new Text(identifier.toString()));
        environment.remove(HAS_CREDENTIAL);
        if (hasCredential != null) {
            environment.put(HAS_CREDENTIAL, hasCredential);
        }
    }

    /** Returns an identity of which nothing else is known, because nobody is asked: a rule about anything else denies it. */
    public static Subject of(Identifier identifier) {
        return new Subject(identifier, null, Attributes.none());
    }

    /** Returns an identity of which the authority that counts says nothing. */
    public static Subject withoutCredential(Identifier identifier) {
        return new Subject(identifier, Truth.FALSE, Attributes.none());
    }

    /** Returns an identity with the attributes that an authority says it has. */
    public static Subject of(Identifier identifier, Attributes attributes) {
        return new Subject(identifier, Truth.TRUE, attributes);
    }

    @Nullable
    Value find(String name) {
        return environment.get(name);
    }

    /** Prints the identifier, and neither names nor values of attributes. */
    @Override
    public String toString() {
        return environment.get(IDENTIFIER) instanceof Text identifier ? identifier.text() : "";
    }
}
