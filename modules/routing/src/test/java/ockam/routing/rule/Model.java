// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Evaluates a text of the full form as authority, section 8.3 says, in the plainest way, straight from the words: an operator is the first
 * element of a list. Knows nothing of the classes that it is compared with, except the values that it is given.
 *
 * <p>Texts are Java strings here, names are {@link Symbol}, sequences are {@link Seq}, operations are lists.
 */
final class Model {
    /** A name. */
    record Symbol(String name) {}

    /** A sequence. */
    record Seq(List<Object> elements) {}

    /** The rule denies. */
    static final class Denied extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final Map<String, Object> environment;

    Model(Map<String, Object> environment) {
        this.environment = environment;
    }

    boolean allows(Object expression) {
        try {
            return Boolean.TRUE.equals(value(expression));
        } catch (Denied e) {
            return false;
        }
    }

    private Object value(Object expression) {
        if (expression instanceof Symbol symbol) {
            if (!environment.containsKey(symbol.name())) {
                throw new Denied();
            }
            return environment.get(symbol.name());
        }
        if (expression instanceof Seq seq) {
            return new Seq(values(seq.elements()));
        }
        return expression instanceof List<?> list ? operation(List.copyOf(list)) : expression;
    }

    private List<Object> values(List<Object> expressions) {
        List<Object> values = new ArrayList<>();
        for (Object expression : expressions) {
            values.add(value(expression));
        }
        return values;
    }

    private Object operation(List<Object> list) {
        List<Object> arguments = list.subList(1, list.size());
        return switch (((Symbol) list.get(0)).name()) {
            case "and" -> untilOneIs(false, arguments);
            case "or" -> untilOneIs(true, arguments);
            case "not" -> !truth(value(arguments.get(0)));
            case "if" -> value(arguments.get(truth(value(arguments.get(0))) ? 1 : 2));
            case "=" -> each(arguments, sign -> sign == 0);
            case "!=" -> !each(arguments, sign -> sign == 0);
            case "<" -> each(arguments, sign -> sign < 0);
            case ">" -> each(arguments, sign -> sign > 0);
            case "member?" -> member(value(arguments.get(0)), value(arguments.get(1)));
            case "exists?" -> arguments.stream().allMatch(name -> environment.containsKey(((Symbol) name).name()));
            default -> throw new Denied();
        };
    }

    private Object untilOneIs(boolean wanted, List<Object> arguments) {
        if (arguments.isEmpty()) {
            return !wanted;
        }
        for (Object argument : arguments.subList(0, arguments.size() - 1)) {
            if (truth(value(argument)) == wanted) {
                return wanted;
            }
        }
        return value(arguments.get(arguments.size() - 1));
    }

    private boolean each(List<Object> arguments, IntPredicate wanted) {
        List<Object> values = values(arguments);
        for (int i = 1; i < values.size(); i++) {
            OptionalInt order = order(values.get(i - 1), values.get(i));
            if (order.isEmpty() || !wanted.test(order.getAsInt())) {
                return false;
            }
        }
        return true;
    }

    private boolean member(Object wanted, Object sequence) {
        if (!(sequence instanceof Seq seq)) {
            throw new Denied();
        }
        for (Object element : seq.elements()) {
            OptionalInt order = order(wanted, element);
            if (order.isPresent() && order.getAsInt() == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean truth(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw new Denied();
    }

    /** Empty if they are of one type and have no order. */
    private static OptionalInt order(Object a, Object b) {
        if (a instanceof String x && b instanceof String y) {
            return OptionalInt.of(
                    Arrays.compareUnsigned(x.getBytes(StandardCharsets.UTF_8), y.getBytes(StandardCharsets.UTF_8)));
        }
        if (a instanceof Long x && b instanceof Long y) {
            return OptionalInt.of(x.compareTo(y));
        }
        if (a instanceof Boolean x && b instanceof Boolean y) {
            return OptionalInt.of(x.compareTo(y));
        }
        if (a instanceof Double x && b instanceof Double y) {
            double p = x;
            double q = y;
            return p < q
                    ? OptionalInt.of(-1)
                    : p > q ? OptionalInt.of(1) : p == q ? OptionalInt.of(0) : OptionalInt.empty();
        }
        if (a instanceof Seq x && b instanceof Seq y) {
            if (x.elements().size() != y.elements().size()) {
                return OptionalInt.of(
                        Integer.compare(x.elements().size(), y.elements().size()));
            }
            for (int i = 0; i < x.elements().size(); i++) {
                OptionalInt order = order(x.elements().get(i), y.elements().get(i));
                if (order.isEmpty() || order.getAsInt() != 0) {
                    return order;
                }
            }
            return OptionalInt.of(0);
        }
        throw new Denied();
    }
}
