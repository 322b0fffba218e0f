// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import ockam.routing.rule.Model.Seq;
import ockam.routing.rule.Model.Symbol;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

/** Random rules, most of them nonsense, about random subjects. */
class RuleProperties {
    private static final Identifier ALICE = Identifier.parse("I" + "0a".repeat(32));
    private static final List<String> NAMES =
            List.of("subject.a", "subject.b", "subject.c", "subject.identifier", "subject.has_credential", "x");
    private static final List<Object> TEXTS =
            List.of("", "x", "true", "\u00e9\"\\", "\ue000", "\ud800\udc00", ALICE.toString());
    private static final List<Object> NUMBERS = List.of(-1L, 0L, 1L, Long.MIN_VALUE);
    private static final List<Object> DECIMALS = List.of(-1.0, 0.0, -0.0, 1.5, Double.NaN, Double.POSITIVE_INFINITY);
    private static final List<Object> TRUTHS = List.of(true, false);
    private static final List<List<Object>> TYPES = List.of(TEXTS, NUMBERS, DECIMALS, TRUTHS);
    private static final String CHARACTERS = "ab=\"() notandor.[]1-_;\\I\u00e9";

    private final Random random = new Random(0);

    private <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private List<Object> several(int most, Supplier<Object> element) {
        List<Object> list = new ArrayList<>();
        for (int count = random.nextInt(most + 1); count > 0; count--) {
            list.add(element.get());
        }
        return list;
    }

    private Object anyName() {
        return new Symbol(oneOf(NAMES));
    }

    private Object expression(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return random.nextInt(3) == 0 ? anyName() : random.nextInt(4) == 0 ? sequence() : oneOf(oneOf(TYPES));
        }
        return operation(depth);
    }

    private Object sequence() {
        List<Object> type = oneOf(TYPES);
        return new Seq(random.nextInt(4) == 0 ? several(3, this::anyName) : several(3, () -> oneOf(type)));
    }

    private Object boolish(int depth) {
        return random.nextInt(5) == 0 || depth == 0 ? expression(depth) : operation(depth);
    }

    private Object operation(int depth) {
        int less = depth - 1;
        return switch (random.nextInt(10)) {
            case 0 -> list("and", several(3, () -> boolish(less)));
            case 1 -> list("or", several(3, () -> boolish(less)));
            case 2 -> list("not", List.of(boolish(less)));
            case 3 -> list("if", List.of(boolish(less), boolish(less), boolish(less)));
            case 4 ->
                list("member?", List.of(expression(less), random.nextInt(5) == 0 ? expression(less) : sequence()));
            case 5 -> list("exists?", several(3, this::anyName));
            case 6 -> list("!=", several(3, () -> expression(less)));
            default -> {
                List<Object> type = oneOf(TYPES);
                List<Object> arguments = several(2, () -> random.nextInt(4) == 0 ? expression(less) : oneOf(type));
                arguments.add(random.nextInt(3) == 0 ? anyName() : oneOf(type));
                arguments.add(oneOf(type));
                yield list(oneOf(List.of("=", "<", ">")), arguments);
            }
        };
    }

    private static Object list(String operator, List<Object> arguments) {
        List<Object> list = new ArrayList<>(List.of(new Symbol(operator)));
        list.addAll(arguments);
        return list;
    }

    /** A rule; the outermost operator keeps the short form away. */
    private static String whole(Object expression) {
        return "(and " + text(expression) + ")";
    }

    private static String text(Object expression) {
        if (expression instanceof Symbol symbol) {
            return symbol.name();
        }
        if (expression instanceof Seq seq) {
            return "[" + texts(seq.elements()) + "]";
        }
        if (expression instanceof List<?> list) {
            return "(" + texts(List.copyOf(list)) + ")";
        }
        if (expression instanceof String string) {
            return "\"" + string.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        }
        return expression instanceof Double number && (number.isInfinite() || number.isNaN())
                ? (number.isNaN() ? "nan" : "inf")
                : String.valueOf(expression);
    }

    private static String texts(List<Object> expressions) {
        return String.join(" ", expressions.stream().map(RuleProperties::text).toList());
    }

    @Test
    void rulesDoWhatThePlainModelDoes() {
        int allowed = 0;
        int examples = 20_000;
        for (int i = 0; i < examples; i++) {
            Map<String, String> attributes = new HashMap<>();
            for (String name : List.of("a", "b", "c")) {
                if (random.nextBoolean()) {
                    attributes.put(name, (String) oneOf(TEXTS));
                }
            }
            Object expression = operation(4);
            Map<String, Object> environment =
                    new HashMap<>(Map.of("subject.identifier", ALICE.toString(), "subject.has_credential", true));
            attributes.forEach((name, value) -> environment.put("subject." + name, value));
            Subject subject = Subject.of(ALICE, Attributes.ofTexts(attributes));

            Rule rule = Rule.parse(whole(expression));
            boolean expected = new Model(environment).allows(expression);

            assertThat(rule.allows(subject)).as("%s for %s", rule, attributes).isEqualTo(expected);
            assertThat(rule.denial(subject).isEmpty()).isEqualTo(expected);
            allowed += expected ? 1 : 0;
        }
        assertThat(allowed).isBetween(examples / 20, examples * 19 / 20);
    }

    @Test
    void everyRuleSurvivesPrinting() {
        for (int i = 0; i < 5_000; i++) {
            Rule rule = Rule.parse(whole(operation(4)));

            assertThat(Rule.parse(rule.toString())).isEqualTo(rule);
        }
    }

    private static void assertIsARuleOrRefused(String text) {
        try {
            Rule rule = Rule.parse(text);
            assertThat(Rule.parse(rule.toString())).isEqualTo(rule);
        } catch (RuleException e) {
            assertThat(e.position()).isBetween(0, text.length());
            assertThat(e.reason()).isNotNull();
        }
    }

    @Test
    void anyTextIsARuleOrRefused() {
        qt().withExamples(5_000)
                .forAll(strings().allPossible().ofLengthBetween(0, 60))
                .checkAssert(RuleProperties::assertIsARuleOrRefused);
        qt().withExamples(20_000)
                .forAll(longs().all(), integers().between(0, 40))
                .checkAssert((seed, length) -> {
                    Random characters = new Random(seed);
                    StringBuilder text = new StringBuilder();
                    for (int i = 0; i < length; i++) {
                        text.append(CHARACTERS.charAt(characters.nextInt(CHARACTERS.length())));
                    }
                    assertIsARuleOrRefused(text.toString());
                });
    }

    @Test
    void aRuleThatIsCutOrAlteredIsARuleOrRefused() {
        for (int i = 0; i < 300; i++) {
            String whole = whole(operation(4));
            for (int length = 0; length < whole.length(); length++) {
                assertIsARuleOrRefused(whole.substring(0, length));
                assertIsARuleOrRefused(whole.substring(0, length)
                        + CHARACTERS.charAt(random.nextInt(CHARACTERS.length()))
                        + whole.substring(length + 1));
            }
        }
    }
}
