// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalMessageTest {

    private static final ByteString SECRET = ByteString.fromString("attack at dawn");
    private static final LocalInfo INFO = new Note("peer");
    private static final LocalMessage MESSAGE = LocalMessage.of(Route.of("h1", "echoer"), Route.of("app"), SECRET);

    private record Note(String text) implements LocalInfo {
        @Override
        public String toString() {
            return "Note(" + text.length() + " characters)";
        }
    }

    @Test
    void startsWithoutLocalInformation() {
        assertThat(MESSAGE.localInfo()).isEmpty();
    }

    @Test
    void changesOnePartAndKeepsTheOthers() {
        LocalMessage noted = MESSAGE.withLocalInfo(List.of(INFO));

        assertThat(noted).isEqualTo(new LocalMessage(Route.of("h1", "echoer"), Route.of("app"), SECRET, List.of(INFO)));
        assertThat(noted.withOnwardRoute(Route.of("x")))
                .isEqualTo(new LocalMessage(Route.of("x"), Route.of("app"), SECRET, List.of(INFO)));
        assertThat(noted.withReturnRoute(Route.of("x")))
                .isEqualTo(new LocalMessage(Route.of("h1", "echoer"), Route.of("x"), SECRET, List.of(INFO)));
        assertThat(noted.withoutLocalInfo()).isEqualTo(MESSAGE);
        assertThat(MESSAGE.withoutLocalInfo()).isSameAs(MESSAGE);
    }

    @Test
    void passesThroughAHopWithoutCopying() {
        LocalMessage passed = MESSAGE.step().pushReturn(Address.of("h1"));

        assertThat(passed.onwardRoute()).isEqualTo(Route.of("echoer"));
        assertThat(passed.returnRoute()).isEqualTo(Route.of("h1", "app"));
        assertThat(passed.payload()).isSameAs(SECRET);
        assertThat(passed.onwardRoute()).isSameAs(MESSAGE.onwardRoute().step());
    }

    @Test
    void cannotStepAtTheEndOfItsRoute() {
        assertThatThrownBy(() -> MESSAGE.withOnwardRoute(Route.empty()).step())
                .isInstanceOfSatisfying(
                        WireException.class,
                        e -> assertThat(e.reason()).isEqualTo(WireException.Reason.INCOMPLETE_ROUTE));
    }

    @Test
    void keepsItsOwnListOfLocalInformation() {
        List<LocalInfo> info = new ArrayList<>(List.of(INFO));
        LocalMessage message = MESSAGE.withLocalInfo(info);
        info.clear();

        assertThat(message.localInfo()).containsExactly(INFO);
        assertThatThrownBy(() -> message.localInfo().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void printsRoutesAndLengthsButNoContent() {
        assertThat(MESSAGE).hasToString("LocalMessage(onward=[0#h1 => 0#echoer], return=[0#app], 14 bytes)");
        assertThat(MESSAGE.withLocalInfo(List.of(INFO)))
                .hasToString("LocalMessage(onward=[0#h1 => 0#echoer], return=[0#app], 14 bytes, [Note(4 characters)])");
    }

    /** An address of no bytes takes some hundred as a part of a route; on the wire it takes three. */
    @Test
    void countsItsRoutesByWhatTheyBecome() {
        LocalMessage message = LocalMessage.of(Route.of("", "", ""), Route.of("abcd"), SECRET);

        assertThat(message.footprint()).isEqualTo(SECRET.size() + 3 * 96 + (96 + 4));
        assertThat(LocalMessage.of(Route.empty(), Route.empty(), SECRET).footprint())
                .isEqualTo(SECRET.size());
    }
}
