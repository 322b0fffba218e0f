// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import ockam.node.Node;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class ActorTestKitExtensionTest {
    // What the classes below, which JUnit instantiates, received. They run one after another.
    private static final List<ActorSystem<?>> SEEN = new CopyOnWriteArrayList<>();

    private static final List<OckamTestKit> KITS = new CopyOnWriteArrayList<>();
    private static final List<Node> NODES = new CopyOnWriteArrayList<>();

    private static final String WANTED = "ockam.testkit.fixtures";

    /** A class that should only run inside a test of this class, even if all classes are selected. */
    @Retention(RetentionPolicy.RUNTIME)
    @EnabledIf("ockam.testkit.ActorTestKitExtensionTest#isWanted")
    private @interface Fixture {}

    static boolean isWanted(ExtensionContext context) {
        return context.getConfigurationParameter(WANTED).isPresent();
    }

    @BeforeEach
    void forget() {
        SEEN.clear();
        KITS.clear();
        NODES.clear();
    }

    @Test
    void oneKitServesAllMethodsOfAClassAndOfItsNestedClasses() {
        passes(5, Extended.class);

        assertThat(SEEN).hasSize(5 + 3 + 5);
        assertThat(systems()).hasSize(1);
    }

    @Test
    void systemHasTerminatedWhenTheClassHasEnded() {
        passes(5, Extended.class);

        assertThat(SEEN).isNotEmpty().allMatch(ActorTestKitExtensionTest::hasTerminated);
    }

    @Test
    void eachClassHasItsOwnKitAndThePreviousOneHasEnded() {
        passes(4, First.class, Second.class);

        assertThat(systems()).hasSize(2).allMatch(ActorTestKitExtensionTest::hasTerminated);
    }

    @Test
    void systemIsNamedAfterTheClass() {
        passes(5, Extended.class);

        assertThat(SEEN.get(0).name()).isEqualTo("test-Extended");
    }

    @Test
    void settingsAreTextOrConfigAndTakePrecedenceOverTheUsualOnes() {
        passes(2, SettingsAsText.class, SettingsAsConfig.class);
    }

    @Test
    void manualTimeMovesTheClockOfTheSystem() {
        passes(1, Manual.class);
    }

    @Test
    void manualTimeIsNotProvidedWithTheUsualClock() {
        EngineExecutionResults results = run(ManualTimeWithoutAsking.class);

        results.testEvents()
                .failed()
                .assertThatEvents()
                .hasSize(1)
                .allMatch(event -> event.getPayload(TestExecutionResult.class)
                        .flatMap(TestExecutionResult::getThrowable)
                        .filter(ParameterResolutionException.class::isInstance)
                        .isPresent());
    }

    @Test
    void constructorOfAClassWithOneInstanceIsAlsoServed() {
        passes(3, OneInstance.class);

        assertThat(systems()).hasSize(1).allMatch(ActorTestKitExtensionTest::hasTerminated);
    }

    @Test
    void nonStaticFieldGivesEachTestItsOwnKit() {
        passes(2, KitForEachTest.class);

        assertThat(systems()).hasSize(2).allMatch(ActorTestKitExtensionTest::hasTerminated);
    }

    @Test
    void eachTestHasItsOwnOckamTestKit() {
        passes(2, WithNodes.class);

        assertThat(KITS).hasSize(2).doesNotHaveDuplicates();
        assertThat(NODES).hasSize(2).allMatch(Node::isStopped);
        assertThat(systems()).hasSize(1);
    }

    @Test
    void nestedTestsHaveKitsOfTheirOwnToo() {
        passes(2, WithNestedNodes.class);

        assertThat(KITS).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void nothingThatServesSeveralTestsHasAnOckamTestKit() {
        for (Class<?> several : List.of(KitForAll.class, KitBeforeAll.class)) {
            run(several)
                    .allEvents()
                    .failed()
                    .assertThatEvents()
                    .hasSize(1)
                    .allMatch(event -> event.getPayload(TestExecutionResult.class)
                            .flatMap(TestExecutionResult::getThrowable)
                            .filter(failure -> String.valueOf(failure.getMessage())
                                    .contains("an OckamTestKit belongs to one test, and this serves several"))
                            .isPresent());
        }
    }

    @Test
    void testThatLeavesSomethingBehindFails() {
        EngineExecutionResults results = run(Leaving.class);

        results.testEvents()
                .failed()
                .assertThatEvents()
                .hasSize(1)
                .allMatch(event -> event.getPayload(TestExecutionResult.class)
                        .flatMap(TestExecutionResult::getThrowable)
                        .filter(failure -> failure instanceof AssertionError
                                && String.valueOf(failure.getMessage())
                                        .startsWith("expected that nothing is left behind, but there is:"))
                        .isPresent());
    }

    @Test
    void kitEndsEvenWhenTestsFail() {
        EngineExecutionResults results = run(Failing.class);

        results.testEvents()
                .assertStatistics(statistics -> statistics.started(1).failed(1));
        assertThat(systems()).hasSize(1).allMatch(ActorTestKitExtensionTest::hasTerminated);
    }

    private static void passes(int tests, Class<?>... classes) {
        EngineExecutionResults results = run(classes);

        results.allEvents().failed().assertThatEvents().isEmpty();
        results.testEvents()
                .assertStatistics(statistics -> statistics.started(tests).succeeded(tests));
    }

    private static EngineExecutionResults run(Class<?>... classes) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(Arrays.stream(classes)
                        .map(testClass -> selectClass(testClass))
                        .toArray(ClassSelector[]::new))
                .configurationParameter(WANTED, "true")
                .execute();
    }

    /** Compared by identity, because Akka considers two systems of the same name equal. */
    private static Set<ActorSystem<?>> systems() {
        Set<ActorSystem<?>> systems = Collections.newSetFromMap(new IdentityHashMap<>());
        systems.addAll(SEEN);
        return systems;
    }

    private static boolean hasTerminated(ActorSystem<?> system) {
        return Adapter.toClassic(system).whenTerminated().isCompleted();
    }

    @Fixture
    @ExtendWith(ActorTestKitExtension.class)
    static class Extended {
        Extended(ActorTestKit testKit) { // once for each of the five tests
            SEEN.add(testKit.system());
        }

        @BeforeAll
        static void beforeAll(ActorSystem<?> system) {
            SEEN.add(system);
        }

        @BeforeEach
        void beforeEach(ActorTestKit testKit, ActorSystem<Void> system) {
            assertThat(testKit.system()).isSameAs(system);
        }

        @AfterAll
        static void afterAll(ActorTestKit testKit) {
            assertThat(hasTerminated(testKit.system())).isFalse();
            SEEN.add(testKit.system());
        }

        @Test
        void first(ActorTestKit testKit) {
            SEEN.add(testKit.system());
        }

        @Test
        void second(ActorSystem<?> system) {
            SEEN.add(system);
        }

        @Nested
        class Inner {
            @Test
            void third(ActorTestKit testKit) {
                SEEN.add(testKit.system());
            }

            @Nested
            class Innermost {
                Innermost(ActorSystem<?> system) {
                    SEEN.add(system);
                }

                @Test
                void fourth(ActorTestKit testKit) {
                    SEEN.add(testKit.system());
                }
            }
        }

        @Nested
        class Other {
            @Test
            void fifth(ActorTestKit testKit) {
                assertThat(hasTerminated(testKit.system())).isFalse();
                SEEN.add(testKit.system());
            }
        }
    }

    @Fixture
    static class OneOfTwo {
        @RegisterExtension
        static final ActorTestKitExtension AKKA = ActorTestKitExtension.create();

        @Test
        void first(ActorSystem<?> system) {
            assertThat(SEEN).allMatch(seen -> seen == system || hasTerminated(seen));
            SEEN.add(system);
        }

        @Test
        void second(ActorSystem<?> system) {
            first(system);
        }
    }

    @Fixture
    static class First extends OneOfTwo {}

    @Fixture
    static class Second extends OneOfTwo {}

    @Fixture
    static class SettingsAsText {
        @RegisterExtension
        static final ActorTestKitExtension AKKA = ActorTestKitExtension.create("""
                ockam-testkit.answer = 42
                akka.actor.testkit.typed.single-expect-default = 1234 ms
                """);

        @Test
        void areRead(ActorTestKit testKit, ActorSystem<?> system) {
            Config config = system.settings().config();
            assertThat(config.getInt("ockam-testkit.answer")).isEqualTo(42);
            assertThat(config.hasPath("ockam.node")).isTrue();
            assertThat(testKit.createTestProbe().getRemainingOrDefault()).isEqualTo(Duration.ofMillis(1234));
        }
    }

    @Fixture
    static class SettingsAsConfig {
        @RegisterExtension
        static final ActorTestKitExtension AKKA =
                ActorTestKitExtension.create(ConfigFactory.parseString("ockam-testkit.answer = 43"));

        @Test
        void areRead(ActorSystem<?> system) {
            assertThat(system.settings().config().getInt("ockam-testkit.answer"))
                    .isEqualTo(43);
        }
    }

    @Fixture
    static class Manual {
        @RegisterExtension
        static final ActorTestKitExtension AKKA =
                ActorTestKitExtension.create("ockam-testkit.answer = 44").withManualTime();

        @Test
        void passesOnlyWhenTold(ManualTime time, ActorTestKit testKit, ActorSystem<?> system) {
            TestProbe<String> probe = testKit.createTestProbe();
            testKit.scheduler()
                    .scheduleOnce(
                            Duration.ofHours(1), () -> probe.ref().tell("an hour later"), system.executionContext());

            time.expectNoMessageFor(Duration.ofMinutes(59), probe);
            time.timePasses(Duration.ofMinutes(1));
            probe.expectMessage("an hour later");
            assertThat(system.settings().config().getInt("ockam-testkit.answer"))
                    .isEqualTo(44);
        }
    }

    @Fixture
    @ExtendWith(ActorTestKitExtension.class)
    static class ManualTimeWithoutAsking {
        @Test
        void isNotThere(ManualTime time) {}
    }

    @Fixture
    @ExtendWith(ActorTestKitExtension.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OneInstance {
        OneInstance(ActorSystem<?> system) { // comes before beforeAll
            SEEN.add(system);
        }

        @Test
        void first(ActorSystem<?> system) {
            SEEN.add(system);
        }

        @Test
        void second(ActorSystem<?> system) {
            SEEN.add(system);
        }

        @Nested
        class Inner {
            @Test
            void third(ActorSystem<?> system) {
                SEEN.add(system);
            }
        }
    }

    @Fixture
    static class KitForEachTest {
        @RegisterExtension
        final ActorTestKitExtension akka = ActorTestKitExtension.create();

        @Test
        void first(ActorTestKit testKit) {
            SEEN.add(testKit.system());
        }

        @Test
        void second(ActorTestKit testKit) {
            SEEN.add(testKit.system());
        }
    }

    @Fixture
    @ExtendWith(ActorTestKitExtension.class)
    static class WithNodes {
        private final OckamTestKit kit;

        WithNodes(OckamTestKit kit) {
            this.kit = kit;
            KITS.add(kit);
            NODES.add(kit.node("node")); // the name is free again in the second test
        }

        @Test
        void first(OckamTestKit same) {
            assertThat(same).isSameAs(kit);
            SEEN.add(kit.system());
        }

        @Test
        void second(OckamTestKit same, ActorTestKit testKit) {
            first(same);
            assertThat(kit.testKit()).isSameAs(testKit);
        }
    }

    @Fixture
    @ExtendWith(ActorTestKitExtension.class)
    static class WithNestedNodes {
        private final OckamTestKit kit;

        WithNestedNodes(OckamTestKit kit) {
            this.kit = kit;
        }

        @Nested
        class Inner {
            @Test
            void first(OckamTestKit same) {
                assertThat(same).isSameAs(kit);
                KITS.add(kit);
            }

            @Test
            void second(OckamTestKit same) {
                first(same);
            }
        }
    }

    @Fixture
    @ExtendWith(ActorTestKitExtension.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class KitForAll {
        KitForAll(OckamTestKit kit) {}

        @Test
        void test() {}
    }

    @Fixture
    @ExtendWith(ActorTestKitExtension.class)
    static class KitBeforeAll {
        @BeforeAll
        static void beforeAll(OckamTestKit kit) {}

        @Test
        void test() {}
    }

    @Fixture
    static class Leaving {
        @RegisterExtension
        static final ActorTestKitExtension AKKA =
                ActorTestKitExtension.create("akka.actor.testkit.typed.single-expect-default = 100ms");

        @Test
        void leavesKeys(OckamTestKit kit) {
            Party party = kit.party();
            for (int i = 0; i < 2; i++) {
                party.vault().generateAgreementKey().toCompletableFuture().join();
            }
        }
    }

    @Fixture
    @ExtendWith(ActorTestKitExtension.class)
    static class Failing {
        @Test
        void fails(ActorSystem<?> system) {
            SEEN.add(system);
            throw new IllegalStateException("on purpose");
        }
    }
}
