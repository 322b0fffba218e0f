// SPDX-License-Identifier: Apache-2.0

package ockam.jackson;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.AbstractDeserializer;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ockam.wire.Codec;

/**
 * Makes codecs for records, beans and sealed hierarchies, all in the same format and with the same settings.
 *
 * <pre>{@code
 * Codec<Command> commands = JacksonCodecs.json().codec(Command.class);
 * }</pre>
 *
 * <p>A sealed interface or class needs no annotations: each of its concrete subtypes is written with its simple name, or that of
 * {@code @JsonTypeName}, in the property {@code @type}. A type that is not sealed gets names for its subtypes by {@link #withSubtype}, or by
 * {@code @JsonTypeInfo} and {@code @JsonSubTypes}. Nothing else names a type: Jackson's default typing is always off, and annotations that
 * put classes into payloads are refused.
 *
 * <p>Payloads are read strictly. These are refused: unknown and repeated properties, missing ones and nulls in a record, values of another
 * kind, names of other types, bytes after the value, arrays and objects nested more than 64 deep, texts of more than 16 MiB, numbers
 * of more than 1,000 characters, and names of more than 256. What may be absent is an {@code Optional}, for which Jackson needs its module
 * {@code jackson-datatype-jdk8}. A type whose later versions may have more properties is annotated with
 * {@code @JsonIgnoreProperties(ignoreUnknown = true)}.
 *
 * <p>Immutable and thread safe; so are the codecs. Make them once, as each keeps what Jackson has learned about its types.
 */
public final class JacksonCodecs {
    private final Format format;
    private final List<Module> modules;
    private final Map<Class<?>, Map<String, Class<?>>> subtypes;
    private final NamedTypes types;
    private final ObjectMapper mapper;

    private JacksonCodecs(Format format, List<Module> modules, Map<Class<?>, Map<String, Class<?>>> subtypes) {
        this.format = format;
        this.modules = modules;
        this.subtypes = subtypes;
        this.types = new NamedTypes(subtypes);
        this.mapper = mapper(format, modules, types);
    }

    /** Returns codecs whose payloads are JSON, in UTF-8. */
    public static JacksonCodecs json() {
        return new JacksonCodecs(Format.JSON, List.of(), Map.of());
    }

    /** Returns codecs whose payloads are CBOR: the same values in fewer bytes. */
    public static JacksonCodecs cbor() {
        return new JacksonCodecs(Format.CBOR, List.of(), Map.of());
    }

    /**
     * Returns the same codecs with one of Jackson's modules, such as that for {@code java.time} or {@code Optional}. Throws
     * {@link IllegalArgumentException} for a module that activates default typing.
     */
    public JacksonCodecs withModule(Module module) {
        List<Module> more = new ArrayList<>(modules);
        more.add(module);
        return new JacksonCodecs(format, List.copyOf(more), subtypes);
    }

    /**
     * Returns the same codecs with a name for a subtype of a type that is not sealed, or a different name for that of one that is. Throws
     * {@link IllegalArgumentException} if the name is taken.
     */
    public <B> JacksonCodecs withSubtype(Class<B> base, String name, Class<? extends B> subtype) {
        Map<String, Class<?>> names = new HashMap<>(subtypes.getOrDefault(base, Map.of()));
        if (names.putIfAbsent(name, subtype) != null) {
            throw new IllegalArgumentException("two subtypes of " + base.getName() + " are called " + name);
        }
        Map<Class<?>, Map<String, Class<?>>> more = new HashMap<>(subtypes);
        more.put(base, Map.copyOf(names));
        return new JacksonCodecs(format, modules, Map.copyOf(more));
    }

    /**
     * Returns the codec of a type. Throws {@link IllegalArgumentException}, in most cases with Jackson's exception as its cause, if Jackson
     * cannot read and write the type, two of its subtypes have the same name, one of its annotations puts classes into payloads, or one of
     * its properties has a type that needs one of Jackson's modules.
     *
     * <p>For a generic type such as {@code List<Reading>}, take the codec of a record that has it as its component: a class says nothing of
     * what is in the list.
     */
    public <T> Codec<T> codec(Class<T> type) {
        require(type);
        for (Class<?> subtype : types.subtypes(mapper.getDeserializationConfig(), type)) {
            require(subtype);
        }
        return new JacksonCodec<>(
                format, type.getSimpleName() + " (" + format + ")", mapper.readerFor(type), mapper.writerFor(type));
    }

    /** Has Jackson look at the type now, when a mistake is still the application's own. */
    private void require(Class<?> type) {
        JavaType javaType = mapper.constructType(type);
        boolean withoutSubtypes;
        Optional<String> withoutModule;
        try {
            mapper.getSerializerProviderInstance().findTypedValueSerializer(javaType, false, null);
            JsonDeserializer<?> reading = context().findRootValueDeserializer(javaType);
            withoutSubtypes = reading instanceof AbstractDeserializer;
            withoutModule = UnsupportedTypes.in(reading);
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException("there is no codec for " + type.getName(), e);
        }
        if (withoutSubtypes) {
            throw new IllegalArgumentException(
                    "there is no codec for " + type.getName() + ": it is abstract, and no subtype of it has a name");
        }
        if (withoutModule.isPresent()) {
            throw new IllegalArgumentException("there is no codec for " + type.getName() + ": " + withoutModule.get()
                    + " needs one of Jackson's modules; see JacksonCodecs.withModule");
        }
    }

    private DefaultDeserializationContext context() {
        return ((DefaultDeserializationContext) mapper.getDeserializationContext())
                .createDummyInstance(mapper.getDeserializationConfig());
    }

    private static ObjectMapper mapper(Format format, List<Module> modules, NamedTypes types) {
        ObjectMapper mapper = format.mapper()
                .annotationIntrospector(types)
                .polymorphicTypeValidator(
                        BasicPolymorphicTypeValidator.builder().build()) // allows no class
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                // Or the zone of a time would change on its way.
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS) // a record without components is a message too
                .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
                .withConfigOverride(
                        Optional.class,
                        optional -> optional.setInclude(JsonInclude.Value.construct(
                                JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS)))
                .build();
        mapper.getSerializerProvider().setNullValueSerializer(new NoNulls());
        mapper.registerModules(modules);
        if (mapper.getDeserializationConfig().getDefaultTyper(null) != null
                || mapper.getSerializationConfig().getDefaultTyper(null) != null) {
            throw new IllegalArgumentException("one of the modules activates default typing");
        }
        return mapper;
    }

    /** Refuses to write null, wherever it is. */
    private static final class NoNulls extends JsonSerializer<Object> {
        @Override
        public void serialize(Object value, JsonGenerator generator, SerializerProvider provider) {
            throw new Unencodable("null");
        }
    }
}
