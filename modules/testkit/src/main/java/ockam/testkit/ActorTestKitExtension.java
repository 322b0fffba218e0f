// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test class an {@link ActorTestKit} of its own, which ends with the class; its nested classes share it.
 *
 * <p>Constructors, tests and life-cycle methods may have parameters of the types {@link ActorTestKit}, {@link ActorSystem} and, with
 * {@link #withManualTime()}, {@link ManualTime}. Use it with {@code @ExtendWith(ActorTestKitExtension.class)}, or, with settings of its
 * own, as a field with {@code @RegisterExtension}. The field is static; one that is not gives each test a kit of its own.
 *
 * <p>The actor system carries the name of the class. It is still up in methods with {@code @AfterAll}, and has terminated before the
 * next class begins. Needs JUnit 5.13 or later, or JUnit 6. Immutable: what lives, lives in JUnit's store.
 */
public final class ActorTestKitExtension implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(ActorTestKitExtension.class);

    private final Config config;
    private final boolean manualTime;

    /** With the settings of {@code application-test.conf}, if there is one, and the usual ones behind them. */
    public ActorTestKitExtension() {
        this(ConfigFactory.empty(), false);
    }

    private ActorTestKitExtension(Config config, boolean manualTime) {
        this.config = config;
        this.manualTime = manualTime;
    }

    /** With the settings of {@code application-test.conf}, if there is one, and the usual ones behind them. */
    public static ActorTestKitExtension create() {
        return new ActorTestKitExtension();
    }

    /** With these settings in front of the usual ones. */
    public static ActorTestKitExtension create(Config config) {
        return new ActorTestKitExtension(config, false);
    }

    /** With settings, written in HOCON, in front of the usual ones. */
    public static ActorTestKitExtension create(String config) {
        return create(ConfigFactory.parseString(config));
    }

    /** The same with a clock that only {@link ManualTime} moves on. */
    public ActorTestKitExtension withManualTime() {
        return new ActorTestKitExtension(config, true);
    }

    /** Starts the kit, so that it belongs to the class and not to the first test that asks for it. */
    @Override
    public void beforeAll(ExtensionContext context) {
        testKit(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == ActorTestKit.class || type == ActorSystem.class || (type == ManualTime.class && manualTime);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ActorTestKit testKit = testKit(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == ActorTestKit.class) {
            return testKit;
        }
        return type == ManualTime.class ? ManualTime.get(testKit.system()) : testKit.system();
    }

    /** The kit of this context or of one around it; otherwise a new one, which JUnit closes with this context. */
    private ActorTestKit testKit(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(this, unused -> new Started(start(className(context))), Started.class)
                .testKit();
    }

    private static String className(ExtensionContext context) {
        return context.getTestClass().map(Class::getSimpleName).orElse("class");
    }

    private ActorTestKit start(String testClass) {
        String name = "test-" + testClass.replaceAll("[^A-Za-z0-9_-]", "-"); // what Akka allows
        Config settings = config.withFallback(ActorTestKit.applicationTestConfig());
        return ActorTestKit.create(name, manualTime ? ManualTime.config().withFallback(settings) : settings);
    }

    private record Started(ActorTestKit testKit) implements AutoCloseable {
        @Override
        public void close() {
            testKit.shutdownTestKit();
        }
    }
}
