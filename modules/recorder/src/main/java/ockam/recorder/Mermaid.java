// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a sequence diagram in the language of Mermaid, in canonical order. */
final class Mermaid {
    private static final String SAFE = " -_.,:/()";
    private static final String HANDSHAKE = "    rect rgb(255, 244, 214)\n";
    private static final String CIPHERTEXT = "    rect rgb(221, 236, 252)\n";

    private final StringBuilder text = new StringBuilder("sequenceDiagram\n");
    private final Map<Party, String> ids = new HashMap<>();
    private final Names names;

    private Mermaid(Names names) {
        this.names = names;
    }

    static String of(Picture picture, long lost) {
        Mermaid diagram = new Mermaid(picture.names());
        List<Step> steps = picture.canonical();
        diagram.participants(Picture.parties(steps));
        diagram.steps(steps);
        if (picture.notDrawn() > 0) {
            diagram.text.append("    %% ").append(picture.notDrawn()).append(" more are not drawn\n");
        }
        if (lost > 0) {
            diagram.text.append("    %% ").append(lost).append(" events before were not kept\n");
        }
        return diagram.text.toString();
    }

    private void participants(Map<Place, List<Party>> parties) {
        boolean several = parties.size() > 1;
        parties.forEach((place, here) -> {
            if (several) {
                text.append("    box ").append(escaped(names.place(place))).append('\n');
            }
            for (Party party : here) {
                String id = "p" + (ids.size() + 1);
                ids.put(party, id);
                text.append("    participant ")
                        .append(id)
                        .append(" as ")
                        .append(escaped(names.of(party)))
                        .append('\n');
            }
            if (several) {
                text.append("    end\n");
            }
        });
    }

    private void steps(List<Step> steps) {
        String around = "";
        for (Step step : steps) {
            String next = around(step);
            if (step.kind() != Step.Kind.NOTE && !next.equals(around)) {
                text.append(around.isEmpty() ? "" : "    end\n").append(next);
                around = next;
            }
            text.append("    ").append(line(step)).append(escaped(step.text())).append('\n');
        }
        text.append(around.isEmpty() ? "" : "    end\n");
    }

    private static String around(Step step) {
        return switch (step.kind()) {
            case HANDSHAKE -> HANDSHAKE;
            case CIPHERTEXT -> CIPHERTEXT;
            case MESSAGE, UNKNOWN, DROP, NOTE -> "";
        };
    }

    private String line(Step step) {
        if (!step.isArrow()) {
            return "Note over " + ids.get(step.to()) + ": ";
        }
        String arrow = switch (step.kind()) {
            case MESSAGE, UNKNOWN, NOTE -> "->>";
            case HANDSHAKE, CIPHERTEXT -> "-->>";
            case DROP -> "-x";
        };
        return ids.get(step.from()) + arrow + ids.get(step.to()) + ": ";
    }

    /** Anything but letters, digits and a few signs as its number: names come from strangers. */
    private static String escaped(String name) {
        boolean isWordOfTheLanguage = name.equalsIgnoreCase("end");
        StringBuilder escaped = new StringBuilder();
        name.codePoints().forEach(character -> {
            if (!isWordOfTheLanguage && (Character.isLetterOrDigit(character) || SAFE.indexOf(character) >= 0)) {
                escaped.appendCodePoint(character);
            } else {
                escaped.append('#').append(character).append(';');
            }
        });
        return escaped.toString();
    }
}
