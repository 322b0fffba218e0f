// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ockam.tcp.TcpException.Reason;

/**
 * Where to connect or to listen (routing, section 3.9).
 *
 * @param host a name, or a literal IP address without brackets
 * @param port 0 to 65535
 * @param literal whether the host is a literal IP address, so that nobody needs to be asked for it
 */
record HostAndPort(String host, int port, boolean literal) {
    private static final int MAX_PORT = 65_535;
    private static final int MAX_NAME = 253;
    private static final Pattern PORT_ONLY = Pattern.compile(":?([0-9]{1,5})");
    private static final Pattern BYTE = Pattern.compile("25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9]");
    private static final Pattern V4 = Pattern.compile("((?:(?:" + BYTE + ")\\.){3}(?:" + BYTE + ")):([0-9]{1,5})");
    private static final Pattern V6 = Pattern.compile("\\[([0-9A-Fa-f.]*:[0-9A-Fa-f:.]{1,44})]:([0-9]{1,5})");
    private static final String LABEL = "[A-Za-z0-9](?:[-A-Za-z0-9_]{0,61}[A-Za-z0-9])?";
    private static final Pattern NAME = Pattern.compile("(" + LABEL + "(?:\\." + LABEL + ")*):([0-9]{1,5})");

    /** Where to connect: a port of this machine, a literal address with a port, or a name with a port. */
    static HostAndPort toConnect(String text) {
        Matcher port = PORT_ONLY.matcher(text);
        if (port.matches()) {
            return of(text, "127.0.0.1", port.group(1), true);
        }
        Matcher name = NAME.matcher(text);
        if (!isLiteral(text) && name.matches() && name.group(1).length() <= MAX_NAME) {
            return of(text, name.group(1), name.group(2), false);
        }
        return toListen(text);
    }

    /** Where to listen: a literal address with a port. */
    static HostAndPort toListen(String text) {
        for (Pattern form : new Pattern[] {V4, V6}) {
            Matcher matcher = form.matcher(text);
            if (matcher.matches()) {
                return of(text, matcher.group(1), matcher.group(2), true);
            }
        }
        throw invalid(text);
    }

    private static boolean isLiteral(String text) {
        return V4.matcher(text).matches();
    }

    private static HostAndPort of(String text, String host, String portText, boolean literal) {
        int port = Integer.parseInt(portText);
        if (port > MAX_PORT) {
            throw invalid(text);
        }
        HostAndPort where = new HostAndPort(host, port, literal);
        if (literal && where.socketAddress().isUnresolved()) {
            throw invalid(text);
        }
        return where;
    }

    private static TcpException invalid(String text) {
        String shown = text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME) + "...";
        return new TcpException(
                Reason.INVALID_ADDRESS,
                "\"" + shown.replaceAll("\\p{Cntrl}", "?")
                        + "\"; an address is like 127.0.0.1:4000, [::1]:4000, or, to connect,"
                        + " example.org:4000 or 4000");
    }

    /** The socket address; a name is not resolved yet. To resolve a literal address, nobody is asked. */
    InetSocketAddress socketAddress() {
        return literal ? new InetSocketAddress(host, port) : InetSocketAddress.createUnresolved(host, port);
    }

    /** As it is written: a literal address of version 6 in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
