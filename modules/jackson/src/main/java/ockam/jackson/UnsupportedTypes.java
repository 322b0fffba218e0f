// SPDX-License-Identifier: Apache-2.0

package ockam.jackson;

import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.impl.TypeWrappedDeserializer;
import com.fasterxml.jackson.databind.deser.impl.UnsupportedTypeDeserializer;
import com.fasterxml.jackson.databind.deser.std.ContainerDeserializerBase;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the properties that Jackson reads only with one of its modules, of which it would complain only at the first message. */
final class UnsupportedTypes {
    private final Set<JsonDeserializer<?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private UnsupportedTypes() {}

    /** The first such property, with its type, in words. */
    static Optional<String> in(JsonDeserializer<?> root) {
        return new UnsupportedTypes().find(root, "");
    }

    private Optional<String> find(@Nullable JsonDeserializer<?> reading, String path) {
        if (reading == null || !seen.add(reading)) {
            return Optional.empty();
        }
        if (reading instanceof UnsupportedTypeDeserializer unsupported) {
            return Optional.of(unsupported.handledType().getName() + (path.isEmpty() ? "" : " in " + path));
        }
        if (reading instanceof TypeWrappedDeserializer wrapped) {
            return find(wrapped.getDelegatee(), path);
        }
        if (reading instanceof ContainerDeserializerBase<?> container) {
            return find(container.getContentDeserializer(), path);
        }
        if (reading instanceof BeanDeserializerBase bean) {
            return find(bean.properties(), path).or(() -> find(bean.creatorProperties(), path));
        }
        return Optional.empty();
    }

    private Optional<String> find(Iterator<SettableBeanProperty> properties, String path) {
        while (properties.hasNext()) {
            SettableBeanProperty property = properties.next();
            String name = path.isEmpty() ? property.getName() : path + "." + property.getName();
            Optional<String> found = find(property.getValueDeserializer(), name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
