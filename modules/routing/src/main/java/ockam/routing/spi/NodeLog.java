// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.time.Duration;
import java.util.Locale;
import java.util.StringJoiner;
import ockam.wire.Address;
import ockam.wire.Route;
import org.slf4j.MDC;

/**
 * INTERNAL API. How log lines of a node are written: with the node's name in the MDC, and with addresses made safe to print, because they
 * can come from strangers.
 */
@InternalApi
public final class NodeLog {
    /** The key of the node's name in the MDC. */
    public static final String MDC_NODE = "ockamNode";

    private static final int MAX_CHARACTERS = 80;
    private static final int MAX_ADDRESSES = 8;

    private NodeLog() {}

    /** Runs a piece of code that logs, with {@code ockamNode} in the MDC; the caller's MDC is restored afterwards. */
    public static void in(String node, Runnable log) {
        String outer = MDC.get(MDC_NODE);
        MDC.put(MDC_NODE, node);
        try {
            log.run();
        } finally {
            if (outer == null) {
                MDC.remove(MDC_NODE);
            } else {
                MDC.put(MDC_NODE, outer);
            }
        }
    }

    /** The first addresses of the route, and how many there are if that is not all. */
    public static String text(Route route) {
        if (route.isEmpty()) {
            return "an empty route";
        }
        StringJoiner text = new StringJoiner(" => ");
        int shown = 0;
        for (Address address : route) {
            if (shown++ == MAX_ADDRESSES) {
                return text + " => ... (" + route.size() + " addresses)";
            }
            text.add(text(address));
        }
        return text.toString();
    }

    /** A time as people write it, such as {@code 1m30s}. */
    public static String text(Duration time) {
        return time.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    /** The address on one line: control characters replaced, at most 80 characters and an ellipsis. */
    public static String text(Address address) {
        if (address.value().size() > 4 * MAX_CHARACTERS) {
            return address.transport() + "#(" + address.value().size() + " bytes)";
        }
        return text(address.toString(), MAX_CHARACTERS);
    }

    /** The text on one line: control characters replaced, at most so many characters and an ellipsis. */
    public static String text(String whole, int maxCharacters) {
        StringBuilder text = new StringBuilder();
        whole.codePoints().limit(maxCharacters).map(NodeLog::printable).forEach(text::appendCodePoint);
        return whole.codePointCount(0, whole.length()) > maxCharacters
                ? text.append("...").toString()
                : text.toString();
    }

    /** Format characters can reverse the direction of the text around them. */
    private static int printable(int character) {
        return Character.isISOControl(character)
                        || Character.getType(character) == Character.FORMAT
                        || Character.getType(character) == Character.LINE_SEPARATOR
                        || Character.getType(character) == Character.PARAGRAPH_SEPARATOR
                ? '?'
                : character;
    }
}
