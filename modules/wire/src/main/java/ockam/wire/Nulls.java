// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says where in a value the null is that a codec cannot encode. */
final class Nulls {

    private Nulls() {}

    /** Returns what to throw. A codec knows the value only by functions of the application, so the components of records are looked up. */
    static WireException refused(String codec, @Nullable Object value, @Nullable NullPointerException cause) {
        return new WireException(
                WireException.Reason.UNENCODABLE,
                "the codec " + codec + " cannot encode " + (value == null ? "null" : inside(value)),
                cause);
    }

    private static String inside(Object value) {
        List<String> found = new ArrayList<>();
        try {
            find("", value, found);
        } catch (ReflectiveOperationException e) {
            found.clear(); // an accessor of the application that throws
        }
        return found.isEmpty() ? "a null in the value" : "null in " + String.join(", ", found);
    }

    private static void find(String path, Object value, List<String> found) throws ReflectiveOperationException {
        if (!(value instanceof Record)) {
            return;
        }
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            if (component.getAccessor().trySetAccessible()) {
                Object content = component.getAccessor().invoke(value);
                if (content == null) {
                    found.add(path + component.getName());
                } else {
                    find(path + component.getName() + ".", content, found);
                }
            }
        }
    }
}
