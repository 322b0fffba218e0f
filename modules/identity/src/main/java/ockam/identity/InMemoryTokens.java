// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ockam.identity.IdentityException.Reason;
import ockam.wire.Identifier;

/** Tokens in memory. Not thread safe. */
final class InMemoryTokens implements Tokens {
    private final Map<Identifier, Map<ByteString, Token>> tokens = new HashMap<>();
    private final Undo undo;
    private final int most;

    InMemoryTokens(Undo undo, int most) {
        this.undo = undo;
        this.most = most;
    }

    private Map<ByteString, Token> of(Identifier authority) {
        return tokens.computeIfAbsent(authority, key -> new HashMap<>());
    }

    @Override
    public void add(Token token) {
        Map<ByteString, Token> those = of(token.authority());
        if (those.size() >= most) {
            removeEnded(token.authority(), token.createdAt());
        }
        if (those.size() >= most) {
            throw new IdentityException(
                    Reason.TOO_MANY_TOKENS, token.authority() + " has " + most + " tokens, the most that are kept");
        }
        if (those.containsKey(token.codeHash())) {
            throw new IllegalArgumentException("there is a token with this code");
        }
        undo.put(those, token.codeHash(), token);
    }

    @Override
    public Optional<Token> find(Identifier authority, TokenCode code, Timestamp now) {
        return Optional.ofNullable(of(authority).get(code.hash())).filter(token -> token.isValidAt(now));
    }

    @Override
    public Optional<Token> use(Identifier authority, TokenCode code, Timestamp now) {
        Optional<Token> found = find(authority, code, now);
        found.ifPresent(token -> {
            if (token.uses() > 1) {
                undo.put(of(authority), token.codeHash(), token.withUses(token.uses() - 1));
            } else {
                undo.remove(of(authority), token.codeHash());
            }
        });
        return found;
    }

    @Override
    public int removeEnded(Identifier authority, Timestamp now) {
        List<Token> ended = of(authority).values().stream()
                .filter(token -> !token.isValidAt(now))
                .toList();
        ended.forEach(token -> undo.remove(of(authority), token.codeHash()));
        return ended.size();
    }

    @Override
    public int count(Identifier authority) {
        return of(authority).size();
    }
}
