// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import ockam.fixtures.SystemKit;
import ockam.routing.NodeSettings;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test class its own actor system, and routers without a node that are stopped after each test. A router must leave nothing behind
 * then: no address, no message under way, no entry in the tables of flow control.
 */
final class RouterKit extends SystemKit implements AfterEachCallback {
    private final List<Router> routers = new ArrayList<>();
    private int routersMade;

    RouterKit() {
        this(ConfigFactory.empty());
    }

    /** These settings before the usual ones. */
    RouterKit(Config config) {
        super(config);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        for (Router router : routers) {
            await(router.stop());
            assertThat(router.addressCount()).isZero();
            eventually(() -> assertThat(router.messagesUnderWay()).isZero());
            assertThat(router.flowControls().isEmpty()).isTrue();
        }
        routers.clear();
    }

    /** A new router, stopped after the test. */
    Router router() {
        NodeSettings settings = NodeSettings.create(system().settings().config().getConfig("ockam.node"));
        Router router = new Router("router-" + ++routersMade, new NodeSystem(system()), settings, () -> {});
        routers.add(router);
        return router;
    }
}
