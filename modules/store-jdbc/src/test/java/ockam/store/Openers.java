// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.KEY;
import static ockam.store.StoreTests.get;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that opens, for each line of its input, the SQLite file of this name, which need not be there yet, and closes it again. */
final class Openers {
    private Openers() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String file = in.readLine(); file != null; file = in.readLine()) {
            try {
                get(get(JdbcStore.open(JdbcStoreSettings.sqlite(Path.of(file), KEY), Runnable::run))
                        .close());
                System.out.println("opened");
            } catch (AssertionError e) {
                System.out.println("failed " + e.getCause());
            }
        }
    }
}
