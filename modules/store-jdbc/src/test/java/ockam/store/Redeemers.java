// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.HERE;
import static ockam.store.StoreTests.KEY;
import static ockam.store.StoreTests.MOMENT;
import static ockam.store.StoreTests.code;
import static ockam.store.StoreTests.get;
import static ockam.store.StoreTests.identifier;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import ockam.identity.Redemption;

/** A process in which fifty identities redeem the same code at once, as soon as there is a line on its input. */
final class Redeemers {
    private Redeemers() {}

    public static void main(String[] arguments) throws IOException {
        Duration patience = Duration.ofSeconds(60);
        JdbcStoreSettings settings = JdbcStoreSettings.of(arguments[0], KEY)
                .withBusyTimeout(patience)
                .withServerTimeouts(patience, patience);
        JdbcStore store = get(JdbcStore.open(settings, Runnable::run));
        System.out.println("ready");
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        int first = Integer.parseInt(arguments[1]);
        List<CompletionStage<Redemption>> all = IntStream.range(first, first + 50)
                .mapToObj(i -> store.<Redemption>run(unit -> unit.redeem(HERE, identifier(i), code(1), MOMENT)))
                .toList();
        System.out.println("members "
                + all.stream()
                        .filter(each -> get(each) == Redemption.MEMBER_NOW)
                        .count());
        get(store.close());
    }
}
