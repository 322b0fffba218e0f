// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import ockam.routing.rule.Expression.And;
import ockam.routing.rule.Expression.Compared;
import ockam.routing.rule.Expression.Constant;
import ockam.routing.rule.Expression.Exists;
import ockam.routing.rule.Expression.Member;
import ockam.routing.rule.Expression.Name;
import ockam.routing.rule.Expression.Not;
import ockam.routing.rule.Expression.Or;
import ockam.routing.rule.RuleException.Reason;
import ockam.routing.rule.Value.Fault;
import ockam.routing.rule.Value.Sequence;
import ockam.routing.rule.Value.Text;
import ockam.routing.rule.Value.Truth;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * Says which peers may do something, by what an authority says about them (authority, section 8).
 *
 * <pre>{@code
 * Rule members = Rule.attribute("role").is("member").and(Rule.attribute("guest").exists().not());
 * Rule same = Rule.parse("(and (= subject.role \"member\") (not (exists? subject.guest)))");
 * }</pre>
 *
 * <p><b>A missing attribute is an error, not false, and an error denies.</b> So it is in other implementations, and a rule has to mean the
 * same everywhere: {@code not guest} denies whoever has no attribute {@code guest}, and {@code guest or member} denies a member who has
 * none, while {@code member or guest} allows it. {@link Attribute#exists} asks first. Values of different types, such as a number
 * and an attribute, do not compare, which is an error too.
 *
 * <p>Immutable and thread safe. Asking is quick and allocates nothing, unless three or more values or a sequence of names are compared.
 */
public final class Rule {
    /** The most characters of a text. */
    public static final int MAX_LENGTH = 8_192;

    /** How deep a rule may be nested. */
    public static final int MAX_DEPTH = 64;

    private static final String RESOURCE = "resource.id";
    private static final String ACTION = "action.id";

    /** The only action that there is. */
    private static final Value HANDLE_MESSAGE = new Text("handle_message");

    private static final Fault NOT_BOOLEAN = new Fault("the result is not a boolean");
    private static final Fault DOES_NOT_HOLD = new Fault("it does not hold");

    private final Expression expression;

    private Rule(Expression expression) {
        if (expression.depth() > MAX_DEPTH) {
            throw tooDeep(0);
        }
        this.expression = unwrapped(expression);
    }

    /** An {@code and} of one part is that part; {@link Printer} puts it around what would be read as something else. */
    private static Expression unwrapped(Expression expression) {
        Expression inner = expression;
        while (inner instanceof And and && and.parts().size() == 1) {
            inner = and.parts().get(0);
        }
        return inner;
    }

    static RuleException tooDeep(int position) {
        return new RuleException(Reason.TOO_DEEP, position, "a rule is nested at most " + MAX_DEPTH + " deep");
    }

    /**
     * Reads a rule: in the short form, such as {@code role=member and (a or not b)} (authority, section 8.2), or else in the full form, such
     * as {@code (= subject.role "member")} (authority, section 8.3). The short form has traps: {@code notary} is {@code not ary},
     * {@code true} is an attribute, and {@code (not subject.a)}, which looks like the full form, is about an attribute
     * {@code subject.a}.
     *
     * @throws RuleException if neither form reads it: the reason and the position of the one that seems to be meant, and the texts of both
     */
    public static Rule parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new RuleException(Reason.TOO_LONG, MAX_LENGTH, "a rule has at most " + MAX_LENGTH + " characters");
        }
        RuleException notShort;
        try {
            return new Rule(ShortForm.parse(text));
        } catch (RuleException e) {
            notShort = e;
        }
        try {
            return new Rule(FullForm.parse(text));
        } catch (RuleException notFull) {
            RuleException told = isMeantFull(text, notShort, notFull) ? notFull : notShort;
            throw new RuleException(
                    told.reason(),
                    told.position(),
                    "no rule: " + notShort.getMessage() + "; in the full form, " + notFull.getMessage());
        }
    }

    /** Which of the two forms somebody had in mind, as far as can be told. */
    private static boolean isMeantFull(String text, RuleException notShort, RuleException notFull) {
        return switch (notFull.reason()) {
            case EMPTY, TOO_DEEP -> true;
            case UNKNOWN_OPERATOR -> isFurther(notFull, notShort);
            case TOO_LONG,
                    UNEXPECTED_CHARACTER,
                    UNEXPECTED_END,
                    WRONG_ARGUMENTS,
                    INVALID_STRING,
                    INVALID_NUMBER,
                    MIXED_SEQUENCE,
                    INVALID_NAME -> text.stripLeading().startsWith("(") || isFurther(notFull, notShort);
        };
    }

    private static boolean isFurther(RuleException notFull, RuleException notShort) {
        return notShort.reason() != Reason.TOO_DEEP && notFull.position() >= notShort.position();
    }

    /**
     * Begins a rule about an attribute. Its name must have only characters that names in texts have: letters and digits of ASCII, and
     * {@code . _ - + , : ; @ ! $ % & * / < = > ? ~ ^}; otherwise throws {@code INVALID_NAME}. The names {@code identifier} and
     * {@code has_credential} are no attributes.
     */
    public static Attribute attribute(String name) {
        String full = Subject.PREFIX + name;
        if (name.isEmpty() || !Lexer.WORD.matcher(full).matches()) {
            throw new RuleException(Reason.INVALID_NAME, 0, "no text of a rule has an attribute with this name");
        }
        return new Attribute(Name.of(full));
    }

    /** Allows these identities, whatever any authority says; none denies everyone. */
    public static Rule identifier(Identifier... identifiers) {
        return in(Name.of(Subject.IDENTIFIER), Arrays.stream(identifiers).map(Identifier::toString));
    }

    /**
     * Allows whoever has a valid credential, whatever it says. In other implementations, the control for this allows everyone
     * (authority, section 8.4).
     */
    public static Rule hasCredential() {
        return new Rule(new Compared(
                Comparison.EQUAL, false, List.of(Name.of(Subject.HAS_CREDENTIAL), new Constant(Truth.TRUE))));
    }

    /** Allows what all these rules allow, asked in this order until one denies; none allows everyone. */
    public static Rule all(Rule... rules) {
        return of(And::new, rules);
    }

    /** Allows what at least one of these rules allows, asked in this order until one allows or has an error; none denies everyone. */
    public static Rule any(Rule... rules) {
        return of(Or::new, rules);
    }

    private static Rule of(Function<List<Expression>, Expression> whole, Rule... rules) {
        return new Rule(
                whole.apply(Arrays.stream(rules).map(rule -> rule.expression).toList()));
    }

    /** Returns the rule that allows what both allow; the other is asked only if this one allows. */
    public Rule and(Rule other) {
        return all(this, other);
    }

    /** Returns the rule that allows what either allows; the other is asked only if this one denies without an error. */
    public Rule or(Rule other) {
        return any(this, other);
    }

    /** Returns the rule that allows what this one denies without an error, and denies what this one allows or has an error about. */
    public Rule not() {
        return new Rule(new Not(expression));
    }

    /**
     * Returns the same rule for one resource, such as a worker by its address: {@code resource.id} is this text in it, and
     * {@code action.id} is {@code handle_message}, the only action (authority, section 8.1). So one rule can be written for several workers.
     * In a rule for no resource, both names are missing, which is an error: it denies.
     */
    public Rule forResource(String resource) {
        return new Rule(expression.given(Map.of(RESOURCE, new Text(resource), ACTION, HANDLE_MESSAGE)));
    }

    private static Rule in(Name name, Stream<String> values) {
        List<Value> elements = values.map(value -> (Value) new Text(value)).toList();
        return new Rule(
                elements.size() == 1
                        ? new Compared(Comparison.EQUAL, false, List.of(name, new Constant(elements.get(0))))
                        : new Member(name, new Constant(new Sequence(elements))));
    }

    /** Returns whether the rule allows this subject. */
    public boolean allows(Subject subject) {
        return expression.evaluate(subject) == Truth.TRUE;
    }

    /**
     * Returns why the rule denies this subject, in a clause for a log line that names no values, such as {@code subject.role is missing};
     * empty if it allows it.
     */
    public String denial(Subject subject) {
        Value value = expression.evaluate(subject);
        if (value == Truth.TRUE) {
            return "";
        }
        if (value instanceof Fault fault) {
            return fault.text();
        }
        return (value == Truth.FALSE ? DOES_NOT_HOLD : NOT_BOOLEAN).text();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Rule that && expression.equals(that.expression);
    }

    @Override
    public int hashCode() {
        return expression.hashCode();
    }

    /**
     * Returns the full form, on one line, without the resource that it is for. {@link #parse} reads it as the same rule, unless it is too
     * long or, by a wrapping, too deep.
     */
    @Override
    public String toString() {
        return Printer.print(expression);
    }

    /** An attribute that a rule is to be about. */
    public static final class Attribute {
        private final Name name;

        private Attribute(Name name) {
            this.name = name;
        }

        /** Allows those of whom it has this value. */
        public Rule is(String value) {
            return in(name, Stream.of(value));
        }

        /** Allows those of whom it has one of these values; none denies everyone. */
        public Rule isIn(String... values) {
            return in(name, Arrays.stream(values));
        }

        /** Allows those who have it, whatever its value. */
        public Rule exists() {
            return new Rule(new Exists(List.of(name)));
        }
    }
}
