// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import ockam.node.Routed;
import ockam.wire.Any;
import ockam.wire.CborWriter;
import ockam.wire.LocalInfo;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * A hop that records the messages that pass: what an observer along the route sees. It forwards every message as
 * {@link ockam.node.Hop} does.
 *
 * <p>A message is recorded before it is forwarded, so its receiver can rely on finding it in the record. Thread safe. One tap may
 * listen at several addresses, and then has one record for all of them. The record grows until {@link #clear()}.
 */
public final class Tap {
    private final List<LocalMessage> messages = Collections.synchronizedList(new ArrayList<>());
    private final @Nullable ActorRef<LocalMessage> probe;

    private Tap(@Nullable ActorRef<LocalMessage> probe) {
        this.probe = probe;
    }

    /** Returns a tap that only records. */
    public static Tap create() {
        return new Tap(null);
    }

    /** Returns a tap that also tells a probe of each message, before forwarding it. */
    public static Tap create(ActorRef<LocalMessage> probe) {
        return new Tap(probe);
    }

    /** Returns the behavior of the worker; start it with {@code node.start(address, tap.behavior())}. */
    public Behavior<Routed<Any>> behavior() {
        return Behaviors.receiveMessage(message -> {
            messages.add(message.message());
            if (probe != null) {
                probe.tell(message.message());
            }
            message.forward();
            return Behaviors.same();
        });
    }

    /** Returns the messages that passed, in order, as they arrived: the tap's own address is still at the front of the onward routes. */
    public List<LocalMessage> messages() {
        return List.copyOf(messages);
    }

    /** Returns everything visible here, all messages concatenated: encoded routes, payloads, and local info as printed. */
    public ByteString allBytes() {
        ByteStringBuilder all = ByteString.createBuilder();
        messages().forEach(message -> all.append(bytesOf(message)));
        return all.result();
    }

    /** Returns whether these bytes, all of them and in this order, were visible here. */
    public boolean saw(ByteString bytes) {
        return allBytes().containsSlice(bytes);
    }

    /** Forgets the messages that passed so far. */
    public void clear() {
        messages.clear();
    }

    /** Everything visible of one message. */
    static ByteString bytesOf(LocalMessage message) {
        ByteStringBuilder all = ByteString.createBuilder();
        all.append(encoded(message.onwardRoute()));
        all.append(encoded(message.returnRoute()));
        all.append(message.payload());
        for (LocalInfo info : message.localInfo()) {
            all.append(ByteString.fromString(info.toString()));
        }
        return all.result();
    }

    private static ByteString encoded(Route route) {
        CborWriter writer = CborWriter.create(route.encodedSize());
        route.writeTo(writer);
        return writer.toByteString();
    }

    /** Shows the number of messages, never their content. */
    @Override
    public String toString() {
        return "Tap(" + messages.size() + " messages)";
    }
}
