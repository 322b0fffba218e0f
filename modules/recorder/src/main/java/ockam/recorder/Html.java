// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import ockam.routing.spi.NodeLog;
import ockam.wire.Address;

/**
 * Writes a page with the picture and a table of all events. It needs nothing else, and its policy lets it load nothing and run no script but
 * its own: names come from strangers.
 */
final class Html {
    private static final int MOST_DETAILS = 300;

    private Html() {}

    static String of(Picture picture, Recording recording) {
        Names names = picture.names();
        SortedSet<String> nodes = new TreeSet<>();
        SortedSet<String> events = new TreeSet<>();
        SortedSet<String> addresses = new TreeSet<>();
        StringBuilder rows = new StringBuilder();
        Instant start = picture.items().isEmpty()
                ? Instant.EPOCH
                : picture.items().get(0).event().time();
        for (int i = 0; i < picture.items().size(); i++) {
            Item item = picture.items().get(i);
            Recorded event = item.event();
            nodes.add(names.place(item.place()));
            events.add(event.event());
            StringJoiner cells = new StringJoiner(event.is(Recorded.DELIVERED) ? " \u2192 " : ", ");
            for (Address address : event.addresses()) {
                String name = names.of(item.place(), address);
                addresses.add(name);
                cells.add("<span>" + escaped(name) + "</span>");
            }
            rows.append("<tr><td>")
                    .append(i + 1)
                    .append("</td><td>")
                    .append(milliseconds(start, event.time()))
                    .append("</td><td>")
                    .append(escaped(names.place(item.place())))
                    .append("</td><td>")
                    .append(escaped(event.event()))
                    .append("</td><td>")
                    .append(cells)
                    .append("</td><td>")
                    .append(escaped(names.text(event.route())))
                    .append("</td><td>")
                    .append(event.is(Recorded.DELIVERED) ? event.size() : "")
                    .append("</td><td>")
                    .append(escaped(details(event.attributes())))
                    .append("</td></tr>\n");
        }
        return filled(
                resource("page.html"),
                Map.of(
                        "policy", policy(),
                        "style", resource("page.css"),
                        "summary", escaped(summary(recording, picture)),
                        "nodes", options(nodes),
                        "events", options(events),
                        "addresses", options(addresses),
                        "picture", Svg.of(picture.steps(), names),
                        "mermaid", escaped(Mermaid.of(picture, recording.lost())),
                        "rows", rows.toString(),
                        "script", resource("page.js")));
    }

    /** What is put in is not looked at again: it may contain anything. */
    private static String filled(String page, Map<String, String> parts) {
        StringBuilder filled = new StringBuilder();
        int from = 0;
        for (int begin = page.indexOf("{{"); begin >= 0; begin = page.indexOf("{{", from)) {
            int end = page.indexOf("}}", begin);
            filled.append(page, from, begin).append(parts.getOrDefault(page.substring(begin + 2, end), ""));
            from = end + 2;
        }
        return filled.append(page, from, page.length()).toString();
    }

    /** A script whose hash is not here does not run, and nothing is fetched from anywhere. */
    private static String policy() {
        try {
            String hash = Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes("page.js")));
            return "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + hash + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static String milliseconds(Instant start, Instant time) {
        return String.format(Locale.ROOT, "%.3f", Duration.between(start, time).toNanos() / 1_000_000.0);
    }

    private static String details(Map<String, String> attributes) {
        String all = new TreeMap<>(attributes)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(", "));
        return NodeLog.text(all, MOST_DETAILS);
    }

    private static String summary(Recording recording, Picture picture) {
        int processes = recording.parts().size();
        String text = picture.items().size() + " events" + (processes > 1 ? " of " + processes + " processes" : "");
        if (recording.lost() > 0) {
            text += "; " + recording.lost() + " before them were not kept";
        }
        if (picture.notDrawn() > 0) {
            text += "; " + picture.notDrawn() + " lines of the picture are not drawn";
        }
        return text;
    }

    private static String options(SortedSet<String> values) {
        return values.stream()
                .map(value -> "<option>" + escaped(value) + "</option>")
                .collect(Collectors.joining());
    }

    /** As text or as an attribute in double quotes. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String resource(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Html.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
