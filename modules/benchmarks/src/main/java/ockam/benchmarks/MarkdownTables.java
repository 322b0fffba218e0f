// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Titles and tables, and numbers as they stand in them. */
final class MarkdownTables {
    private final StringBuilder text = new StringBuilder();

    static String size(int bytes) {
        return bytes % 1024 == 0 ? bytes / 1024 + " KiB" : bytes + " B";
    }

    static String grouped(double number) {
        return Double.isNaN(number) ? "-" : String.format(Locale.ROOT, "%,.0f", number);
    }

    /** Returns the number with only significant decimals. */
    static String rounded(double number) {
        return Double.isNaN(number)
                ? "-"
                : String.format(Locale.ROOT, number < 10 ? "%.2f" : number < 100 ? "%.1f" : "%,.0f", number);
    }

    void title(String title) {
        text.append("\n### ").append(title).append("\n\n");
    }

    void row(String... cells) {
        text.append(Arrays.stream(cells).map(cell -> " " + cell + " |").reduce("|", String::concat))
                .append('\n');
    }

    void append(String paragraph) {
        text.append(paragraph);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
