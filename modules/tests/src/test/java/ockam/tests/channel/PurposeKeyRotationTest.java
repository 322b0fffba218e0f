// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import java.time.Duration;
import ockam.channel.PurposeKeyRotation;
import ockam.channel.SecureChannel;
import ockam.fixtures.MutableClock;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.vault.X25519PublicKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Purpose keys that are replaced by a schedule, as channels see it (secure channel, section 4.7). */
class PurposeKeyRotationTest {
    private static final Duration AGE = Duration.ofDays(7);

    @RegisterExtension
    static final ActorTestKitExtension KIT =
            ActorTestKitExtension.create("ockam.channel.purpose-key-age = 7d").withManualTime();

    private final ManualTime time;
    private final MutableClock clock = new MutableClock();
    private final Scene scene;
    private final Party alice;
    private final Party bob;

    PurposeKeyRotationTest(ActorTestKit testKit, ManualTime time) {
        this.time = time;
        alice = Party.create(testKit.system(), clock);
        bob = Party.create(testKit.system(), clock);
        scene = Scene.create(testKit, alice, bob);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private static X25519PublicKey keyOf(Party party) {
        return await(party.identity().identities().secureChannelKey(party.identity()))
                .key()
                .publicKey();
    }

    private void passes(Duration age) {
        clock.goesOn(age);
        time.timePasses(Duration.ofMinutes(1));
    }

    @Test
    void keysAreReplacedWhenTheyAreOldAndChannelsGoOn() {
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());
        SecureChannel open = scene.open("listener");
        X25519PublicKey ofAlice = keyOf(alice);
        X25519PublicKey ofBob = keyOf(bob);
        PurposeKeyRotation alices = PurposeKeyRotation.start(scene.system(), alice.identity());
        PurposeKeyRotation bobs = PurposeKeyRotation.start(scene.system(), bob.identity());
        passes(AGE.minusSeconds(1));
        assertThat(scene.ask(open, "echoer", "before")).isEqualTo("before");
        assertThat(keyOf(alice)).isEqualTo(ofAlice);

        clock.goesOn(Duration.ofSeconds(1));
        scene.eventually(() -> {
            time.timePasses(Duration.ofMinutes(1));
            assertThat(keyOf(alice)).isNotEqualTo(ofAlice);
            assertThat(keyOf(bob)).isNotEqualTo(ofBob);
        });

        assertThat(alice.keys().agreementKeys()).isEqualTo(1);
        assertThat(scene.ask(open, "echoer", "after")).isEqualTo("after");
        SecureChannel next = scene.open("listener");
        assertThat(scene.ask(next, "echoer", "next")).isEqualTo("next");
        alices.stop();
        bobs.stop();
        X25519PublicKey last = keyOf(alice);
        passes(AGE);
        passes(AGE);
        assertThat(keyOf(alice)).isEqualTo(last);
    }
}
