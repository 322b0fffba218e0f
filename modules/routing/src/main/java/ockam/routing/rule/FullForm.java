// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import ockam.routing.rule.RuleException.Reason;
import ockam.routing.rule.Token.Bracket;
import ockam.routing.rule.Token.End;
import ockam.routing.rule.Token.Literal;
import ockam.routing.rule.Token.Word;
import ockam.routing.rule.Value.Sequence;

/**
 * Reads the full form of a rule, such as {@code (= subject.role "member")} (authority, section 8.3).
 *
 * <p>Stricter than other implementations, which notice only when a rule is asked, and then deny, that an operator does not exist or has
 * the wrong arguments, and which do not notice a surplus bracket at the end at all.
 */
final class FullForm {
    private final Lexer lexer;
    private Token token;

    private FullForm(String text) {
        this.lexer = new Lexer(text);
        this.token = lexer.next();
    }

    /** Throws {@link RuleException} if the text is not of this form. */
    static Expression parse(String text) {
        return new FullForm(text).parse();
    }

    private Expression parse() {
        if (token instanceof End end) {
            throw new RuleException(Reason.EMPTY, end.position(), "there is no rule in the text");
        }
        Expression whole = isBracket('(') ? item(1) : operation(1); // the outermost brackets may be left out
        if (!(token instanceof End)) {
            throw unexpected("after the end of the rule");
        }
        return whole;
    }

    /** Reads an operator and its arguments, up to what cannot be an argument. */
    private Expression operation(int depth) {
        Token head = token;
        Operator operator = Optional.of(head)
                .filter(Word.class::isInstance)
                .flatMap(word -> Operator.named(((Word) word).text()))
                .orElseThrow(() -> new RuleException(
                        head instanceof End ? Reason.UNEXPECTED_END : Reason.UNKNOWN_OPERATOR,
                        head.position(),
                        "at character " + head.position() + " one of these has to be: " + Operator.all()));
        advance();
        List<Expression> arguments = new ArrayList<>();
        while (!(token instanceof End) && !isBracket(')') && !isBracket(']')) {
            arguments.add(item(depth + 1));
        }
        return operator.of(arguments)
                .orElseThrow(() -> new RuleException(
                        Reason.WRONG_ARGUMENTS,
                        head.position(),
                        "the operator at character " + head.position() + " takes " + operator.takes()));
    }

    private Expression item(int depth) {
        if (depth > Rule.MAX_DEPTH) {
            throw Rule.tooDeep(token.position());
        }
        if (token instanceof Literal literal) {
            advance();
            return new Constant(literal.value());
        }
        if (token instanceof Word word) {
            advance();
            return Name.of(word.text());
        }
        if (isBracket('(')) {
            advance();
            Expression operation = operation(depth);
            close(')');
            return operation;
        }
        if (isBracket('[')) {
            return sequence(depth);
        }
        throw unexpected("where a value should begin");
    }

    private Expression sequence(int depth) {
        int start = token.position();
        advance();
        List<Expression> elements = new ArrayList<>();
        while (!(token instanceof End) && !isBracket(']')) {
            elements.add(item(depth + 1));
        }
        close(']');
        return sequenceOf(elements)
                .orElseThrow(() -> new RuleException(
                        Reason.MIXED_SEQUENCE,
                        start,
                        "the sequence at character " + start + " is neither of values of one type nor of names"));
    }

    /** Names are not known to be of one type before the rule is asked; {@code =} and the like notice then. */
    private static Optional<Expression> sequenceOf(List<Expression> elements) {
        if (!elements.isEmpty() && elements.stream().allMatch(Name.class::isInstance)) {
            return Optional.of(new Names(elements.stream().map(Name.class::cast).toList()));
        }
        if (!elements.stream().allMatch(Constant.class::isInstance)) {
            return Optional.empty();
        }
        List<Value> values =
                elements.stream().map(element -> ((Constant) element).value()).toList();
        return values.stream().map(Value::getClass).distinct().count() > 1
                ? Optional.empty()
                : Optional.of(new Constant(new Sequence(values)));
    }

    private void close(char bracket) {
        if (!isBracket(bracket)) {
            throw unexpected("where '" + bracket + "' should be");
        }
        advance();
    }

    private boolean isBracket(char kind) {
        return token instanceof Bracket bracket && bracket.kind() == kind;
    }

    private void advance() {
        token = lexer.next();
    }

    private RuleException unexpected(String where) {
        return token instanceof End end
                ? new RuleException(Reason.UNEXPECTED_END, end.position(), "the text ends " + where)
                : new RuleException(
                        Reason.UNEXPECTED_CHARACTER,
                        token.position(),
                        "unexpected, at character " + token.position() + " " + where);
    }

    /** The operators. */
    enum Operator {
        AND("and", "any arguments") {
            @Override
            Optional<Expression> of(List<Expression> arguments) {
                return Optional.of(new And(arguments));
            }
        },
        OR("or", "any arguments") {
            @Override
            Optional<Expression> of(List<Expression> arguments) {
                return Optional.of(new Or(arguments));
            }
        },
        NOT("not", "one argument") {
            @Override
            Optional<Expression> of(List<Expression> arguments) {
                return arguments.size() == 1 ? Optional.of(new Not(arguments.get(0))) : Optional.empty();
            }
        },
        IF("if", "three arguments") {
            @Override
            Optional<Expression> of(List<Expression> arguments) {
                return arguments.size() == 3
                        ? Optional.of(new If(arguments.get(0), arguments.get(1), arguments.get(2)))
                        : Optional.empty();
            }
        },
        LESS("<", "two or more arguments") {
            @Override
            Optional<Expression> of(List<Expression> arguments) {
                return compared(Comparison.LESS, arguments);
            }
        },
        GREATER(">", "two or more arguments") {
            @Override
            Optional<Expression> of(List<Expression> arguments) {
                return compared(Comparison.GREATER, arguments);
            }
        },
        EQUAL("=", "two or more arguments") {
            @Override
            Optional<Expression> of(List<Expression> arguments) {
                return compared(Comparison.EQUAL, arguments);
            }
        },
        UNEQUAL("!=", "any arguments") {
            @Override
            Optional<Expression> of(List<Expression> arguments) {
                return Optional.of(new Compared(Comparison.EQUAL, true, arguments));
            }
        },
        MEMBER("member?", "two arguments") {
            @Override
            Optional<Expression> of(List<Expression> arguments) {
                return arguments.size() == 2
                        ? Optional.of(new Member(arguments.get(0), arguments.get(1)))
                        : Optional.empty();
            }
        },
        EXISTS("exists?", "names") {
            @Override
            Optional<Expression> of(List<Expression> arguments) {
                return arguments.stream().allMatch(Name.class::isInstance)
                        ? Optional.of(new Exists(
                                arguments.stream().map(Name.class::cast).toList()))
                        : Optional.empty();
            }
        };

        private final String word;
        private final String takes;

        Operator(String word, String takes) {
            this.word = word;
            this.takes = takes;
        }

        /** Returns the expression, or nothing if it takes other arguments. */
        abstract Optional<Expression> of(List<Expression> arguments);

        String word() {
            return word;
        }

        String takes() {
            return takes;
        }

        static Optional<Operator> named(String word) {
            for (Operator operator : values()) {
                if (operator.word.equals(word)) {
                    return Optional.of(operator);
                }
            }
            return Optional.empty();
        }

        static String all() {
            return String.join(
                    ", ", List.of(values()).stream().map(Operator::word).toList());
        }

        private static Optional<Expression> compared(Comparison wanted, List<Expression> arguments) {
            return arguments.size() < 2 ? Optional.empty() : Optional.of(new Compared(wanted, false, arguments));
        }
    }
}
