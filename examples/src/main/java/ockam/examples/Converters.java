// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.util.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.Function;
import ockam.authority.Ticket;
import ockam.identity.ChangeHistory;
import ockam.identity.TrustPolicy;
import ockam.routing.rule.Rule;
import ockam.wire.Address;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the values of options are: one that cannot be read is a wrong argument, before anything is done. */
final class Converters {
    private static final long MAX_FILE_SIZE = 1024 * 1024;

    private Converters() {}

    static CommandLine registeredAt(CommandLine line) {
        return line.registerConverter(Identifier.class, reading(Identifier::parse))
                .registerConverter(Address.class, reading(Address::parse))
                .registerConverter(Rule.class, reading(Rule::parse))
                .registerConverter(TrustPolicy.class, reading(Converters::trust))
                .registerConverter(ChangeHistory.class, reading(Converters::history))
                .registerConverter(Ticket.class, reading(Converters::ticket));
    }

    private static <T> ITypeConverter<T> reading(Function<String, T> reader) {
        return text -> {
            if (text.isBlank()) {
                throw new TypeConversionException("it is empty: is a variable of the shell not set?");
            }
            try {
                return reader.apply(text);
            } catch (TypeConversionException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }

    /** Whom a channel is with: who this identifier names, or anyone. */
    private static TrustPolicy trust(String identifierOrAny) {
        return identifierOrAny.equals("any")
                ? TrustPolicy.acceptAnyPeerInsecure()
                : TrustPolicy.identifier(Identifier.parse(identifierOrAny));
    }

    private static ChangeHistory history(String text) {
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(text.strip());
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("it is no history: the hexadecimal text that is printed as HISTORY");
        }
        if (ChangeHistory.decode(ByteString.fromArray(bytes)) instanceof Decoded.Value<ChangeHistory> history) {
            return history.value();
        }
        throw new TypeConversionException("it is no history, or not all of one");
    }

    /** The text of a ticket, or that in a file, where it is in no list of processes. It is not repeated in a failure. */
    private static Ticket ticket(String textOrFile) {
        Decoded<Ticket> decoded = Ticket.decode(textOrFile);
        if (decoded instanceof Decoded.Failure<Ticket>) {
            decoded = fileOf(textOrFile, decoded);
        }
        if (decoded instanceof Decoded.Failure<Ticket> refused) {
            throw new TypeConversionException("it is no ticket, and no file with one: " + refused.failure());
        }
        return decoded.orElseThrow();
    }

    private static Decoded<Ticket> fileOf(String name, Decoded<Ticket> otherwise) {
        try {
            Path file = Path.of(name);
            if (!Files.isRegularFile(file)) {
                return otherwise;
            }
            return Files.size(file) > MAX_FILE_SIZE
                    ? Decoded.refused("the file is too large")
                    : Ticket.decode(Files.readString(file).strip());
        } catch (InvalidPathException e) {
            return otherwise;
        } catch (IOException e) {
            return Decoded.refused("the file cannot be read: " + Explanation.said(e));
        }
    }
}
