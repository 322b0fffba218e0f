// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.fixtures.ForwardingVault;
import ockam.fixtures.SystemKit;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.SecureChannelKey;
import ockam.vault.AgreementKey;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import scala.concurrent.ExecutionContext;

/** The schedule by which purpose keys are replaced (secure channel, section 4.7). */
class PurposeKeyRotationTest {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    private static final Duration AGE = Duration.ofHours(2);

    private final HandTime time = new HandTime();
    private final SoftwareVault keys = SoftwareVault.create(Runnable::run);
    private boolean down;
    private final Identities identities = Identities.create(
            new ForwardingVault(keys) {
                @Override
                public CompletionStage<AgreementKey> generateAgreementKey() {
                    return down
                            ? CompletableFuture.failedFuture(new IllegalStateException("out of order"))
                            : super.generateAgreementKey();
                }
            },
            InMemoryIdentityRepository.create(),
            time.clock());
    private final Identity identity = done(identities.create());
    private @Nullable PurposeKeyRotation rotation;

    @AfterEach
    void nothingIsLeftWhenItIsStopped() {
        if (rotation != null) {
            rotation.stop();
            rotation.stop();
        }
        assertThat(time.timers()).isZero();
    }

    private PurposeKeyRotation start() {
        PurposeKeyRotation started =
                PurposeKeyRotation.start(time, ExecutionContext.fromExecutor(Runnable::run), identity, AGE);
        rotation = started;
        return started;
    }

    private SecureChannelKey channelKey() {
        return done(identities.secureChannelKey(identity));
    }

    private SigningKey credentialKey() {
        return done(identities.credentialKey(identity)).key();
    }

    @Test
    void replacesBothKeysAtTheirAgeAndDeletesTheOld() {
        SecureChannelKey first = channelKey();
        SigningKey credential = credentialKey();
        start();
        time.passes(AGE.minusSeconds(1));
        assertThat(channelKey()).isEqualTo(first);
        assertThat(credentialKey()).isEqualTo(credential);

        time.passes(Duration.ofSeconds(1));

        SecureChannelKey second = channelKey();
        assertThat(second.key()).isNotEqualTo(first.key());
        assertThat(credentialKey()).isNotEqualTo(credential);
        assertThat(keys.keyCounts().agreementKeys()).isEqualTo(1);
        assertThat(keys.keyCounts().signingKeys()).isEqualTo(2);
        time.passes(AGE);
        assertThat(channelKey().key()).isNotEqualTo(second.key());
    }

    @Test
    void makesNoKeyThatNobodyHasNeeded() {
        start();
        time.passes(AGE.multipliedBy(3));

        assertThat(keys.keyCounts().agreementKeys()).isZero();
        assertThat(keys.keyCounts().signingKeys()).isEqualTo(1);
    }

    @Test
    void takesUpAKeyThatComesAboutLater() {
        start();
        time.passes(Duration.ofMinutes(90));
        SecureChannelKey first = channelKey();

        time.passes(AGE.minusSeconds(1));
        assertThat(channelKey()).isEqualTo(first);
        time.passes(Duration.ofMinutes(1));
        assertThat(channelKey().key()).isNotEqualTo(first.key());
    }

    @Test
    void countsTheAgeFromTheAttestationAndNotFromTheStart() {
        SecureChannelKey first = channelKey();
        time.passes(AGE);

        start();

        assertThat(channelKey().key()).isNotEqualTo(first.key());
    }

    @Test
    void followsAClockThatJumps() {
        SecureChannelKey first = channelKey();
        start();
        time.clock().goesOn(AGE);

        time.passes(Duration.ofMinutes(1));

        assertThat(channelKey().key()).isNotEqualTo(first.key());
    }

    @Test
    void goesOnAfterFailures() {
        SecureChannelKey first = channelKey();
        start();
        down = true;
        LoggingTestKit.warn("The purpose keys of " + identity.identifier() + " could not be replaced")
                .withOccurrences(1)
                .expect(KIT.system(), () -> {
                    time.passes(AGE.plusMinutes(5));
                    return true;
                });
        assertThat(channelKey()).isEqualTo(first);

        down = false;
        LoggingTestKit.info("are replaced again").expect(KIT.system(), () -> {
            time.passes(Duration.ofMinutes(1));
            return true;
        });
        assertThat(channelKey().key()).isNotEqualTo(first.key());
    }

    @Test
    void replacesNothingOnceItIsStopped() {
        SecureChannelKey first = channelKey();
        start().stop();

        time.passes(AGE.multipliedBy(2));

        assertThat(channelKey()).isEqualTo(first);
    }

    @Test
    void refusesAnAgeOfLessThanASecond() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PurposeKeyRotation.start(
                        time, ExecutionContext.fromExecutor(Runnable::run), identity, Duration.ofMillis(999)))
                .withMessageContaining("PT0.999S");
    }
}
