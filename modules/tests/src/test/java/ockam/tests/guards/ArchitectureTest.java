// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import akka.annotation.InternalApi;
import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import ockam.wire.Codec;
import ockam.wire.internal.Bytes;
import org.slf4j.Logger;
import scala.concurrent.Await;

/** The rules for the code of all modules. A new module needs its own rule here. */
@AnalyzeClasses(packages = "ockam", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] BASE = {"java..", "org.jspecify.annotations"};
    private static final String[] ACTORS = {
        "akka",
        "akka.actor..",
        "akka.annotation",
        "akka.event",
        "akka.japi",
        "akka.stream..",
        "akka.util",
        "com.typesafe.config",
        "scala.concurrent"
    };
    private static final String[] SLF4J = {"org.slf4j"};

    private static final DescribedPredicate<JavaClass> LIBRARY =
            not(resideInAnyPackage("ockam.examples..", "ockam.fixtures..")).as("are library code");
    private static final DescribedPredicate<JavaClass> BYTE_STRINGS =
            belongToAnyOf(ByteString.class, ByteStringBuilder.class);

    // Modules: which one may depend on which, and on what else.

    @ArchTest
    static final ArchRule everyClassBelongsToAModule = classes()
            .should()
            .resideInAnyPackage(
                    "ockam.vault..",
                    "ockam.wire..",
                    "ockam.identity..",
                    "ockam.routing..",
                    "ockam.node..",
                    "ockam.channel..",
                    "ockam.tcp..",
                    "ockam.relay..",
                    "ockam.store..",
                    "ockam.authority..",
                    "ockam.jackson..",
                    "ockam.recorder..",
                    "ockam.opentelemetry..",
                    "ockam.testkit..",
                    "ockam.examples..",
                    "ockam.fixtures..");

    @ArchTest
    static final ArchRule vaultKnowsNoOtherModuleAndNoAkka = module(
            "ockam.vault..",
            onlyIn(BASE, "javax.crypto..", "org.bouncycastle..").or(resideInAnyPackage(SLF4J)));

    @ArchTest
    static final ArchRule wireKnowsNoOtherModuleAndOnlyByteStringsOfAkka =
            module("ockam.wire..", onlyIn(BASE, "akka.annotation").or(BYTE_STRINGS));

    @ArchTest
    static final ArchRule identityKnowsVaultAndWireAndNoActors = module(
            "ockam.identity..",
            onlyIn(BASE, "ockam.vault..", "ockam.wire..", "akka.annotation")
                    .or(resideInAnyPackage(SLF4J))
                    .or(BYTE_STRINGS));

    @ArchTest
    static final ArchRule routingKnowsWireAndNoStreams = module(
            "ockam.routing..",
            onlyIn(BASE, "ockam.wire..")
                    .or(resideInAnyPackage(ACTORS).and(not(resideInAPackage("akka.stream.."))))
                    .or(resideInAnyPackage(SLF4J)));

    @ArchTest
    static final ArchRule routingKnowsNoCodecs = noClasses()
            .that()
            .resideInAPackage("ockam.routing..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Codec.class);

    @ArchTest
    static final ArchRule publicTypesOfRoutingDoNotKnowItsSpi = noClasses()
            .that()
            .resideInAPackage("ockam.routing")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ockam.routing.spi..");

    /** Either can be read from the bottom up. */
    @ArchTest
    static final ArchRule filesOfRoutingAndNodeFormNoCycles = slices().assignedFrom(new SliceAssignment() {
                @Override
                public String getDescription() {
                    return "files of routing and node";
                }

                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    return type.getPackageName().matches("ockam\\.(routing(\\.spi)?|node)")
                            ? SliceIdentifier.of(type.getName().split("\\$", 2)[0])
                            : SliceIdentifier.ignore();
                }
            })
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule spiIsInternal = classes()
            .that()
            .resideInAPackage("ockam.routing.spi..")
            .and()
            .areTopLevelClasses()
            .and()
            .arePublic()
            .should()
            .beAnnotatedWith(InternalApi.class);

    @ArchTest
    static final ArchRule applicationsDoNotNeedTheSpi = noClasses()
            .that()
            .resideInAPackage("ockam.examples..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ockam.routing.spi..", "ockam.*.internal..")
            .orShould()
            .dependOnClassesThat()
            .areAnnotatedWith(InternalApi.class);

    @ArchTest
    static final ArchRule nodeKnowsRoutingAndNeitherVaultNorIdentity = module(
            "ockam.node..",
            onlyIn(BASE, "ockam.wire..", "ockam.routing..", "akka.serialization")
                    .or(resideInAnyPackage(ACTORS))
                    .or(resideInAnyPackage(SLF4J)));

    @ArchTest
    static final ArchRule channelKnowsAllModulesBelow = module(
            "ockam.channel..",
            onlyIn(BASE, "ockam.vault..", "ockam.wire..", "ockam.identity..", "ockam.routing..", "ockam.node..")
                    .or(resideInAnyPackage(ACTORS))
                    .or(resideInAnyPackage(SLF4J)));

    @ArchTest
    static final ArchRule tcpKnowsNodesAndNoChannels = module(
            "ockam.tcp..",
            onlyIn(BASE, "ockam.wire..", "ockam.routing..", "ockam.node..", "akka.io")
                    .or(resideInAnyPackage(ACTORS))
                    .or(resideInAnyPackage(SLF4J)));

    @ArchTest
    static final ArchRule relayKnowsNodesAndNeitherChannelsNorTransports = module(
            "ockam.relay..",
            onlyIn(BASE, "ockam.wire..", "ockam.routing..", "ockam.node..")
                    .or(resideInAnyPackage(ACTORS))
                    .or(resideInAnyPackage(SLF4J)));

    /** Of the databases, JDBC and what opens them; SQL is plain. */
    @ArchTest
    static final ArchRule storeKnowsIdentityAndDatabases = module(
            "ockam.store..",
            onlyIn(
                            BASE,
                            "ockam.vault..",
                            "ockam.wire..",
                            "ockam.identity..",
                            "javax.crypto..",
                            "javax.sql..",
                            "org.sqlite..",
                            "org.flywaydb.core..",
                            "com.zaxxer.hikari..")
                    .or(resideInAnyPackage(ACTORS))
                    .or(resideInAnyPackage(SLF4J)));

    @ArchTest
    static final ArchRule authorityKnowsChannelsAndNoTransports = module(
            "ockam.authority..",
            onlyIn(
                            BASE,
                            "ockam.wire..",
                            "ockam.identity..",
                            "ockam.routing..",
                            "ockam.node..",
                            "ockam.channel..",
                            "com.fasterxml.jackson..")
                    .or(resideInAnyPackage(ACTORS))
                    .or(resideInAnyPackage(SLF4J)));

    @ArchTest
    static final ArchRule jacksonKnowsWireAndJackson = module(
            "ockam.jackson..",
            onlyIn(BASE, "ockam.wire..", "com.fasterxml.jackson..").or(BYTE_STRINGS));

    @ArchTest
    static final ArchRule recorderKnowsRoutingOnly = module(
            "ockam.recorder..",
            onlyIn(BASE, "ockam.wire..", "ockam.routing..", "com.fasterxml.jackson.core..")
                    .or(resideInAnyPackage(ACTORS))
                    .or(resideInAnyPackage(SLF4J)));

    /** Of OpenTelemetry, the API: the SDK is the application's. */
    @ArchTest
    static final ArchRule opentelemetryKnowsRoutingOnly = module(
            "ockam.opentelemetry..",
            onlyIn(BASE, "ockam.wire..", "ockam.routing..", "io.opentelemetry.api..", "io.opentelemetry.context..")
                    .or(resideInAnyPackage(ACTORS)));

    @ArchTest
    static final ArchRule testkitKnowsChannelsAndTheRecorder = module(
            "ockam.testkit..",
            onlyIn(
                            BASE,
                            "ockam.vault..",
                            "ockam.wire..",
                            "ockam.identity..",
                            "ockam.routing..",
                            "ockam.node..",
                            "ockam.channel..",
                            "ockam.recorder..",
                            "org.junit.jupiter.api..",
                            "akka.io")
                    .or(resideInAnyPackage(ACTORS)));

    @ArchTest
    static final ArchRule nothingKnowsTestkitOrExamples = noClasses()
            .that()
            .resideOutsideOfPackages("ockam.testkit..", "ockam.examples..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ockam.testkit..", "ockam.examples..");

    @ArchTest
    static final ArchRule fixturesKnowVaultAndTestLibraries = module(
            "ockam.fixtures..",
            onlyIn(
                            BASE,
                            "ockam.vault..",
                            "org.junit.jupiter.api..",
                            "org.assertj..",
                            "ch.qos.logback..",
                            "io.opentelemetry..")
                    .or(resideInAnyPackage(ACTORS))
                    .or(resideInAnyPackage(SLF4J)));

    @ArchTest
    static final ArchRule onlyTestsKnowFixtures = noClasses()
            .that()
            .resideOutsideOfPackage("ockam.fixtures..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ockam.fixtures..");

    @ArchTest
    static final ArchRule modulesFormNoCycles =
            slices().matching("ockam.(*)..").should().beFreeOfCycles();

    // Code

    @ArchTest
    static final ArchRule nothingIsPrinted = noClasses().that(LIBRARY).should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule nothingBlocksButTests = noClasses()
            .that(LIBRARY)
            .and()
            .resideOutsideOfPackage("ockam.testkit..")
            .should()
            .accessTargetWhere(blocks());

    @ArchTest
    static final ArchRule arraysAreSharedInOnePlace =
            noClasses().that(not(belongToAnyOf(Bytes.class))).should().accessTargetWhere(sharesAnArray());

    /** Java's own ways write a question mark for what is no text. Of the exceptions, one encodes a constant, and two are for tests. */
    @ArchTest
    static final ArchRule textsBecomeBytesInOnePlace = noClasses()
            .that(LIBRARY)
            .and()
            .haveNameNotMatching("ockam\\.(wire\\.Utf8|channel\\.NoiseHandshake|testkit\\.(Tap|OckamTestKit))")
            .should()
            .accessTargetWhere(encodesText());

    /** What Jackson asks for the names of types is, too. */
    @ArchTest
    static final ArchRule onlyExceptionsAndEnumsAreSerializable = classes()
            .that(LIBRARY)
            .and()
            .areAssignableTo(Serializable.class)
            .and()
            .areNotAssignableTo(AnnotationIntrospector.class)
            .should()
            .beAssignableTo(Throwable.class)
            .orShould()
            .beEnums();

    @ArchTest
    static final ArchRule nothingIsWrittenByJavaSerialization = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ObjectInput.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ObjectOutput.class);

    @ArchTest
    static final ArchRule staticFieldsAreFinal =
            fields().that().areStatic().should().beFinal();

    @ArchTest
    static final ArchRule staticFieldsHoldNoState = noFields()
            .that()
            .areStatic()
            .should()
            .haveRawType(resideInAPackage("java.util.concurrent..").or(belongToAnyOf(ThreadLocal.class)));

    @ArchTest
    static final ArchRule publicApiNamesNoScalaTypes = codeUnits()
            .that(describe("can be called from outside", ArchitectureTest::isVisible))
            .should(nameNoScalaTypes());

    @ArchTest
    static final ArchRule logsGoToSlf4j = noClasses()
            .that()
            .resideOutsideOfPackage("ockam.fixtures..") // it inspects what was logged
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "java.util.logging..", "ch.qos.logback..", "org.apache..", "org.jboss.logging..")
                    .or(belongToAnyOf(System.Logger.class))
                    .or(describe("Akka's own loggers", type -> type.getName().matches("akka\\.event\\..*Logg.*"))));

    @ArchTest
    static final ArchRule loggersAreConstantsOfTheirClass = fields().that()
            .haveRawType(Logger.class)
            .should()
            .bePrivate()
            .andShould()
            .beStatic()
            .andShould()
            .beFinal();

    private static ArchRule module(String itself, DescribedPredicate<JavaClass> known) {
        return classes()
                .that()
                .resideInAPackage(itself)
                .should()
                .onlyDependOnClassesThat(resideInAPackage(itself).or(known));
    }

    private static DescribedPredicate<JavaClass> onlyIn(String[] base, String... more) {
        return resideInAnyPackage(
                Stream.concat(Arrays.stream(base), Arrays.stream(more)).toArray(String[]::new));
    }

    private static final Map<Class<?>, Set<String>> BLOCKING = Map.ofEntries(
            Map.entry(Object.class, Set.of("wait")),
            Map.entry(Thread.class, Set.of("sleep", "join")),
            Map.entry(LockSupport.class, Set.of("park", "parkNanos", "parkUntil")),
            Map.entry(Future.class, Set.of("get")),
            Map.entry(CompletableFuture.class, Set.of("join")),
            Map.entry(ForkJoinTask.class, Set.of("join", "invoke")),
            Map.entry(ExecutorService.class, Set.of("awaitTermination", "invokeAll", "invokeAny", "close")),
            Map.entry(BlockingQueue.class, Set.of("put", "take")),
            Map.entry(CountDownLatch.class, Set.of("await")),
            Map.entry(CyclicBarrier.class, Set.of("await")),
            Map.entry(Condition.class, Set.of("await", "awaitNanos", "awaitUntil", "awaitUninterruptibly")),
            Map.entry(Semaphore.class, Set.of("acquire", "acquireUninterruptibly")),
            Map.entry(Process.class, Set.of("waitFor")),
            Map.entry(Await.class, Set.of("result", "ready")));

    private static DescribedPredicate<JavaAccess<?>> blocks() {
        return describe(
                "it blocks",
                access -> BLOCKING.entrySet().stream()
                        .anyMatch(entry -> access.getTargetOwner().isAssignableTo(entry.getKey())
                                && entry.getValue().contains(access.getName())));
    }

    private static DescribedPredicate<JavaAccess<?>> sharesAnArray() {
        return describe(
                "it shares an array with a byte string",
                access -> access.getTargetOwner().isAssignableTo(ByteString.class)
                        && Set.of("fromArrayUnsafe", "toArrayUnsafe").contains(access.getName()));
    }

    private static final Map<Class<?>, Set<String>> ENCODING = Map.of(
            String.class, Set.of("getBytes"), ByteString.class, Set.of("fromString"), Charset.class, Set.of("encode"));

    private static DescribedPredicate<JavaAccess<?>> encodesText() {
        return describe(
                "it turns a text into bytes",
                access -> ENCODING.entrySet().stream()
                        .anyMatch(entry -> access.getTargetOwner().isAssignableTo(entry.getKey())
                                && entry.getValue().contains(access.getName())));
    }

    private static boolean isVisible(JavaCodeUnit unit) {
        return isVisible(unit.getModifiers()) && isVisible(unit.getOwner().getModifiers());
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static ArchCondition<JavaCodeUnit> nameNoScalaTypes() {
        return new ArchCondition<>("name no Scala types") {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                Stream<JavaType> types =
                        Stream.concat(unit.getParameterTypes().stream(), Stream.of(unit.getReturnType()));
                types.flatMap(type -> type.getAllInvolvedRawTypes().stream())
                        .filter(type -> type.getPackageName().matches("scala(\\..*)?"))
                        .forEach(type -> events.add(
                                SimpleConditionEvent.violated(unit, unit.getFullName() + " names " + type.getName())));
            }
        };
    }
}
