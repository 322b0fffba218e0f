// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/**
 * Decides what happens to each message: the part of a {@link HostileHop} that does not depend on actors. The same seed and the
 * same calls produce the same result. Not thread safe.
 *
 * @param <M> the caller's type of messages, which are only passed through
 */
final class FaultPlan<M> {

    /** A message, and the payload with which it leaves. */
    record Parcel<M>(M message, ByteString payload) {}

    /** A parcel that leaves after the arrival with this number. */
    private record Held<M>(Parcel<M> parcel, long due) {}

    private final Faults faults;
    private final Random random; // its algorithm is specified, so a seed means the same on every JDK
    private final List<Held<M>> held = new ArrayList<>();
    private final List<Parcel<M>> memory = new ArrayList<>(); // a ring, for replays
    private long arrivals;

    FaultPlan(Faults faults) {
        this.faults = faults;
        this.random = new Random(faults.seed());
    }

    /** Subjects an arriving message to the faults, and returns what leaves, in order. */
    List<Parcel<M>> harm(M message, ByteString payload) {
        Parcel<M> arrived = new Parcel<>(message, payload);
        List<Parcel<M>> leaving = new ArrayList<>();
        arrivals++;
        if (!happens(faults.drops())) {
            sendCopy(arrived, leaving);
            if (happens(faults.duplicates())) {
                sendCopy(arrived, leaving);
            }
        }
        takeDue(leaving);
        if (happens(faults.replays()) && !memory.isEmpty()) {
            leaving.add(memory.get(random.nextInt(memory.size())));
        }
        remember(arrived);
        return leaving;
    }

    /** Lets a message pass without faults, but remembers it for replays. */
    Parcel<M> pass(M message, ByteString payload) {
        Parcel<M> arrived = new Parcel<>(message, payload);
        arrivals++;
        remember(arrived);
        return arrived;
    }

    /** Releases the messages that were held back, and returns them in the order of arrival. */
    List<Parcel<M>> release() {
        List<Parcel<M>> leaving = held.stream().map(Held::parcel).toList();
        held.clear();
        return leaving;
    }

    private void sendCopy(Parcel<M> arrived, List<Parcel<M>> leaving) {
        Parcel<M> copy = new Parcel<>(arrived.message(), damaged(arrived.payload()));
        if (happens(faults.reordering())) {
            held.add(new Held<>(copy, arrivals + 1 + random.nextInt(faults.distance())));
        } else {
            leaving.add(copy);
        }
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

    private void remember(Parcel<M> arrived) {
        if (memory.size() < faults.memory()) {
            memory.add(arrived);
        } else {
            memory.set((int) ((arrivals - 1) % faults.memory()), arrived); // the oldest
        }
    }

    private ByteString damaged(ByteString payload) {
        ByteString result = payload;
        if (happens(faults.truncation()) && !result.isEmpty()) {
            result = result.take(random.nextInt(result.length()));
        }
        if (happens(faults.corruption()) && !result.isEmpty()) {
            result = withFlippedBit(result, random.nextInt(result.length()), random.nextInt(Byte.SIZE));
        }
        return result;
    }

    /** Returns a changed copy, because everyone who has the message shares the bytes of its payload. */
    private static ByteString withFlippedBit(ByteString payload, int index, int bit) {
        byte[] copy = payload.toArray();
        copy[index] ^= (byte) (1 << bit);
        return ByteString.fromArray(copy);
    }

    private boolean happens(double rate) {
        return random.nextDouble() < rate;
    }
}
