// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.ActorSystem;
import akka.serialization.DisabledJavaSerializer;
import akka.serialization.JavaSerializer;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import akka.serialization.SerializerWithStringManifest;
import akka.serialization.Serializers;
import java.io.NotSerializableException;
import java.util.HashMap;
import java.util.Map;
import ockam.wire.BareReader;
import ockam.wire.BareWriter;
import ockam.wire.Codec;
import ockam.wire.WireException;
import ockam.wire.internal.Bytes;

/**
 * Codecs by the serializers of an actor system, for applications that have bound their messages to them already, for Akka's remoting or
 * persistence.
 *
 * <p>A payload is the number of the serializer, its manifest and its bytes. Both sides must have the same serializer under the same number.
 */
public final class AkkaSerialization {
    private static final int MAX_MANIFEST = 256;

    private AkkaSerialization() {}

    /**
     * Returns the codec of a type by the one serializer that is bound to it, never by Java serialization. It writes only values that are
     * bound to the same serializer, and reads only what this serializer has written, so no payload can choose another. What it reads must be
     * an instance of the type. Manifests have at most 256 characters.
     *
     * <p>A serializer that leaves the manifest to Akka gets the class of the value: the type itself or, if that is sealed, one of its
     * subtypes; no other class is looked up. A serializer with manifests of its own decides itself which of them it takes.
     *
     * <p>References to actors inside messages are not supported: they mean nothing on another node.
     *
     * @throws IllegalArgumentException if nothing is bound to the type, or Java serialization is
     */
    public static <T> Codec<T> codec(ActorSystem<?> system, Class<T> type) {
        Serialization serialization = SerializationExtension.get(system);
        Serializer serializer;
        try {
            serializer = serialization.serializerFor(type);
        } catch (NotSerializableException e) {
            throw new IllegalArgumentException("no serializer is bound to " + type.getName(), e);
        }
        if (serializer instanceof JavaSerializer || serializer instanceof DisabledJavaSerializer) {
            throw new IllegalArgumentException(
                    "Java serialization is bound to " + type.getName() + ", and is never used for payloads");
        }
        Map<String, Class<?>> classes = new HashMap<>();
        addClasses(type, classes);
        Serialized<T> serialized = new Serialized<>(type, serialization, serializer, Map.copyOf(classes));
        return Codec.bare(type.getSimpleName() + " (Akka)", serialized::write, serialized::read);
    }

    private static void addClasses(Class<?> type, Map<String, Class<?>> classes) {
        classes.put(type.getName(), type);
        if (type.isSealed()) {
            for (Class<?> subtype : type.getPermittedSubclasses()) {
                addClasses(subtype, classes);
            }
        }
    }

    /** The values of one type, and the classes that a manifest may name. */
    private record Serialized<T>(
            Class<T> type, Serialization serialization, Serializer serializer, Map<String, Class<?>> classes) {
        void write(BareWriter writer, T value) {
            if (serialization.findSerializerFor(value).identifier() != serializer.identifier()) {
                throw unencodable(value, "is bound to another serializer than " + type.getName());
            }
            String manifest = Serializers.manifestFor(serializer, value);
            if (manifest.length() > MAX_MANIFEST) {
                throw unencodable(value, "has a manifest of more than " + MAX_MANIFEST + " characters");
            }
            if (namesItsClass() && !classes.containsKey(manifest)) {
                throw unencodable(value, "is neither " + type.getName() + " nor a subtype that it permits");
            }
            writer.i32(serializer.identifier()).string(manifest).bytes(Bytes.wrap(serializer.toBinary(value)));
        }

        private static WireException unencodable(Object value, String why) {
            return new WireException(
                    WireException.Reason.UNENCODABLE, value.getClass().getName() + " " + why);
        }

        T read(BareReader reader) {
            int number = reader.i32();
            if (number != serializer.identifier()) {
                return reader.fail("written by serializer " + number + ", not " + serializer.identifier());
            }
            String manifest = reader.string();
            if (manifest.length() > MAX_MANIFEST
                    || (namesItsClass() && !classes.containsKey(manifest))
                    || (!serializer.includeManifest() && !manifest.isEmpty())) {
                return reader.fail("the manifest is none of " + type.getSimpleName());
            }
            byte[] bytes = reader.bytes().toArray(); // a copy, which the serializer may keep
            Object value;
            try {
                value = fromBinary(bytes, manifest);
            } catch (NotSerializableException e) {
                return reader.fail("refused with NotSerializableException");
            }
            return type.isInstance(value) ? type.cast(value) : reader.fail("it is no " + type.getSimpleName());
        }

        private Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
            if (serializer instanceof SerializerWithStringManifest own) {
                return own.fromBinary(bytes, manifest);
            }
            Class<?> named = classes.get(manifest);
            return named == null ? serializer.fromBinary(bytes) : serializer.fromBinary(bytes, named);
        }

        /** Whether the manifest is the name of the value's class. */
        private boolean namesItsClass() {
            return serializer.includeManifest() && !(serializer instanceof SerializerWithStringManifest);
        }
    }
}
