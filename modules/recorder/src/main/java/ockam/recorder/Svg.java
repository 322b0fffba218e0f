// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws a sequence diagram. The colours are those of the page. */
final class Svg {
    private static final int COLUMN = 164;
    private static final int MARGIN = 20;
    private static final int TOP = 96;
    private static final int ROW = 30;
    private static final int LONGEST_NAME = 24;

    private final StringBuilder svg = new StringBuilder();
    private final Map<Party, Integer> columns = new HashMap<>();
    private final Names names;

    private Svg(Names names) {
        this.names = names;
    }

    /** An element that can be put into a page. */
    static String of(List<Step> steps, Names names) {
        return new Svg(names).draw(steps);
    }

    private String draw(List<Step> steps) {
        Map<Place, List<Party>> parties = Picture.parties(steps);
        int count = parties.values().stream().mapToInt(List::size).sum();
        int width = 2 * MARGIN + Math.max(1, count) * COLUMN;
        int height = TOP + (steps.size() + 1) * ROW;
        svg.append("<svg id=\"picture\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%d\" height=\"%d\">\n"
                .formatted(width, height));
        svg.append("<title>Sequence diagram</title>\n<defs>");
        for (Step.Kind kind : Step.Kind.values()) {
            svg.append(
                    ("<marker id=\"%1$s-head\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\""
                                    + " orient=\"auto\"><path class=\"%1$s\" d=\"M0,0 L8,4 L0,8 z\"/></marker>")
                            .formatted(cssClass(kind)));
        }
        svg.append("</defs>\n");
        parties.forEach((place, here) -> node(place, here, height));
        for (int i = 0; i < steps.size(); i++) {
            step(steps.get(i), TOP + (i + 1) * ROW);
        }
        return svg.append("</svg>\n").toString();
    }

    private void node(Place place, List<Party> here, int height) {
        int left = MARGIN + columns.size() * COLUMN;
        svg.append(("<g class=\"node\"><rect x=\"%d\" y=\"6\" width=\"%d\" height=\"%d\" rx=\"6\"/>"
                        + "<text x=\"%d\" y=\"26\">%s</text></g>\n")
                .formatted(
                        left + 4,
                        here.size() * COLUMN - 8,
                        height - 12,
                        left + here.size() * COLUMN / 2,
                        Html.escaped(names.place(place))));
        for (Party party : here) {
            columns.put(party, columns.size());
            int x = x(party);
            String name = names.of(party);
            svg.append(("<g class=\"party\"><title>%s</title><line x1=\"%d\" y1=\"66\" x2=\"%d\" y2=\"%d\"/>"
                            + "<rect x=\"%d\" y=\"38\" width=\"%d\" height=\"28\" rx=\"4\"/><text x=\"%d\" y=\"57\">%s</text></g>\n")
                    .formatted(
                            Html.escaped(name),
                            x,
                            x,
                            height - 14,
                            x - COLUMN / 2 + 6,
                            COLUMN - 12,
                            x,
                            Html.escaped(shortened(name))));
        }
    }

    private static String shortened(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME - 1)) + "\u2026";
    }

    private int x(Party party) {
        return MARGIN + columns.getOrDefault(party, 0) * COLUMN + COLUMN / 2;
    }

    private void step(Step step, int y) {
        String kind = cssClass(step.kind());
        int from = x(step.from());
        int to = x(step.to());
        String text = Html.escaped(step.text());
        if (step.isArrow()) {
            svg.append(
                    ("<g class=\"arrow %1$s\"><line x1=\"%2$d\" y1=\"%3$d\" x2=\"%4$d\" y2=\"%3$d\" marker-end=\"url(#%1$s-head)\"/>"
                                    + "<text x=\"%5$d\" y=\"%6$d\">%7$s</text></g>\n")
                            .formatted(kind, from, y, to, (from + to) / 2, y - 5, text));
        } else {
            svg.append(("<g class=\"note %s\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"20\" rx=\"3\"/>"
                            + "<text x=\"%d\" y=\"%d\">%s</text></g>\n")
                    .formatted(kind, to - COLUMN / 2 + 6, y - 17, COLUMN - 12, to, y - 3, text));
        }
    }

    private static String cssClass(Step.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
