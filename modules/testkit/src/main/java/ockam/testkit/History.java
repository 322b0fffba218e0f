// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import ockam.node.Routed;

/**
 * What was sent, delivered and answered between one sender and one receiver, and whether that is possible. The test says what it sends and
 * what it gets; the rest is compared here. Each check throws an {@link AssertionError} that shows what is wrong, and the recorded flow.
 *
 * <pre>{@code
 * History<String> history = kit.history();
 * kit.node("bob").start(Address.of("worker"), Codec.string(), history.worker());
 * history.sent("one");
 * mailbox.send(channel.route("worker"), Codec.string(), "one");
 * kit.eventually(() -> history.expectDelivered("one"));
 * }</pre>
 *
 * <p>Messages are told apart by {@code equals}: send different ones. A message has to be in the history before it is sent. Thread safe; it grows.
 *
 * @param <T> type of the messages
 */
public final class History<T> {
    private static final int SHOWN = 20;

    private final Supplier<String> flow;
    private final List<T> sent = new ArrayList<>(); // guarded by this, like the others
    private final List<T> delivered = new ArrayList<>();
    private final List<T> answered = new ArrayList<>();

    History(Supplier<String> flow) {
        this.flow = flow;
    }

    /** A message is about to be sent. */
    public synchronized void sent(T message) {
        sent.add(message);
    }

    /** A message has arrived. */
    public synchronized void delivered(T message) {
        delivered.add(message);
    }

    /** The answer to a message is back with the sender. */
    public synchronized void answered(T message) {
        answered.add(message);
    }

    /** A worker that says what is delivered to it. */
    public Behavior<Routed<T>> worker() {
        return Behaviors.receiveMessage(message -> {
            delivered(message.body());
            return Behaviors.same();
        });
    }

    /** A worker that says what is delivered to it, and answers with the same. */
    public Behavior<Routed<T>> echoer() {
        return Behaviors.receiveMessage(message -> {
            delivered(message.body());
            message.reply(message.body());
            return Behaviors.same();
        });
    }

    /** What was sent, in order. */
    public synchronized List<T> sent() {
        return List.copyOf(sent);
    }

    /** What was delivered, in order. */
    public synchronized List<T> delivered() {
        return List.copyOf(delivered);
    }

    /** What was answered, in order. */
    public synchronized List<T> answered() {
        return List.copyOf(answered);
    }

    /**
     * Nothing was invented and nothing came twice: what was delivered was sent, no more often than it was delivered, and what was answered was
     * delivered before. Messages may be missing, and may have overtaken each other.
     */
    public synchronized void expectGenuine() {
        expectPart("delivered", delivered, "sent", sent);
        expectPart("answered", answered, "delivered", delivered);
    }

    /** The same, and what was delivered is in the order in which it was sent. Messages may be missing. */
    public synchronized void expectInOrder() {
        expectGenuine();
        int next = 0;
        for (T message : delivered) {
            while (next < sent.size() && !sent.get(next).equals(message)) {
                next++;
            }
            check(next < sent.size(), "expected in the order in which they were sent, but overtaken was: " + message);
            next++;
        }
    }

    /** These messages were delivered, in this order, and no others. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public final void expectDelivered(T... messages) {
        expectDelivered(Arrays.asList(messages));
    }

    /** The same with a list. */
    public synchronized void expectDelivered(List<T> messages) {
        expectSame("delivered", delivered, messages);
    }

    /** All that was sent was delivered, in that order, and nothing else. */
    public synchronized void expectAllDelivered() {
        expectSame("delivered", delivered, sent);
    }

    /** All that was sent was delivered and answered; the answers may have overtaken each other. */
    public synchronized void expectAllAnswered() {
        expectAllDelivered();
        expectPart("answered", answered, "delivered", delivered);
        expectPart("delivered", delivered, "answered", answered);
    }

    private void expectSame(String what, List<T> actual, List<T> wanted) {
        int first = 0;
        while (first < Math.min(actual.size(), wanted.size())
                && actual.get(first).equals(wanted.get(first))) {
            first++;
        }
        check(
                first == actual.size() && first == wanted.size(),
                "expected to be " + what + ": " + shown(wanted, first) + "\nbut " + what + " was: "
                        + shown(actual, first));
    }

    private void expectPart(String part, List<T> some, String whole, List<T> all) {
        Map<T, Integer> left = new HashMap<>();
        all.forEach(message -> left.merge(message, 1, Integer::sum));
        for (T message : some) {
            int more = left.merge(message, -1, Integer::sum);
            check(
                    more >= 0,
                    "expected that only what was " + whole + " is " + part + ", and no more often, but: "
                            + message + " was " + part + " " + count(message, some) + " times, and " + whole + " "
                            + count(message, all) + " times");
        }
    }

    private static <T> long count(T message, List<T> messages) {
        return messages.stream().filter(message::equals).count();
    }

    /** A few from where the lists differ. */
    private static String shown(List<?> messages, int from) {
        int to = Math.min(messages.size(), from + SHOWN);
        return messages.size() + " messages" + (from == 0 ? ", " : ", from number " + from + " on: ")
                + messages.subList(from, to) + (to < messages.size() ? " and more" : "");
    }

    private void check(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message + flow.get());
        }
    }

    /** How many there are, but not which. */
    @Override
    public synchronized String toString() {
        return "History(" + sent.size() + " sent, " + delivered.size() + " delivered, " + answered.size()
                + " answered)";
    }
}
