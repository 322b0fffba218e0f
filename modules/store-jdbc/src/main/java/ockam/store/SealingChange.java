// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.util.Arrays;
import ockam.store.StoreException.Reason;

/** What happens when private keys are to be sealed with another key: all of them in one transaction, or none. */
final class SealingChange {
    private SealingChange() {}

    /** Seals all private keys with another key, unless somebody was faster. Returns whether they are sealed with it now. */
    static boolean make(Sql sql, Locks locks, Sealer former, Sealer next) {
        locks.sealing();
        byte[] probe = Probe.kept(sql).orElseThrow();
        if (!Probe.isSealedBy(former, probe)) {
            return Probe.isSealedBy(next, probe);
        }
        KeyTable.all(sql).forEach(key -> KeyTable.replace(sql, resealed(key, former, next)));
        Probe.replace(sql, Probe.seal(next));
        return true;
    }

    private static SealedKey resealed(SealedKey key, Sealer former, Sealer next) {
        byte[] privateKey = key.opened(former);
        try {
            return SealedKey.seal(next, key.id(), key.kind(), privateKey);
        } finally {
            Arrays.fill(privateKey, (byte) 0);
        }
    }

    /** Before a key is stored: if another process has sealed them with another key since this store was opened, it would be lost. */
    static void requireNone(Sql sql, Locks locks, Sealer sealer) {
        locks.sealingStays();
        if (Probe.kept(sql).filter(probe -> Probe.isSealedBy(sealer, probe)).isEmpty()) {
            throw new StoreException(
                    Reason.WRONG_KEY, "the private keys in the store are sealed with another key since it was opened");
        }
    }
}
