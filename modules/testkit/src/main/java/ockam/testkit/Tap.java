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
 * A hop that keeps a record of what passes: what somebody sees who sits on the way. It passes every message on as {@link
 * ockam.node.Hop} does.
 *
 * <p>A message is recorded before it is passed on, so whoever got a message finds it in the record. Thread safe. One tap may listen at
 * several addresses, and then has one record for all of them. The record grows until {@link #clear()}.
 */
public final class Tap {
    private final List<LocalMessage> messages = Collections.synchronizedList(new ArrayList<>());
    private final @Nullable ActorRef<LocalMessage> probe;

    private Tap(@Nullable ActorRef<LocalMessage> probe) {
        this.probe = probe;
    }

    /** A tap that only records. */
    public static Tap create() {
        return new Tap(null);
    }

    /** A tap that also tells a probe of each message, before it is passed on. */
    public static Tap create(ActorRef<LocalMessage> probe) {
        return new Tap(probe);
    }

    /** The worker; start it with {@code node.start(address, tap.behavior())}. */
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

    /** What passed, in order, as it arrived: the tap's own address is still at the front of the onward routes. */
    public List<LocalMessage> messages() {
        return List.copyOf(messages);
    }

    /** All that could be seen here, one message behind the other: routes as they are encoded, payloads, local info as it prints. */
    public ByteString allBytes() {
        ByteStringBuilder all = ByteString.createBuilder();
        for (LocalMessage message : messages()) {
            all.append(encoded(message.onwardRoute()));
            all.append(encoded(message.returnRoute()));
            all.append(message.payload());
            for (LocalInfo info : message.localInfo()) {
                all.append(ByteString.fromString(info.toString()));
            }
        }
        return all.result();
    }

    /** Whether these bytes, all of them and in this order, could be seen here. */
    public boolean saw(ByteString bytes) {
        return allBytes().containsSlice(bytes);
    }

    /** Forgets what passed so far. */
    public void clear() {
        messages.clear();
    }

    private static ByteString encoded(Route route) {
        CborWriter writer = CborWriter.create(route.encodedSize());
        route.writeTo(writer);
        return writer.toByteString();
    }

    /** Shows how much passed, never what. */
    @Override
    public String toString() {
        return "Tap(" + messages.size() + " messages)";
    }
}
