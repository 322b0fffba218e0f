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
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test class its own {@link ActorTestKit}, which ends with the class; its nested classes share it. Gives each test its own
 * {@link OckamTestKit}, which is closed after it: then nothing may be left behind. There is none for methods and constructors that serve more
 * than one test, such as those with {@code @BeforeAll}.
 *
 * <p>Constructors, tests and life-cycle methods may have parameters of the types {@link ActorTestKit}, {@link ActorSystem}, {@link
 * OckamTestKit} and, with {@link #withManualTime()}, {@link ManualTime}. Use it with {@code @ExtendWith(ActorTestKitExtension.class)}, or, with
 * custom settings, as a field with {@code @RegisterExtension}. The field should be static; a non-static one gives each test its
 * own kit.
 *
 * <p>The actor system is named after the class. It is still running in methods with {@code @AfterAll}, and has terminated before
 * the next class begins. Needs JUnit 5.13 or later, or JUnit 6. Immutable: all state is in JUnit's store.
 */
public final class ActorTestKitExtension implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(ActorTestKitExtension.class);

    private final Config config;
    private final boolean manualTime;

    /** Creates an extension with the settings of {@code application-test.conf}, if there is one, and the usual ones as fallback. */
    public ActorTestKitExtension() {
        this(ConfigFactory.empty(), false);
    }

    private ActorTestKitExtension(Config config, boolean manualTime) {
        this.config = config;
        this.manualTime = manualTime;
    }

    /** Returns an extension with the settings of {@code application-test.conf}, if there is one, and the usual ones as fallback. */
    public static ActorTestKitExtension create() {
        return new ActorTestKitExtension();
    }

    /** Returns an extension with these settings, which take precedence over the usual ones. */
    public static ActorTestKitExtension create(Config config) {
        return new ActorTestKitExtension(config, false);
    }

    /** Returns an extension with settings written in HOCON, which take precedence over the usual ones. */
    public static ActorTestKitExtension create(String config) {
        return create(ConfigFactory.parseString(config));
    }

    /** Returns the same with a clock that only {@link ManualTime} advances. */
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
        return type == ActorTestKit.class
                || type == ActorSystem.class
                || type == OckamTestKit.class
                || (type == ManualTime.class && manualTime);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ActorTestKit testKit = testKit(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == ActorTestKit.class) {
            return testKit;
        }
        if (type == OckamTestKit.class) {
            if (context.getTestMethod().isEmpty()) {
                throw new ParameterResolutionException("an OckamTestKit belongs to one test, and this serves several");
            }
            return context.getStore(NAMESPACE)
                    .getOrComputeIfAbsent(
                            OckamTestKit.class, unused -> OckamTestKit.create(testKit), OckamTestKit.class);
        }
        return type == ManualTime.class ? ManualTime.get(testKit.system()) : testKit.system();
    }

    /** What a constructor gets belongs to its test, not to the class. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    /** Returns the kit of this context or of an enclosing one; otherwise a new one, which JUnit closes with this context. */
    private ActorTestKit testKit(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(this, unused -> new Started(start(className(context))), Started.class)
                .testKit();
    }

    private static String className(ExtensionContext context) {
        return context.getTestClass().map(Class::getSimpleName).orElse("class");
    }

    private ActorTestKit start(String testClass) {
        String name = "test-" + testClass.replaceAll("[^A-Za-z0-9_-]", "-"); // the characters that Akka allows
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
