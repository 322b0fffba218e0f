// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import java.util.List;
import java.util.Map;
import ockam.routing.rule.Value.Fault;
import ockam.routing.rule.Value.Sequence;
import ockam.routing.rule.Value.Truth;
import org.jspecify.annotations.Nullable;

/**
 * A part of a rule (authority, section 8.3). Immutable, and compared by its parts.
 *
 * <p>Evaluating allocates nothing, except for a comparison of three or more and for a sequence of names: it happens for each message.
 */
sealed interface Expression {

    /** Returns its value for this subject; a {@link Fault} if it has none. */
    Value evaluate(Subject subject);

    /** How deeply it is nested; 1 for something without parts. */
    int depth();

    /** The same, with these names having these values, whatever the subject. */
    Expression given(Map<String, Value> values);

    private static List<Expression> given(Map<String, Value> values, List<Expression> parts) {
        return parts.stream().map(part -> part.given(values)).toList();
    }

    private static List<Name> givenNames(Map<String, Value> values, List<Name> names) {
        return names.stream().map(name -> name.given(values)).toList();
    }

    private static int depth(List<? extends Expression> parts) {
        int deepest = 0;
        for (Expression part : parts) {
            deepest = Math.max(deepest, part.depth());
        }
        return deepest + 1;
    }

    /** Something that is always the same. */
    record Constant(Value value) implements Expression {
        @Override
        public Value evaluate(Subject subject) {
            return value;
        }

        @Override
        public int depth() {
            return depth(value);
        }

        @Override
        public Expression given(Map<String, Value> values) {
            return this;
        }

        private static int depth(Value value) {
            int deepest = 0;
            if (value instanceof Sequence sequence) {
                for (Value element : sequence.elements()) {
                    deepest = Math.max(deepest, depth(element));
                }
            }
            return deepest + 1;
        }
    }

    /**
     * A name of the environment, such as {@code subject.role}; an error if it is missing there.
     *
     * @param known its value, if that does not depend on the subject
     */
    record Name(String name, Fault missing, @Nullable Value known) implements Expression {
        static Name of(String name) {
            return new Name(name, new Fault(name + " is missing"), null);
        }

        @Override
        public Value evaluate(Subject subject) {
            Value value = find(subject);
            return value == null ? missing : value;
        }

        @Nullable
        Value find(Subject subject) {
            return known == null ? subject.find(name) : known;
        }

        @Override
        public int depth() {
            return 1;
        }

        @Override
        public Name given(Map<String, Value> values) {
            Value value = values.get(name);
            return value == null ? this : new Name(name, missing, value);
        }
    }

    /** A sequence of names. */
    record Names(List<Name> names) implements Expression {
        public Names {
            names = List.copyOf(names);
        }

        @Override
        public Value evaluate(Subject subject) {
            Value[] values = new Value[names.size()];
            Fault fault = evaluateAll(names, subject, values);
            return fault != null ? fault : new Sequence(List.of(values));
        }

        @Override
        public int depth() {
            return Expression.depth(names);
        }

        @Override
        public Expression given(Map<String, Value> values) {
            return new Names(givenNames(values, names));
        }
    }

    /** True if all are; stops at the first that is not. Whatever the last one yields is the result. */
    record And(List<Expression> parts) implements Expression {
        private static final Fault NOT_BOOLEAN = new Fault("a part of 'and' is not a boolean");

        public And {
            parts = List.copyOf(parts);
        }

        @Override
        public Value evaluate(Subject subject) {
            return firstThatIs(Truth.FALSE, parts, subject, NOT_BOOLEAN);
        }

        @Override
        public int depth() {
            return Expression.depth(parts);
        }

        @Override
        public Expression given(Map<String, Value> values) {
            return new And(Expression.given(values, parts));
        }
    }

    /** True if one is; stops there. Whatever the last one yields is the result. */
    record Or(List<Expression> parts) implements Expression {
        private static final Fault NOT_BOOLEAN = new Fault("a part of 'or' is not a boolean");

        public Or {
            parts = List.copyOf(parts);
        }

        @Override
        public Value evaluate(Subject subject) {
            return firstThatIs(Truth.TRUE, parts, subject, NOT_BOOLEAN);
        }

        @Override
        public int depth() {
            return Expression.depth(parts);
        }

        @Override
        public Expression given(Map<String, Value> values) {
            return new Or(Expression.given(values, parts));
        }
    }

    private static Value firstThatIs(Truth wanted, List<Expression> parts, Subject subject, Fault notBoolean) {
        int last = parts.size() - 1;
        for (int i = 0; i < last; i++) {
            Value value = parts.get(i).evaluate(subject);
            if (value == wanted || value instanceof Fault) {
                return value;
            }
            if (!(value instanceof Truth)) {
                return notBoolean;
            }
        }
        return last < 0 ? Truth.of(wanted == Truth.FALSE) : parts.get(last).evaluate(subject);
    }

    /** The opposite of a boolean. */
    record Not(Expression part) implements Expression {
        private static final Fault NOT_BOOLEAN = new Fault("what 'not' applies to is not a boolean");

        @Override
        public Value evaluate(Subject subject) {
            Value value = part.evaluate(subject);
            if (value instanceof Truth truth) {
                return Truth.of(truth == Truth.FALSE);
            }
            return value instanceof Fault ? value : NOT_BOOLEAN;
        }

        @Override
        public int depth() {
            return part.depth() + 1;
        }

        @Override
        public Expression given(Map<String, Value> values) {
            return new Not(part.given(values));
        }
    }

    /** One of two expressions; the other is not evaluated. */
    record If(Expression test, Expression then, Expression otherwise) implements Expression {
        private static final Fault NOT_BOOLEAN = new Fault("the test of 'if' is not a boolean");

        @Override
        public Value evaluate(Subject subject) {
            Value value = test.evaluate(subject);
            if (value instanceof Truth truth) {
                return (truth == Truth.TRUE ? then : otherwise).evaluate(subject);
            }
            return value instanceof Fault ? value : NOT_BOOLEAN;
        }

        @Override
        public int depth() {
            return Expression.depth(List.of(test, then, otherwise));
        }

        @Override
        public Expression given(Map<String, Value> values) {
            return new If(test.given(values), then.given(values), otherwise.given(values));
        }
    }

    /**
     * Whether each compares with the next as wanted. All of them are evaluated; the comparisons stop at the first that does not hold.
     *
     * @param negated the opposite of that
     */
    record Compared(Comparison wanted, boolean negated, List<Expression> parts) implements Expression {
        public Compared {
            parts = List.copyOf(parts);
        }

        @Override
        public Value evaluate(Subject subject) {
            if (parts.size() != 2) {
                return evaluateMany(subject);
            }
            Value one = parts.get(0).evaluate(subject);
            if (one instanceof Fault) {
                return one;
            }
            Value other = parts.get(1).evaluate(subject);
            if (other instanceof Fault) {
                return other;
            }
            Comparison comparison = Comparison.of(one, other);
            return comparison == Comparison.DIFFERENT_TYPES
                    ? Comparison.TYPES_DIFFER
                    : Truth.of((comparison == wanted) != negated);
        }

        private Value evaluateMany(Subject subject) {
            Value[] values = new Value[parts.size()];
            Fault fault = evaluateAll(parts, subject, values);
            if (fault != null) {
                return fault;
            }
            for (int i = 1; i < values.length; i++) {
                Comparison comparison = Comparison.of(values[i - 1], values[i]);
                if (comparison == Comparison.DIFFERENT_TYPES) {
                    return Comparison.TYPES_DIFFER;
                }
                if (comparison != wanted) {
                    return Truth.of(negated);
                }
            }
            return Truth.of(!negated);
        }

        @Override
        public int depth() {
            return Expression.depth(parts);
        }

        @Override
        public Expression given(Map<String, Value> values) {
            return new Compared(wanted, negated, Expression.given(values, parts));
        }
    }

    /** Whether a value is in a sequence. */
    record Member(Expression element, Expression sequence) implements Expression {
        private static final Fault NO_SEQUENCE = new Fault("what 'member?' looks into is not a sequence");

        @Override
        public Value evaluate(Subject subject) {
            Value wanted = element.evaluate(subject);
            if (wanted instanceof Fault) {
                return wanted;
            }
            Value within = sequence.evaluate(subject);
            if (!(within instanceof Sequence values)) {
                return within instanceof Fault ? within : NO_SEQUENCE;
            }
            for (int i = 0; i < values.elements().size(); i++) {
                Comparison comparison = Comparison.of(wanted, values.elements().get(i));
                if (comparison == Comparison.DIFFERENT_TYPES) {
                    return Comparison.TYPES_DIFFER;
                }
                if (comparison == Comparison.EQUAL) {
                    return Truth.TRUE;
                }
            }
            return Truth.FALSE;
        }

        @Override
        public int depth() {
            return Expression.depth(List.of(element, sequence));
        }

        @Override
        public Expression given(Map<String, Value> values) {
            return new Member(element.given(values), sequence.given(values));
        }
    }

    /** Whether all these names are in the environment. */
    record Exists(List<Name> names) implements Expression {
        public Exists {
            names = List.copyOf(names);
        }

        @Override
        public Value evaluate(Subject subject) {
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).find(subject) == null) {
                    return Truth.FALSE;
                }
            }
            return Truth.TRUE;
        }

        @Override
        public int depth() {
            return Expression.depth(names);
        }

        @Override
        public Expression given(Map<String, Value> values) {
            return new Exists(givenNames(values, names));
        }
    }

    /** Evaluates from left to right, until the first fault, which is returned. */
    private static @Nullable Fault evaluateAll(List<? extends Expression> parts, Subject subject, Value[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = parts.get(i).evaluate(subject);
            if (values[i] instanceof Fault fault) {
                return fault;
            }
        }
        return null;
    }
}
