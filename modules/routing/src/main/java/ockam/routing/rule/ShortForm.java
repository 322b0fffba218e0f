// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.routing.rule.Expression.And;
import ockam.routing.rule.Expression.Compared;
import ockam.routing.rule.Expression.Constant;
import ockam.routing.rule.Expression.Name;
import ockam.routing.rule.Expression.Not;
import ockam.routing.rule.Expression.Or;
import ockam.routing.rule.RuleException.Reason;
import ockam.routing.rule.Value.Text;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the short form of a rule, such as {@code role=member and not guest} (authority, section 8.2), with all its traps: {@code notary}
 * is {@code not ary}.
 *
 * <p>A method that cannot read what it should returns null, and has moved nowhere. Nothing is tried more than twice at any place.
 */
final class ShortForm {
    private static final int IDENTIFIER_LENGTH = 1 + 2 * Identifier.LENGTH;

    private final String text;
    private int position;
    private int furthest;

    private ShortForm(String text) {
        this.text = text;
    }

    /** Throws {@link RuleException} if the text is not of this form, at the place up to which it could be. */
    static Expression parse(String text) {
        return new ShortForm(text).parse();
    }

    /** Returns whether the text is of this form. */
    static boolean reads(String text) {
        try {
            parse(text);
            return true;
        } catch (RuleException e) {
            return false;
        }
    }

    private Expression parse() {
        Expression whole = either(1);
        if (whole != null && position == text.length()) {
            return whole;
        }
        int problem = Math.max(furthest, position);
        throw problem < text.length()
                ? new RuleException(
                        Reason.UNEXPECTED_CHARACTER, problem, "the short form cannot go on at character " + problem)
                : new RuleException(Reason.UNEXPECTED_END, problem, "the short form cannot end there");
    }

    private @Nullable Expression either(int depth) {
        return joined("or", () -> both(depth), Or::new);
    }

    private @Nullable Expression both(int depth) {
        return joined("and", () -> negated(depth), And::new);
    }

    private @Nullable Expression joined(
            String operator, Supplier<@Nullable Expression> part, Function<List<Expression>, Expression> whole) {
        Expression first = part.get();
        if (first == null) {
            return null;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (true) {
            int before = position;
            Expression next = skips(operator) ? part.get() : null;
            if (next == null) {
                position = before;
                return parts.size() == 1 ? first : whole.apply(parts);
            }
            parts.add(next);
        }
    }

    private @Nullable Expression negated(int depth) {
        if (depth > Rule.MAX_DEPTH) {
            throw Rule.tooDeep(position);
        }
        int before = position;
        if (skips("not")) {
            Expression part = negated(depth + 1);
            if (part != null) {
                return new Not(part);
            }
            position = before;
        }
        if (skips("(")) {
            Expression inner = either(depth + 1);
            if (inner != null && skips(")")) {
                return inner;
            }
            position = before;
        }
        return name();
    }

    private @Nullable Expression name() {
        int start = position;
        if (start == text.length() || !isFirst(text.charAt(start))) {
            return failed();
        }
        String name = word();
        if (isIdentifier(name)) {
            return equal(Subject.IDENTIFIER, name);
        }
        int afterName = position;
        if (afterName < text.length() && text.charAt(afterName) == '=') {
            position++;
            String value = value();
            if (value != null) {
                return equal(Subject.PREFIX + name, value);
            }
            position = afterName;
        }
        return equal(Subject.PREFIX + name, "true");
    }

    private @Nullable String value() {
        if (position < text.length() && text.charAt(position) == '"') {
            int end = text.indexOf('"', position + 1);
            if (end <= position + 1) {
                position++;
                failed();
                return null;
            }
            String quoted = text.substring(position + 1, end);
            position = end + 1;
            return quoted;
        }
        String plain = word();
        if (plain.isEmpty()) {
            failed();
            return null;
        }
        return plain;
    }

    private static Expression equal(String name, String value) {
        return new Compared(Comparison.EQUAL, false, List.of(Name.of(name), new Constant(new Text(value))));
    }

    /** Moves past a word and the blanks around it, if it is there. */
    private boolean skips(String operator) {
        int before = position;
        blanks();
        if (!text.startsWith(operator, position)) {
            failed();
            position = before;
            return false;
        }
        position += operator.length();
        blanks();
        return true;
    }

    private void blanks() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private String word() {
        int start = position;
        while (position < text.length() && isMore(text.charAt(position))) {
            position++;
        }
        return text.substring(start, position);
    }

    private @Nullable Expression failed() {
        furthest = Math.max(furthest, position);
        return null;
    }

    private static boolean isIdentifier(String name) {
        return name.length() == IDENTIFIER_LENGTH
                && name.charAt(0) == 'I'
                && name.chars().skip(1).allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0);
    }

    private static boolean isFirst(char c) {
        return isLetter(c) || c == '_' || c == '-';
    }

    private static boolean isMore(char c) {
        return isFirst(c) || c == '.' || (c >= '0' && c <= '9');
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
