// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of addresses (routing, section 3.9). */
class HostAndPortTest {
    @ParameterizedTest
    @CsvSource({
        "80, 127.0.0.1:80, true",
        ":80, 127.0.0.1:80, true",
        "0, 127.0.0.1:0, true",
        "192.0.2.1:65535, 192.0.2.1:65535, true",
        "[::1]:4000, [::1]:4000, true",
        "[2001:db8::7]:4000, [2001:db8::7]:4000, true",
        "localhost:4000, localhost:4000, false",
        "33domain:80, 33domain:80, false",
        "xn--74h.com:80, xn--74h.com:80, false",
        "sub.xn_74h.com:80, sub.xn_74h.com:80, false",
        "300.1.1.1:80, 300.1.1.1:80, false", // a name, since it is no literal address
    })
    void connectsTo(String text, String shown, boolean literal) {
        HostAndPort target = HostAndPort.toConnect(text);

        assertThat(target).hasToString(shown);
        assertThat(target.literal()).isEqualTo(literal);
        assertThat(target.socketAddress().isUnresolved()).isEqualTo(!literal);
        assertThat(target.socketAddress().getPort()).isEqualTo(target.port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "invalid",
                "localhost:80:80",
                "192,166,0.1:9999",
                "a..b:80",
                " localhost:80",
                "localhost:80 ",
                "local host:80",
                "-a:80",
                "a-:80",
                "_a:80",
                "a_:80",
                ".a:80",
                "a.:80",
                "localhost:65536",
                "65536",
                "localhost:",
                "localhost:-1",
                "localhost:http",
                "[::1]",
                "::1:80",
                "[::g]:80",
                "[1:2:3]:80",
                "[abc]:80",
                "[dead.beef]:80",
                "[127.0.0.1]:80",
                "[:]:80",
                "a!b:80",
                "1#localhost:80",
                "\u0660:80"
            })
    void refusesToConnectTo(String text) {
        assertThatThrownBy(() -> HostAndPort.toConnect(text))
                .isInstanceOfSatisfying(
                        TcpException.class, e -> assertThat(e.reason()).isEqualTo(TcpException.Reason.INVALID_ADDRESS));
    }

    @Test
    void refusesNamesThatAreTooLong() {
        String label = "a".repeat(63);
        String longest = String.join(".", label, label, label, "a".repeat(61));
        assertThat(longest).hasSize(253);

        assertThat(HostAndPort.toConnect(longest + ":1").host()).isEqualTo(longest);
        assertThatThrownBy(() -> HostAndPort.toConnect(longest + "a:1")).isInstanceOf(TcpException.class);
        assertThatThrownBy(() -> HostAndPort.toConnect(label + "a.b:1")).isInstanceOf(TcpException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:0", "0.0.0.0:4000", "[::1]:4000"})
    void listensAt(String text) {
        assertThat(HostAndPort.toListen(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:80",
                "80",
                ":80",
                "127.0.0.1",
                "127.0.0.1:http",
                "256.0.0.1:80",
                "[1:2:3]:80",
                "[abc]:80"
            })
    void refusesToListenAt(String text) {
        assertThatThrownBy(() -> HostAndPort.toListen(text))
                .hasMessageStartingWith("INVALID_ADDRESS: \"" + text + "\"; an address is like 127.0.0.1:4000");
    }

    @Test
    void showsNoControlCharactersAndNotTooMuch() {
        assertThatThrownBy(() -> HostAndPort.toListen("a\nb" + "c".repeat(1_000)))
                .hasMessageStartingWith("INVALID_ADDRESS: \"a?bccc")
                .message()
                .hasSizeLessThan(500);
    }
}
