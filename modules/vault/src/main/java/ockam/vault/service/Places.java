// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import java.util.concurrent.atomic.AtomicInteger;

/** A number of places, each of which is taken by one call at a time; thread safe. */
final class Places {
    private final int count;
    private final AtomicInteger taken = new AtomicInteger();

    Places(int count) {
        this.count = count;
    }

    /** Takes a place, if one is free. */
    boolean take() {
        return taken.getAndUpdate(number -> number < count ? number + 1 : number) < count;
    }

    void giveBack() {
        taken.decrementAndGet();
    }

    int taken() {
        return taken.get();
    }
}
