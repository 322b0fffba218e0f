// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.CLOCK;
import static ockam.store.StoreTests.get;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import ockam.identity.Identity;

/** A process that uses private keys, and writes down what is alive in it while its store is open, and after it was closed. */
final class HeapDump {
    static final SealingKey KEY = SealingKey.from(() -> {
        byte[] key = new byte[SealingKey.LENGTH];
        key[1] = 1;
        return key;
    });

    private HeapDump() {}

    public static void main(String[] arguments) throws IOException {
        JdbcStore store = get(JdbcStore.open(JdbcStoreSettings.sqlite(Path.of(arguments[0]), KEY), Runnable::run));
        Identity identity = get(store.identity("node", CLOCK));
        get(identity.identities().secureChannelKey(identity));
        get(identity.identities().credentialKey(identity));
        String open = arguments[1] + ".open.hprof";
        dump(open);
        System.out.println("open " + open);
        get(store.close());
        dump(arguments[1]);
    }

    private static void dump(String file) throws IOException {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file, true);
    }
}
