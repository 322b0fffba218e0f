// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Draws fates from a seed, at the rates that {@link Faults} say. Not thread safe. */
final class DrawnFates implements Fate.Source {
    private final Faults faults;
    private final Random random; // its algorithm is specified, so a seed means the same on every JDK

    DrawnFates(Faults faults) {
        this.faults = faults;
        this.random = new Random(faults.seed());
    }

    @Override
    public Fate next() {
        List<Fate.Copy> copies = new ArrayList<>();
        if (!happens(faults.drops())) {
            copies.add(copy());
            if (happens(faults.duplicates())) {
                copies.add(copy());
            }
        }
        return new Fate(copies, somewhere(faults.replays()));
    }

    private Fate.Copy copy() {
        return new Fate.Copy(
                somewhere(faults.splices()),
                somewhere(faults.truncation()),
                somewhere(faults.corruption()),
                happens(faults.reordering()) ? 1 + random.nextInt(faults.distance()) : 0);
    }

    /** A place that is drawn, if it happens at all. */
    private @Nullable IntUnaryOperator somewhere(double rate) {
        if (!happens(rate)) {
            return null;
        }
        double share = random.nextDouble(); // below 1
        return places -> (int) (share * places);
    }

    private boolean happens(double rate) {
        return random.nextDouble() < rate;
    }
}
