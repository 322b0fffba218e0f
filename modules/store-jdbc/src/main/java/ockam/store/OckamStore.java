// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import com.typesafe.config.Config;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import ockam.identity.Identity;

/**
 * The store of an actor system, as its configuration says ({@code ockam.store}). It is opened when it is asked for first, and closed when
 * the actor system has terminated.
 */
public final class OckamStore implements Extension {

    /** How Akka finds the extension. */
    public static final class Id extends ExtensionId<OckamStore> {
        private static final Id INSTANCE = new Id();

        private Id() {}

        @Override
        public OckamStore createExtension(ActorSystem<?> system) {
            return new OckamStore(system);
        }
    }

    /** That of the nodes. */
    private static final String CURVES = "ockam.crypto-dispatcher";

    private final CompletionStage<JdbcStore> store;

    private OckamStore(ActorSystem<?> system) {
        Config config = system.settings().config();
        DispatcherSelector curves = config.hasPath(CURVES)
                ? DispatcherSelector.fromConfig(CURVES)
                : DispatcherSelector.defaultDispatcher(); // an authority may have no nodes
        this.store = JdbcStore.open(
                JdbcStoreSettings.of(config), system.dispatchers().lookup(curves));
        system.getWhenTerminated().whenComplete((done, failure) -> store.thenAccept(JdbcStore::close));
    }

    /**
     * The extension of this actor system.
     *
     * @throws IllegalArgumentException if a setting is missing or out of range
     */
    public static OckamStore get(ActorSystem<?> system) {
        return Id.INSTANCE.apply(system);
    }

    /** Completes with the store, or with why it cannot be opened, the same each time. */
    public CompletionStage<JdbcStore> store() {
        return store;
    }

    /**
     * Completes with the identity of this name: that which is kept in the store, or one that is made now and kept, see
     * {@link ockam.identity.Store#identity(String, Clock)}.
     */
    public CompletionStage<Identity> identity(String name) {
        return store.thenCompose(opened -> opened.identity(name, Clock.systemUTC()));
    }
}
