// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import ockam.routing.rule.RuleException.Reason;
import ockam.routing.rule.Token.Bracket;
import ockam.routing.rule.Token.End;
import ockam.routing.rule.Token.Literal;
import ockam.routing.rule.Token.Word;
import ockam.routing.rule.Value.Decimal;
import ockam.routing.rule.Value.Text;
import ockam.routing.rule.Value.Truth;
import ockam.routing.rule.Value.Whole;

/** Splits the full form of a rule into tokens, which are those of the text format of WebAssembly (authority, section 8.3). */
final class Lexer {
    /** What an operator or a name looks like. */
    static final Pattern WORD = Pattern.compile("[A-Za-z!$%&*/<=>?~_^][A-Za-z0-9!$%&*/<=>?~_^.+,\\-:;@]*");

    private static final String ATOM = "!#$%&'*+-./:<=>?@\\^_`|~,;";
    private static final Pattern INTEGER =
            Pattern.compile("([+-]?)(?:0x([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)|(\\d+(?:_\\d+)*))");
    private static final Pattern FLOAT = Pattern.compile("[+-]?\\d+(?:\\.\\d*)?(?:[eE][+-]?\\d+)?");
    private static final Pattern INFINITY = Pattern.compile("([+-]?)inf");
    private static final Pattern NO_NUMBER = Pattern.compile("[+-]?nan(?::0x[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)?");
    private static final int MAX_HEX_DIGITS = 8;

    private final String text;
    private int position;

    Lexer(String text) {
        this.text = text;
    }

    /** Returns the next token; throws {@link RuleException} if there is none. */
    Token next() {
        skipBlanksAndComments();
        if (position == text.length()) {
            return new End(position);
        }
        char c = text.charAt(position);
        if ("()[]".indexOf(c) >= 0) {
            return new Bracket(c, position++);
        }
        return c == '"' ? string() : atom();
    }

    private void skipBlanksAndComments() {
        while (position < text.length()) {
            if (" \t\r\n".indexOf(text.charAt(position)) >= 0) {
                position++;
            } else if (text.startsWith(";;", position)) {
                int end = text.indexOf('\n', position);
                position = end < 0 ? text.length() : end;
            } else if (text.startsWith("(;", position)) {
                skipBlock();
            } else {
                return;
            }
        }
    }

    private void skipBlock() {
        int nested = 0;
        do {
            if (text.startsWith("(;", position)) {
                nested++;
                position += 2;
            } else if (text.startsWith(";)", position)) {
                nested--;
                position += 2;
            } else if (position == text.length()) {
                throw new RuleException(Reason.UNEXPECTED_END, position, "a comment does not end");
            } else {
                position++;
            }
        } while (nested > 0);
    }

    private Token atom() {
        int start = position;
        while (position < text.length() && isOfAtom(text.charAt(position))) {
            position++;
        }
        String atom = text.substring(start, position);
        if (atom.isEmpty()) {
            throw new RuleException(
                    Reason.UNEXPECTED_CHARACTER, start, "the character at " + start + " begins nothing");
        }
        return token(atom, start);
    }

    private static boolean isOfAtom(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || ATOM.indexOf(c) >= 0;
    }

    private static Token token(String atom, int start) {
        var integer = INTEGER.matcher(atom);
        if (integer.matches()) {
            String hex = integer.group(2);
            String digits = (hex == null ? integer.group(3) : hex).replace("_", "");
            return whole(integer.group(1) + digits, hex == null ? 10 : 16, start);
        }
        var infinity = INFINITY.matcher(atom);
        if (infinity.matches()) {
            boolean negative = infinity.group(1).equals("-");
            return new Literal(new Decimal(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY), start);
        }
        if (NO_NUMBER.matcher(atom).matches()) {
            return new Literal(new Decimal(Double.NaN), start);
        }
        if (FLOAT.matcher(atom).matches()) {
            return new Literal(new Decimal(Double.parseDouble(atom)), start);
        }
        if (atom.equals("true") || atom.equals("false")) {
            return new Literal(Truth.of(atom.equals("true")), start);
        }
        if (WORD.matcher(atom).matches()) {
            return new Word(atom, start);
        }
        throw new RuleException(
                Reason.UNEXPECTED_CHARACTER,
                start,
                "what begins at character " + start + " is neither word nor number");
    }

    private static Token whole(String digits, int radix, int start) {
        try {
            return new Literal(new Whole(Long.parseLong(digits, radix)), start);
        } catch (NumberFormatException e) {
            throw new RuleException(
                    Reason.INVALID_NUMBER, start, "the number at character " + start + " does not fit into 64 bits");
        }
    }

    private Token string() {
        int start = position++;
        Content content = new Content(start);
        while (true) {
            int c = codePoint(start);
            if (c == '"') {
                return new Literal(new Text(content.whole()), start);
            }
            if (c == '\\') {
                escape(start, content);
            } else if (c < ' ' || c == 0x7f) {
                throw invalidString(start);
            } else {
                content.character(c);
            }
        }
    }

    /** What is in a string: characters, and bytes of UTF-8 that are written one by one. */
    private static final class Content {
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int start;

        Content(int start) {
            this.start = start;
        }

        void character(int c) {
            decodeBytes();
            text.appendCodePoint(c);
        }

        void singleByte(int b) {
            bytes.write(b);
        }

        String whole() {
            decodeBytes();
            return text.toString();
        }

        /** No character has bytes that continue one before it, so what is written as bytes has to be whole characters. */
        private void decodeBytes() {
            try {
                text.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())));
                bytes.reset();
            } catch (CharacterCodingException e) {
                throw invalidString(start);
            }
        }
    }

    /** Returns the next character, and moves past it. */
    private int codePoint(int start) {
        if (position == text.length()) {
            throw new RuleException(
                    Reason.UNEXPECTED_END, position, "the string from character " + start + " on does not end");
        }
        int c = text.codePointAt(position);
        position += Character.charCount(c);
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            throw invalidString(start); // half of a pair
        }
        return c;
    }

    private void escape(int start, Content content) {
        int c = codePoint(start);
        switch (c) {
            case 't' -> content.character('\t');
            case 'n' -> content.character('\n');
            case 'r' -> content.character('\r');
            case '"', '\'', '\\' -> content.character(c);
            case 'u' -> content.character(unicode(start));
            default -> content.singleByte(digit(c, start) << 4 | digit(codePoint(start), start));
        }
    }

    private int unicode(int start) {
        if (codePoint(start) != '{') {
            throw invalidString(start);
        }
        int value = 0;
        int digits = 0;
        int c = codePoint(start);
        while (c != '}') {
            if (c != '_' || digits == 0) {
                value = value << 4 | digit(c, start);
                digits++;
            }
            if (digits > MAX_HEX_DIGITS) {
                throw invalidString(start);
            }
            c = codePoint(start);
        }
        boolean isSurrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
        if (digits == 0 || isSurrogate || !Character.isValidCodePoint(value)) {
            throw invalidString(start);
        }
        return value;
    }

    private static int digit(int c, int start) {
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            throw invalidString(start);
        }
        return digit;
    }

    private static RuleException invalidString(int start) {
        return new RuleException(
                Reason.INVALID_STRING,
                start,
                "the string from character " + start + " on has an escape or a character that does not exist");
    }
}
