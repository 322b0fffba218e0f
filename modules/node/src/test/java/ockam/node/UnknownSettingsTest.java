// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownSettingsTest {
    /** With a module that this one does not know. */
    private static final Config REFERENCE = ConfigFactory.parseString("ockam.channel.handshake-timeout = 30s")
            .withFallback(ConfigFactory.defaultReference());

    private static List<String> warnings(String settings) {
        return UnknownSettings.warnings(ConfigFactory.parseString(settings).withFallback(REFERENCE), REFERENCE);
    }

    @Test
    void knowsAllThatTheModulesHave() {
        assertThat(warnings("")).isEmpty();
        assertThat(warnings("ockam.node.stop-timeout = 3s\nockam.channel.handshake-timeout = 1s"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ockam.node.stop-timout,                  ockam.node.stop-timeout",
        "ockam.node.stop-timeuot,                 ockam.node.stop-timeout",
        "ockam.node.stopTimeout,                  ockam.node.stop-timeout",
        "ockam.node.max_bytes_under_way,          ockam.node.max-bytes-under-way",
        "ockam.nodes.stop-timeout,                ockam.node.stop-timeout",
        "ockam.streams.drain-timeout,             ockam.stream.drain-timeout",
        "ockam.channel.handshake-time-out,        ockam.channel.handshake-timeout",
        "ockam.secure-channel.handshake-timeout,  ockam.channel.handshake-timeout",
        "ockam.handshake-timeout,                 ockam.channel.handshake-timeout",
        "ockam.node.drain-timeout,                ockam.stream.drain-timeout",
        "ockam.dispatcher.through-put,            ockam.dispatcher.throughput",
        "ockam.crypto-dispatcher.fork-join-executor.paralelism-max, ockam.crypto-dispatcher.fork-join-executor.parallelism-max",
        "ockam.crypto-dispatchr.fork-join-executor.parallelism-max, ockam.crypto-dispatcher.fork-join-executor.parallelism-max",
    })
    void namesTheSettingThatWasProbablyMeant(String given, String meant) {
        assertThat(warnings(given + " = 5"))
                .singleElement()
                .satisfies(warning -> assertThat(warning)
                        .startsWith("Unknown setting " + given + " (String: 1)")
                        .endsWith("did you mean " + meant + "?"));
    }

    @Test
    void namesWhatIsInABlockOfOursAndLikeNothingElse() {
        assertThat(warnings("\nockam.node.colour = blue"))
                .containsExactly("Unknown setting ockam.node.colour (String: 2)");
    }

    @Test
    void namesEachOfThemInTheOrderOfTheirNames() {
        List<String> warnings =
                warnings("ockam { stream.windows = 1, stream.b = 1, node.a.b = 1, node.stop-timeout = 1s }");

        assertThat(warnings).hasSize(3);
        assertThat(warnings.get(0)).contains(" ockam.node.a.b ");
        assertThat(warnings.get(1)).contains(" ockam.stream.b ");
        assertThat(warnings.get(2)).contains(" ockam.stream.windows ");
    }

    /** Akka knows more settings of a dispatcher than our reference has, and an executor may have its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ockam.dispatcher.throughput-deadline-time = 1ms",
                "ockam.dispatcher.shutdown-timeout = 2s",
                "ockam.dispatcher.fork-join-executor.parallelism-max = 2",
                "ockam.dispatcher.thread-pool-executor.fixed-pool-size = 2",
                "ockam.dispatcher.my-executor.colour = blue",
                "ockam.dispatcher.mailbox-type = mine",
                "ockam.my-dispatcher { type = Dispatcher, executor = thread-pool-executor, throughput = 1 }",
                "ockam.dispatcher2 { type = PinnedDispatcher }",
                "ockam.crypto-dispatchers { executor = fork-join-executor, fork-join-executor.parallelism-max = 2 }",
                "ockam.my-app.blocking { type = Dispatcher, throughput = 1 }",
                "ockam.my-app.colour = blue",
                "ockam.colour = blue",
            })
    void leavesDispatchersAndBlocksOfTheApplicationAlone(String settings) {
        assertThat(warnings(settings)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ockam = 5", "akka.actor.provider = local"})
    void needsNoBlock(String settings) {
        assertThat(UnknownSettings.warnings(ConfigFactory.parseString(settings), REFERENCE))
                .isEmpty();
        assertThat(UnknownSettings.warnings(REFERENCE, ConfigFactory.parseString(settings)))
                .isEmpty();
    }
}
