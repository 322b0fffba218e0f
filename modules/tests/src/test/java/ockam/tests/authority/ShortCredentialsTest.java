// SPDX-License-Identifier: Apache-2.0

package ockam.tests.authority;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import java.time.Duration;
import ockam.fixtures.MutableClock;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An authority whose credentials are shorter than the pause is not asked in a loop (authority, section 10, item 31). */
class ShortCredentialsTest {
    @RegisterExtension
    static final ActorTestKitExtension KIT = ActorTestKitExtension.create().withManualTime();

    private static final Duration STEP = Duration.ofSeconds(1);

    @Test
    void aPauseIsKeptHoweverShortCredentialsAre(ActorTestKit testKit, ManualTime time) {
        MutableClock clock = new MutableClock();
        OckamTestKit kit = OckamTestKit.create(testKit);
        try (OutageScene scene = OutageScene.inMemory(kit, clock, Duration.ofSeconds(1))) {
            scene.opened(scene.remote(scene.alice(), scene.settings()));
            for (int step = 0; step < 20; step++) {
                clock.goesOn(STEP);
                time.timePasses(STEP);
                kit.eventually(() -> assertThat(scene.hasAnswered()).isTrue());
            }

            assertThat(scene.issued()).isBetween(5, 11); // in 20 s, with a pause of 2 s
            assertThat(scene.failed()).isZero();
        }
    }
}
