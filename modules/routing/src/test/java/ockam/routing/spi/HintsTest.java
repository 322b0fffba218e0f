// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import ockam.wire.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HintsTest {
    private static final List<Address> IN_USE =
            List.of(Address.of("echoer"), Address.of("h1"), Address.of("h2"), Address.of("secure_channel_listener"));

    private final Hints hints = new Hints();

    private String hint(String missing) {
        return hints.nobodyAt(Address.of(missing), IN_USE);
    }

    @ParameterizedTest
    @CsvSource({
        "echoe, echoer",
        "Echoer, echoer",
        "ehcoer, echoer",
        "secure-channel-listener, secure_channel_listener",
        "H1, h1",
        "h3, h1"
    })
    void namesAnAddressThatWasProbablyMeant(String missing, String meant) {
        assertThat(hint(missing)).isEqualTo("; did you mean 0#" + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "x", "ech", "listener", ""})
    void saysNothingWhereNothingIsAlike(String missing) {
        assertThat(hint(missing)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h1 => api", "h1 -> api", "h1, api", "h1,api", "/h1/api", "h1;api", "h1 api", "h1=>api"})
    void tellsANameThatWasMeantAsARoute(String missing) {
        assertThat(hint(missing))
                .isEqualTo("; that is the name of one address: the route is Route.parse(\"h1 => api\")");
    }

    @Test
    void tellsWhatWasThere() {
        hints.was(Address.of("echoer2"), "a channel that was closed");

        assertThat(hint("echoer2")).isEqualTo("; it was a channel that was closed");
        assertThat(hint("echoer3")).isEqualTo("; did you mean 0#echoer?");
    }

    @Test
    void tellsWhoHasRandomAddresses() {
        Address random = Address.random();

        assertThat(hints.nobodyAt(random, IN_USE))
                .isEqualTo("; asks, streams and channels have such addresses until they end");

        hints.was(random, "a channel that was closed");

        assertThat(hints.nobodyAt(random, IN_USE)).isEqualTo("; it was a channel that was closed");
    }

    @Test
    void forgetsWhatWasThereLongAgo() {
        IntStream.range(0, 257).forEach(i -> hints.was(Address.of("number " + i), "number " + i));

        assertThat(hint("number 0")).doesNotContain("it was");
        assertThat(hint("number 1")).isEqualTo("; it was number 1");
    }

    @Test
    void looksAtABoundedNumberOfAddresses() {
        List<Address> many = new ArrayList<>(IntStream.range(0, 10_000)
                .mapToObj(i -> Address.of("number-" + i))
                .toList());
        many.add(Address.of("echoer"));

        assertThat(hints.nobodyAt(Address.of("echoe"), many)).isEmpty();
    }

    @Test
    void saysNothingOfLongNames() {
        assertThat(hint("a => ".repeat(20))).isEmpty();
    }

    @Test
    void namesFromStrangersAreSafeToPrint() {
        assertThat(hint("h1 => a\u202epi"))
                .isEqualTo("; that is the name of one address: the route is Route.parse(\"h1 => a?pi\")");
    }
}
