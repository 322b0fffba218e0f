// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import ockam.wire.Route;

/**
 * Does to each message what its {@link Fate} says: the part of a {@link HostileHop} that does not depend on actors. The same fates and the
 * same calls produce the same result. Not thread safe.
 *
 * @param <M> the caller's type of messages, which are only passed through
 */
final class FaultPlan<M> {

    /** A message, and the payload with which it leaves. */
    record Parcel<M>(M message, ByteString payload) {}

    /** A parcel that leaves after the arrival with this number. */
    private record Held<M>(Parcel<M> parcel, long due) {}

    /** A parcel as it arrived, and where it was to go. */
    private record Remembered<M>(Parcel<M> parcel, Route onward) {}

    private final Fate.Source fates;
    private final int memorySize;
    private final List<Held<M>> held = new ArrayList<>();
    private final List<Remembered<M>> memory = new ArrayList<>(); // the oldest first
    private long arrivals;

    /** Remembers so many messages. */
    FaultPlan(Fate.Source fates, int memorySize) {
        this.fates = fates;
        this.memorySize = memorySize;
    }

    /** Subjects an arriving message to its fate, and returns what leaves, in order. */
    List<Parcel<M>> harm(M message, ByteString payload, Route onward) {
        List<Parcel<M>> leaving = new ArrayList<>();
        arrivals++;
        Fate fate = fates.next();
        for (Fate.Copy copy : fate.copies()) {
            Parcel<M> parcel = new Parcel<>(message, harmed(copy, payload, onward));
            if (copy.delay() > 0) {
                held.add(new Held<>(parcel, arrivals + copy.delay()));
            } else {
                leaving.add(parcel);
            }
        }
        takeDue(leaving);
        if (fate.replay() != null) {
            int index = fate.replay().applyAsInt(memory.size());
            if (index >= 0 && index < memory.size()) {
                leaving.add(memory.get(index).parcel());
            }
        }
        remember(new Parcel<>(message, payload), onward);
        return leaving;
    }

    /** Lets a message pass without faults, but remembers it for replays. */
    Parcel<M> pass(M message, ByteString payload, Route onward) {
        Parcel<M> arrived = new Parcel<>(message, payload);
        arrivals++;
        remember(arrived, onward);
        return arrived;
    }

    /** Releases the messages that were held back, and returns them in the order of arrival. */
    List<Parcel<M>> release() {
        List<Parcel<M>> leaving = held.stream().map(Held::parcel).toList();
        held.clear();
        return leaving;
    }

    private void takeDue(List<Parcel<M>> leaving) {
        Iterator<Held<M>> each = held.iterator();
        while (each.hasNext()) {
            Held<M> next = each.next();
            if (next.due() <= arrivals) {
                leaving.add(next.parcel());
                each.remove();
            }
        }
    }

    private void remember(Parcel<M> arrived, Route onward) {
        if (memory.size() == memorySize) {
            memory.remove(0);
        }
        memory.add(new Remembered<>(arrived, onward));
    }

    private ByteString harmed(Fate.Copy copy, ByteString payload, Route onward) {
        ByteString result = payload;
        if (copy.splice() != null) {
            List<ByteString> others = memory.stream()
                    .filter(before -> !before.onward().equals(onward))
                    .map(before -> before.parcel().payload())
                    .toList();
            result = others.isEmpty() ? result : others.get(copy.splice().applyAsInt(others.size()));
        }
        if (copy.truncation() != null && !result.isEmpty()) {
            result = result.take(copy.truncation().applyAsInt(result.length()));
        }
        if (copy.corruption() != null && !result.isEmpty()) {
            result = withFlippedBit(result, copy.corruption().applyAsInt(Byte.SIZE * result.length()));
        }
        return result;
    }

    /** Returns a changed copy, because everyone who has the message shares the bytes of its payload. */
    private static ByteString withFlippedBit(ByteString payload, int bit) {
        byte[] copy = payload.toArray();
        copy[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return ByteString.fromArray(copy);
    }
}
