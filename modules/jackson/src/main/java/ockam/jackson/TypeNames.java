// SPDX-License-Identifier: Apache-2.0

package ockam.jackson;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DatabindContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.jsontype.impl.TypeIdResolverBase;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names of the subtypes of one type, both ways: no others are written or read. */
final class TypeNames extends TypeIdResolverBase {
    private final JavaType base;
    private final Map<String, Class<?>> types;
    private final Map<Class<?>, String> names = new HashMap<>();

    TypeNames(JavaType base, Map<String, Class<?>> types) {
        this.base = base;
        this.types = types;
        types.forEach((name, type) -> names.put(type, name));
    }

    @Override
    public JsonTypeInfo.Id getMechanism() {
        return JsonTypeInfo.Id.NAME;
    }

    @Override
    public String idFromValue(Object value) {
        Class<?> type = value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
        return idFromValueAndType(value, type);
    }

    @Override
    public String idFromValueAndType(@Nullable Object value, Class<?> type) {
        String name = names.get(type);
        if (name == null) {
            throw new Unencodable("a " + type.getName() + ", which has no name among the subtypes of "
                    + base.getRawClass().getName());
        }
        return name;
    }

    @Override
    public @Nullable JavaType typeFromId(DatabindContext context, String name) {
        Class<?> type = types.get(name);
        return type == null ? null : context.constructSpecializedType(base, type);
    }

    @Override
    public String getDescForKnownTypeIds() {
        return String.join(", ", types.keySet());
    }
}
