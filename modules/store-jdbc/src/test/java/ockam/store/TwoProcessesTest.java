// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.HERE;
import static ockam.store.StoreTests.KEY;
import static ockam.store.StoreTests.add;
import static ockam.store.StoreTests.get;
import static ockam.store.StoreTests.token;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import ockam.fixtures.Program;
import ockam.identity.UnitOfWork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwoProcessesTest {
    private static final int NEW_FILES = 20;

    @TempDir
    Path directory;

    /** A code for ten, and a hundred identities in two processes, on this database (authority, section 10, item 6). */
    static void exactlyTen(JdbcStore store, String url, Path directory) throws IOException, InterruptedException {
        get(store.run(unit -> add(unit, token(1, 10, 600))));
        Program one = Program.startFromTests(directory.resolve("err-1"), Redeemers.class, url, "0");
        Program two = Program.startFromTests(directory.resolve("err-2"), Redeemers.class, url, "50");
        assertThat(one.nextLine()).isEqualTo("ready");
        assertThat(two.nextLine()).isEqualTo("ready");

        one.tell("go");
        two.tell("go");

        int made = Integer.parseInt(one.nextLineAfter("members ")) + Integer.parseInt(two.nextLineAfter("members "));
        one.endsWith(0);
        two.endsWith(0);
        assertThat(made).isEqualTo(10);
        assertThat(get(store.run((UnitOfWork unit) -> unit.members().count(HERE))))
                .isEqualTo(10);
        assertThat(get(store.run((UnitOfWork unit) -> unit.tokens().count(HERE))))
                .isZero();
    }

    @Test
    void openAFileThatIsNotThereYet() throws Exception {
        Program one = Program.startFromTests(directory.resolve("err-1"), Openers.class);
        Program two = Program.startFromTests(directory.resolve("err-2"), Openers.class);
        assertThat(one.nextLine()).isEqualTo("ready");
        assertThat(two.nextLine()).isEqualTo("ready");

        for (int i = 0; i < NEW_FILES; i++) {
            String file = directory.resolve("new-" + i + ".db").toString();
            one.tell(file);
            two.tell(file);
            assertThat(one.nextLine()).isEqualTo("opened");
            assertThat(two.nextLine()).isEqualTo("opened");
        }
        one.kill();
        two.kill();
    }

    @Test
    void redeemACodeExactlyAsOftenAsItIsGoodForOnSqlite() throws Exception {
        JdbcStoreSettings settings = JdbcStoreSettings.sqlite(directory.resolve("ockam.db"), KEY);
        JdbcStore store = get(JdbcStore.open(settings, Runnable::run));

        exactlyTen(store, settings.url(), directory);

        get(store.close());
    }
}
