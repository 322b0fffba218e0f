// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.strings;

import akka.util.ByteString;
import ockam.fixtures.ExampleIdentities;
import ockam.fixtures.Hex;
import ockam.identity.ChangeHistory;
import ockam.identity.TokenCode;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms of tickets, and what is no ticket (authority, section 6). */
class TicketTest {
    private static final ChangeHistory BOB =
            ChangeHistory.decode(ExampleIdentities.BOB_HISTORY).orElseThrow();
    private static final ChangeHistory ALICE =
            ChangeHistory.decode(ExampleIdentities.ALICE_HISTORY).orElseThrow();
    private static final String PROJECT_ROUTE = "/dnsaddr/p1.example.com/tcp/443/service/p1/service/api";
    private static final String AUTHORITY_ROUTE =
            "/dnsaddr/p1.example.com/tcp/443/service/p1/service/authority/service/api";
    private static final TokenCode CODE = TokenCode.of(ByteString.fromArray(ExampleIdentities.counting(0)));
    private static final String CODE_HEX = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private static Ticket ticket(String name) {
        return new Ticket(PROJECT_ROUTE, BOB.identifier(), name, CODE, BOB, ALICE, AUTHORITY_ROUTE);
    }

    private static String plain() {
        return String.join(
                ",",
                PROJECT_ROUTE,
                "If6369c4a2c264b3fae0b3dbd6d71e22a63a6c285f6504fc56f28c9c73d3e778b",
                "default",
                CODE_HEX,
                Hex.of(ExampleIdentities.BOB_HISTORY),
                Hex.of(ExampleIdentities.ALICE_HISTORY),
                AUTHORITY_ROUTE);
    }

    @Test
    void theWorkedExample() { // authority, section 9
        assertThat(ticket("default").plain()).isEqualTo(plain());
        assertThat(Ticket.decode(plain()).orElseThrow()).isEqualTo(ticket("default"));
    }

    @Test
    void everyFormComesBack() { // authority, section 10, item 44
        Ticket ticket = ticket("default");
        String legacy = TicketJson.legacy(ticket);
        for (String form : new String[] {
            ticket.plain(),
            ticket.hex(),
            ticket.json(),
            hexOf(ticket.json()),
            ticket.legacy(),
            legacy,
            " " + plain() + "\n"
        }) {
            assertThat(Ticket.decode(form)).isEqualTo(new Decoded.Value<>(ticket));
        }
        assertThat(ticket.hex()).matches("[0-9a-f]+");
    }

    private static String hexOf(String text) {
        return Hex.of(ByteString.fromString(text));
    }

    @Test
    void jsonHasTheNamesThatOthersRead() {
        assertThat(ticket("default").json())
                .startsWith("{\"one_time_code\":\"" + CODE_HEX + "\",\"project_route\":{\"id\":\"p1\",\"route\":\"/dns")
                .contains(
                        "\"project_identifier\":\"I",
                        "\"project_name\":\"default\"",
                        "\"project_change_history\":\"81",
                        "\"authority_change_history\":\"81",
                        "\"authority_route\":\"/dns");
        assertThat(TicketJson.legacy(ticket("default")))
                .contains(
                        "\"project\":{\"id\":\"p1\",\"name\":\"default\",\"space_name\":\"\",\"access_route\":\"/dns",
                        "\"authority_access_route\":\"/dns",
                        "\"authority_identity\":\"81",
                        "\"identity\":\"I");
    }

    @Test
    void moreItemsAreIgnored() { // authority, section 10, item 44
        assertThat(Ticket.decode(plain() + ",more,")).isEqualTo(new Decoded.Value<>(ticket("default")));
    }

    private static void isRefused(String text, String why) {
        assertThat(Ticket.decode(text))
                .isInstanceOfSatisfying(
                        Decoded.Failure.class,
                        refused -> assertThat(refused.failure().toString()).contains(why));
    }

    @Test
    void whatIsNoTicket() { // authority, section 10, items 44 and 45
        String bob = Hex.of(ExampleIdentities.BOB_HISTORY);
        String alice = Hex.of(ExampleIdentities.ALICE_HISTORY);

        isRefused("", "7 items, not 1");
        isRefused("{", "no JSON");
        isRefused("{} {}", "no JSON");
        isRefused("{}", "identifier of the project");
        isRefused("{\"project\":{}}", "identifier of the project");
        isRefused("{\"a\":1,\"a\":1}", "no JSON");
        isRefused("ff", "7 items, not 1");
        isRefused(plain().substring(0, plain().lastIndexOf(',')), "7 items, not 6");
        isRefused(plain().replace(CODE_HEX, CODE_HEX.substring(2)), "32 bytes");
        isRefused(plain().replace(CODE_HEX, "x" + CODE_HEX.substring(1)), "hexadecimal");
        isRefused(plain().replace(bob, alice), "not that of the project");
        isRefused(plain().replace(bob, bob.substring(0, 20)), "TRUNCATED");
        isRefused(plain().replace(AUTHORITY_ROUTE, "/dnsaddr/p1.example.com/tcp/443"), "does not end at a service");
        isRefused(plain().replace(PROJECT_ROUTE + ",", "/dnsaddr/p1.example.com/tcp/443,"), "has no service");
        isRefused(plain().replace(PROJECT_ROUTE + ",", "/what/p1,"), "unknown");
        isRefused("0".repeat(Ticket.MAX_LENGTH + 1), "too long");
    }

    @Test
    void aHistoryWithAChangedByteIsAnotherIdentity() { // authority, section 10, item 45
        Identifier other = ALICE.identifier();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ticket(PROJECT_ROUTE, other, "default", CODE, BOB, ALICE, AUTHORITY_ROUTE))
                .withMessageContaining("not that of the project");
    }

    @Test
    void aCommaInANameNeedsAnotherForm() {
        Ticket ticket = ticket("one, two");

        assertThatIllegalStateException().isThrownBy(ticket::plain).withMessageContaining("comma");
        assertThat(Ticket.decode(ticket.json())).isEqualTo(new Decoded.Value<>(ticket));
        assertThat(Ticket.decode(ticket.legacy())).isEqualTo(new Decoded.Value<>(ticket));
    }

    @Test
    void whatIsInIt() {
        Ticket ticket = ticket("default");

        assertThat(ticket.authority()).isEqualTo(ALICE.identifier());
        assertThat(ticket.projectId()).isEqualTo("p1");
        assertThat(ticket.routeToAuthority()).isEqualTo(Route.parse("1#p1.example.com:443 => p1 => authority => api"));
        assertThat(ticket).hasToString("Ticket(default)");
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/127.0.0.1/tcp/4000/secure/api/service/echo, 1#127.0.0.1:4000 => api => echo",
        "/ip6/::1/tcp/4000/service/api, 1#[::1]:4000 => api",
        "worker/a/service/b, a => b"
    })
    void routes(String text, String route) { // services, section 5.2
        assertThat(MultiAddr.parse(text).flatMap(MultiAddr::route)).isEqualTo(new Decoded.Value<>(Route.parse(route)));
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/127.0.0.1/udp/4000/service/a",
        "/ip4/127.0.0.1",
        "/ip4/127.0.0.1/tcp/65536",
        "/ip4/127.0.0.1/tcp/x",
        "/dnsaddr//tcp/1",
        "/service/a/tcp/4000",
        "/project/p/service/a",
        "/service/a/"
    })
    void noRoutes(String text) { // services, section 5.2
        assertThat(MultiAddr.parse(text).flatMap(MultiAddr::route).isValue()).isFalse();
    }

    @Test
    void anyTextIsReadWithoutAnException() {
        qt().forAll(strings().allPossible().ofLengthBetween(0, 60))
                .check(text -> !Ticket.decode(text).isValue()
                        && !Ticket.decode("{" + text).isValue());
        String whole = plain();
        qt().forAll(integers().between(0, whole.length() - 1), integers().between(32, 126))
                .check((at, letter) -> {
                    var unused = Ticket.decode(whole.substring(0, at) + (char) (int) letter + whole.substring(at + 1));
                    return true;
                });
    }
}
