// SPDX-License-Identifier: Apache-2.0

package ockam.jackson;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import com.fasterxml.jackson.databind.annotation.JsonTypeResolver;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedClassResolver;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides for Jackson which types are written with a name, and with which. The names of a type's subtypes form a closed set, known when a
 * codec is made.
 */
final class NamedTypes extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    private static final JsonTypeInfo.Value BY_NAME = JsonTypeInfo.Value.construct(
            JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, "@type", null, false, true, null);

    private final transient Map<Class<?>, Map<String, Class<?>>> registered;

    /** The names that were registered for the subtypes of each type. */
    NamedTypes(Map<Class<?>, Map<String, Class<?>>> registered) {
        this.registered = registered;
    }

    /** The types that have names because they are subtypes of this one. */
    Collection<Class<?>> subtypes(MapperConfig<?> config, Class<?> type) {
        AnnotatedClass annotated = AnnotatedClassResolver.resolve(config, config.constructType(type), config);
        return typeInfo(annotated) == null ? List.of() : names(annotated).values();
    }

    @Override
    public @Nullable TypeResolverBuilder<?> findTypeResolver(
            MapperConfig<?> config, AnnotatedClass type, JavaType baseType) {
        JsonTypeInfo.Value info = typeInfo(type);
        return info == null ? null : new StdTypeResolverBuilder().init(info, new TypeNames(baseType, names(type)));
    }

    @Override
    public @Nullable TypeResolverBuilder<?> findPropertyTypeResolver(
            MapperConfig<?> config, AnnotatedMember member, JavaType baseType) {
        return refuseOnMember(member);
    }

    @Override
    public @Nullable TypeResolverBuilder<?> findPropertyContentTypeResolver(
            MapperConfig<?> config, AnnotatedMember member, JavaType containerType) {
        return refuseOnMember(member);
    }

    private @Nullable TypeResolverBuilder<?> refuseOnMember(AnnotatedMember member) {
        if (member.hasAnnotation(JsonTypeInfo.class)) {
            throw new IllegalArgumentException("@JsonTypeInfo belongs to a type, not to " + member.getFullName());
        }
        return null;
    }

    /** How the subtypes of a type are named, or null if it stands for itself only. */
    private JsonTypeInfo.@Nullable Value typeInfo(AnnotatedClass type) {
        JsonTypeInfo.Value annotated = findPolymorphicTypeInfo(null, type);
        if (type.hasAnnotation(JsonTypeIdResolver.class)
                || type.hasAnnotation(JsonTypeResolver.class)
                || (annotated != null && annotated.getIdType() != JsonTypeInfo.Id.NAME)) {
            throw new IllegalArgumentException("the subtypes of " + type.getName()
                    + " may only be told by names: @JsonTypeInfo(use = JsonTypeInfo.Id.NAME), or no annotation");
        }
        if (!isSealed(type.getRawType())
                && !registered.containsKey(type.getRawType())
                && (annotated == null || !isAbstract(type.getRawType()))) {
            return null; // also for a subtype, which inherits the annotation
        }
        return annotated == null ? BY_NAME : annotated;
    }

    private Map<String, Class<?>> names(AnnotatedClass base) {
        Map<Class<?>, String> chosen = new LinkedHashMap<>();
        List<NamedType> annotated = findSubtypes(base);
        for (NamedType subtype : annotated == null ? List.<NamedType>of() : annotated) {
            chosen.put(subtype.getType(), subtype.hasName() ? subtype.getName() : name(subtype.getType()));
        }
        registered.getOrDefault(base.getRawType(), Map.of()).forEach((name, subtype) -> chosen.put(subtype, name));
        addConcrete(base.getRawType(), chosen);

        Map<String, Class<?>> names = new LinkedHashMap<>();
        chosen.forEach((subtype, name) -> {
            Class<?> other = names.put(name, subtype);
            if (other != null) {
                throw new IllegalArgumentException("%s and %s are both called %s: give one of them a @JsonTypeName"
                        .formatted(other.getName(), subtype.getName(), name));
            }
        });
        return names;
    }

    private static void addConcrete(Class<?> type, Map<Class<?>, String> chosen) {
        if (!isAbstract(type)) {
            chosen.computeIfAbsent(type, NamedTypes::name);
        }
        if (isSealed(type)) {
            for (Class<?> subtype : type.getPermittedSubclasses()) {
                addConcrete(subtype, chosen);
            }
        }
    }

    private static String name(Class<?> type) {
        JsonTypeName given = type.getAnnotation(JsonTypeName.class);
        return given == null || given.value().isEmpty() ? type.getSimpleName() : given.value();
    }

    /** An enum whose constants have bodies is sealed too, but one type all the same. */
    private static boolean isSealed(Class<?> type) {
        return type.isSealed() && !type.isEnum();
    }

    private static boolean isAbstract(Class<?> type) {
        return Modifier.isAbstract(type.getModifiers()) && !type.isEnum();
    }
}
