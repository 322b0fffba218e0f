// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import java.util.List;
import ockam.routing.rule.Expression.And;
import ockam.routing.rule.Expression.Compared;
import ockam.routing.rule.Expression.Constant;
import ockam.routing.rule.Expression.Exists;
import ockam.routing.rule.Expression.If;
import ockam.routing.rule.Expression.Member;
import ockam.routing.rule.Expression.Name;
import ockam.routing.rule.Expression.Names;
import ockam.routing.rule.Expression.Not;
import ockam.routing.rule.Expression.Or;
import ockam.routing.rule.FullForm.Operator;
import ockam.routing.rule.Value.Decimal;
import ockam.routing.rule.Value.Fault;
import ockam.routing.rule.Value.Sequence;
import ockam.routing.rule.Value.Text;
import ockam.routing.rule.Value.Truth;
import ockam.routing.rule.Value.Whole;

/** Prints expressions in the full form, on one line, so that reading it gives the same again. */
final class Printer {
    private final StringBuilder text = new StringBuilder();

    private Printer() {}

    /** The text of a whole rule. In an {@code and} if it would be read as the short form, or is no operation. */
    static String print(Expression expression) {
        Printer printer = new Printer();
        printer.expression(expression);
        String text = printer.text.toString();
        return text.startsWith("(") && !ShortForm.reads(text) ? text : "(and " + text + ")";
    }

    private void expression(Expression expression) {
        if (expression instanceof Constant constant) {
            value(constant.value());
        } else if (expression instanceof Name name) {
            text.append(name.name());
        } else if (expression instanceof Names names) {
            text.append('[');
            parts(names.names());
            text.append(']');
        } else if (expression instanceof And and) {
            operation(Operator.AND, and.parts());
        } else if (expression instanceof Or or) {
            operation(Operator.OR, or.parts());
        } else if (expression instanceof Not not) {
            operation(Operator.NOT, List.of(not.part()));
        } else if (expression instanceof If choice) {
            operation(Operator.IF, List.of(choice.test(), choice.then(), choice.otherwise()));
        } else if (expression instanceof Compared compared) {
            operation(operator(compared), compared.parts());
        } else if (expression instanceof Member member) {
            operation(Operator.MEMBER, List.of(member.element(), member.sequence()));
        } else if (expression instanceof Exists exists) {
            operation(Operator.EXISTS, exists.names());
        }
    }

    private static Operator operator(Compared compared) {
        if (compared.negated()) {
            return Operator.UNEQUAL;
        }
        return switch (compared.wanted()) {
            case LESS -> Operator.LESS;
            case GREATER -> Operator.GREATER;
            case EQUAL, UNORDERED, DIFFERENT_TYPES -> Operator.EQUAL;
        };
    }

    private void operation(Operator operator, List<? extends Expression> arguments) {
        text.append('(').append(operator.word());
        if (!arguments.isEmpty()) {
            text.append(' ');
            parts(arguments);
        }
        text.append(')');
    }

    private void parts(List<? extends Expression> parts) {
        for (int i = 0; i < parts.size(); i++) {
            text.append(i == 0 ? "" : " ");
            expression(parts.get(i));
        }
    }

    private void value(Value value) {
        if (value instanceof Text string) {
            string(string.text());
        } else if (value instanceof Whole whole) {
            text.append(whole.number());
        } else if (value instanceof Decimal decimal) {
            text.append(decimal(decimal.number()));
        } else if (value instanceof Truth truth) {
            text.append(truth == Truth.TRUE);
        } else if (value instanceof Sequence sequence) {
            text.append('[');
            for (int i = 0; i < sequence.elements().size(); i++) {
                text.append(i == 0 ? "" : " ");
                value(sequence.elements().get(i));
            }
            text.append(']');
        } else if (value instanceof Fault fault) {
            throw new IllegalArgumentException("no part of a rule: " + fault.text());
        }
    }

    private static String decimal(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        return Double.isInfinite(number) ? (number < 0 ? "-inf" : "+inf") : Double.toString(number);
    }

    private void string(String string) {
        text.append('"');
        string.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                text.append('\\').appendCodePoint(c);
            } else if (isPlain(c)) {
                text.appendCodePoint(c);
            } else {
                text.append("\\u{").append(Integer.toHexString(c)).append('}');
            }
        });
        text.append('"');
    }

    /** Whether it is safe on one line of a log. */
    private static boolean isPlain(int c) {
        return c >= ' '
                && !Character.isISOControl(c)
                && Character.getType(c) != Character.FORMAT
                && Character.getType(c) != Character.LINE_SEPARATOR
                && Character.getType(c) != Character.PARAGRAPH_SEPARATOR;
    }
}
