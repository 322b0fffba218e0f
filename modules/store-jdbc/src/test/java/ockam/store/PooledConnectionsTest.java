// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import javax.sql.DataSource;
import ockam.store.StoreException.Reason;
import org.junit.jupiter.api.Test;

class PooledConnectionsTest {
    /** As Hikari does without the driver. */
    @Test
    void poolThatThrowsAnythingHasAReason() {
        DataSource pool = (DataSource) Proxy.newProxyInstance(
                PooledConnectionsTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    throw new IllegalStateException("Failed to get driver instance");
                });
        JdbcStoreSettings settings = JdbcStoreSettings.postgresql("jdbc:postgresql://localhost/none", KEY);

        assertThat(StoreTests.failureOf(JdbcStore.open(settings, pool, Runnable::run)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DATABASE_FAILED))
                .rootCause()
                .hasMessage("Failed to get driver instance");
    }
}
