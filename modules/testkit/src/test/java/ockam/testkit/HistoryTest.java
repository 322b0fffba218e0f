// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final String FLOW = "\n\nThe recording:\napp -> h1";

    private final History<String> history = new History<>(() -> FLOW);

    private HistoryTest sent(String... messages) {
        List.of(messages).forEach(history::sent);
        return this;
    }

    private HistoryTest delivered(String... messages) {
        List.of(messages).forEach(history::delivered);
        return this;
    }

    private HistoryTest answered(String... messages) {
        List.of(messages).forEach(history::answered);
        return this;
    }

    private static void fails(ThrowingCallable expectation, String message) {
        assertThatThrownBy(expectation).isInstanceOf(AssertionError.class).hasMessage(message + FLOW);
    }

    @Test
    void whatIsAsItShouldBePassesEverything() {
        sent("a", "b").delivered("a", "b").answered("b", "a");

        history.expectGenuine();
        history.expectInOrder();
        history.expectDelivered("a", "b");
        history.expectAllDelivered();
        history.expectAllAnswered();
        assertThat(history.sent()).containsExactly("a", "b");
        assertThat(history.delivered()).containsExactly("a", "b");
        assertThat(history.answered()).containsExactly("b", "a");
        assertThat(history).hasToString("History(2 sent, 2 delivered, 2 answered)");
    }

    @Test
    void whatWasNotSentIsInvented() {
        sent("a").delivered("x");

        fails(
                history::expectGenuine,
                "expected that only what was sent is delivered, and no more often, but: x was delivered 1 times, and"
                        + " sent 0 times");
    }

    @Test
    void whatComesMoreOftenThanItWasSentIsADuplicate() {
        sent("a", "a").delivered("a", "a", "a");

        fails(
                history::expectGenuine,
                "expected that only what was sent is delivered, and no more often, but: a was delivered 3 times, and"
                        + " sent 2 times");
    }

    @Test
    void onlyWhatWasDeliveredIsAnswered() {
        sent("a", "b").delivered("a").answered("b");

        fails(
                history::expectGenuine,
                "expected that only what was delivered is answered, and no more often, but: b was answered 1 times, and"
                        + " delivered 0 times");
    }

    @Test
    void messagesMayBeMissingButNotOvertakeEachOther() {
        sent("a", "b", "c").delivered("a", "c");
        history.expectInOrder();

        delivered("b");
        history.expectGenuine();
        fails(history::expectInOrder, "expected in the order in which they were sent, but overtaken was: b");
    }

    @Test
    void orderIncludesThatNothingIsInvented() {
        sent("a").delivered("a", "x");

        fails(
                history::expectInOrder,
                "expected that only what was sent is delivered, and no more often, but: x was delivered 1 times, and"
                        + " sent 0 times");
    }

    @Test
    void allIsDeliveredInThatOrderAndNothingElse() {
        sent("a", "b").delivered("a");
        fails(
                history::expectAllDelivered,
                "expected to be delivered: 2 messages, from number 1 on: [b]\nbut delivered was: 1 messages, from number"
                        + " 1 on: []");
        delivered("c");
        fails(
                history::expectAllDelivered,
                "expected to be delivered: 2 messages, from number 1 on: [b]\nbut delivered was: 2 messages, from number"
                        + " 1 on: [c]");
        fails(
                () -> history.expectDelivered("a", "c", "d"),
                "expected to be delivered: 3 messages, from number 2 on: [d]\nbut delivered was: 2 messages, from number"
                        + " 2 on: []");
        fails(
                () -> history.expectDelivered("a"),
                "expected to be delivered: 1 messages, from number 1 on: []\nbut delivered was: 2 messages, from number"
                        + " 1 on: [c]");
    }

    @Test
    void allIsAnsweredInAnyOrder() {
        sent("a", "b").delivered("a", "b").answered("b");

        fails(
                history::expectAllAnswered,
                "expected that only what was answered is delivered, and no more often, but: a was delivered 1 times,"
                        + " and answered 0 times");
    }

    @Test
    void showsOnlyAFewMessages() {
        List<String> many = IntStream.range(0, 100).mapToObj(String::valueOf).toList();
        many.forEach(history::sent);

        assertThatThrownBy(history::expectAllDelivered)
                .hasMessageContaining("18, 19] and more\nbut delivered was: 0 messages, []" + FLOW);
    }
}
