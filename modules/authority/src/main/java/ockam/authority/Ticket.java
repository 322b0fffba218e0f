// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import ockam.identity.ChangeHistory;
import ockam.identity.TokenCode;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import ockam.wire.Route;
import ockam.wire.WireException;

/**
 * What a new member is handed: the code of a token, and what is needed to reach the authority and the project (authority, section 6). It is
 * never sent to the authority. Whoever has it can become a member, so it is as secret as its code; it prints as {@code Ticket} with the
 * name of the project.
 *
 * <p>The routes are MultiAddrs. The identities in it are not verified: {@link AuthorityClient#enroll(Ticket)} does that.
 *
 * @param projectRoute the way to the project's node, with the project's id as its first service
 * @param project who the project's node is
 * @param projectName what the project is called
 * @param code the code of a token
 * @param projectHistory of the project's identity, not verified
 * @param authorityHistory of the authority's identity, not verified
 * @param authorityRoute the way to the channel listener of the authority, which is its last part
 */
public record Ticket(
        String projectRoute,
        Identifier project,
        String projectName,
        TokenCode code,
        ChangeHistory projectHistory,
        ChangeHistory authorityHistory,
        String authorityRoute) {
    /** The most characters of a ticket in any form. */
    public static final int MAX_LENGTH = 1024 * 1024;

    private static final int ITEMS = 7;
    private static final HexFormat HEX = HexFormat.of();

    /**
     * Refuses with {@link IllegalArgumentException} routes that are no MultiAddrs, a route to the project without a service, a route to the
     * authority without a last service, and a history of the project that is another's.
     */
    public Ticket {
        Objects.requireNonNull(projectName, "projectName");
        Objects.requireNonNull(code, "code");
        if (projectHistory == null || !projectHistory.identifier().equals(project)) {
            throw new IllegalArgumentException("the history is not that of the project");
        }
        MultiAddr way = valueOrThrow(MultiAddr.parse(projectRoute), "projectRoute");
        if (way.firstService().isEmpty()) {
            throw new IllegalArgumentException("the route to the project has no service");
        }
        Route route = valueOrThrow(MultiAddr.parse(authorityRoute).flatMap(MultiAddr::route), "authorityRoute");
        if (route.isEmpty() || !route.recipient().isLocal()) {
            throw new IllegalArgumentException("the route to the authority does not end at a service");
        }
        Objects.requireNonNull(authorityHistory, "authorityHistory");
    }

    private static <T> T valueOrThrow(Decoded<T> decoded, String what) {
        if (decoded instanceof Decoded.Failure<T> refused) {
            throw new IllegalArgumentException(what + ": " + refused.failure().detail());
        }
        return decoded.orElseThrow();
    }

    /** Reads a ticket in any of its forms; they tell themselves apart. Blanks around it are ignored. */
    public static Decoded<Ticket> decode(String text) {
        if (text.length() > MAX_LENGTH) {
            return Decoded.refused("a ticket is too long");
        }
        String trimmed = text.strip();
        String plain = isHex(trimmed) ? ofHex(trimmed) : trimmed;
        return plain.startsWith("{") ? TicketJson.decode(plain) : ofItems(plain.split(",", -1));
    }

    private static boolean isHex(String text) {
        return !text.isEmpty() && text.length() % 2 == 0 && text.chars().allMatch(HexFormat::isHexDigit);
    }

    /** What is no text is empty, which is no ticket. */
    private static String ofHex(String hex) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(HEX.parseHex(hex)))
                    .toString();
        } catch (CharacterCodingException e) {
            return "";
        }
    }

    private static Decoded<Ticket> ofItems(String[] items) {
        return items.length < ITEMS
                ? Decoded.refused("a ticket has " + ITEMS + " items, not " + items.length)
                : of(items[0], items[1], items[2], items[3], items[4], items[5], items[6]);
    }

    /** Makes a ticket of seven texts. */
    static Decoded<Ticket> of(
            String projectRoute,
            String project,
            String projectName,
            String code,
            String projectHistory,
            String authorityHistory,
            String authorityRoute) {
        Identifier identifier;
        TokenCode token;
        ByteString ofProject;
        ByteString ofAuthority;
        try {
            identifier = Identifier.parse(project);
            token = TokenCode.of(bytes(code));
            ofProject = bytes(projectHistory);
            ofAuthority = bytes(authorityHistory);
        } catch (WireException e) {
            return Decoded.refused("the identifier of the project is none");
        } catch (IllegalArgumentException e) {
            return Decoded.refused("code and histories of a ticket are hexadecimal, and a code has 32 bytes");
        }
        return ChangeHistory.decode(ofProject)
                .flatMap(first -> ChangeHistory.decode(ofAuthority)
                        .flatMap(second ->
                                checked(projectRoute, identifier, projectName, token, first, second, authorityRoute)));
    }

    private static ByteString bytes(String hex) {
        return ByteString.fromArray(HEX.parseHex(hex));
    }

    private static Decoded<Ticket> checked(
            String projectRoute,
            Identifier project,
            String projectName,
            TokenCode code,
            ChangeHistory projectHistory,
            ChangeHistory authorityHistory,
            String authorityRoute) {
        try {
            return new Decoded.Value<>(new Ticket(
                    projectRoute, project, projectName, code, projectHistory, authorityHistory, authorityRoute));
        } catch (IllegalArgumentException e) {
            return Decoded.refused(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Returns the form that Ockam's command line writes today: seven texts, with commas between them.
     *
     * @throws IllegalStateException if there is a comma in one of them, for which this form has no other sign
     */
    public String plain() {
        String[] items = {
            projectRoute,
            project.toString(),
            projectName,
            hex(code.bytes()),
            hex(projectHistory.export()),
            hex(authorityHistory.export()),
            authorityRoute
        };
        for (String item : items) {
            if (item.indexOf(',') >= 0) {
                throw new IllegalStateException("a plain ticket cannot have a comma in a name or a route");
            }
        }
        return String.join(",", items);
    }

    /** Returns {@link #plain} in lower-case hexadecimal digits. */
    public String hex() {
        return hexOfText(plain());
    }

    /** Returns an object in JSON. */
    public String json() {
        return TicketJson.json(this);
    }

    /** Returns the form that Ockam's command line wrote in 2024, for older readers. */
    public String legacy() {
        return hexOfText(TicketJson.legacy(this));
    }

    /** Returns the authority's identifier, which its history begins with. */
    public Identifier authority() {
        return authorityHistory.identifier();
    }

    /** Returns the id of the project: the first service in the route to it. */
    public String projectId() {
        return MultiAddr.parse(projectRoute).orElseThrow().firstService().orElseThrow();
    }

    /**
     * Returns the route to the channel listener of the authority. It may begin with a TCP address, for {@code TcpTransport.resolve} to
     * connect to.
     */
    public Route routeToAuthority() {
        return MultiAddr.parse(authorityRoute).flatMap(MultiAddr::route).orElseThrow();
    }

    static String hex(ByteString bytes) {
        return HEX.formatHex(bytes.toArray());
    }

    private static String hexOfText(String text) {
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[utf8.remaining()];
            utf8.get(bytes);
            return HEX.formatHex(bytes);
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("a ticket with half of a surrogate pair has no bytes", e);
        }
    }

    @Override
    public String toString() {
        return "Ticket(" + projectName + ")";
    }
}
