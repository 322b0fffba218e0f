// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException;
import ockam.identity.Timestamp;
import ockam.identity.Token;
import ockam.identity.TokenCode;
import ockam.routing.Peer;
import ockam.wire.Decoded;
import ockam.wire.WireException;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes tokens for enrollers (authority, section 3.1). */
final class TokenIssuer implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(TokenIssuer.class);
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int REFERENCE_LENGTH = 10;

    private final Terms terms;
    private final SecureRandom random = new SecureRandom();

    TokenIssuer(Terms terms) {
        this.terms = terms;
    }

    @Override
    public String name() {
        return "token issuer";
    }

    @Override
    public CompletionStage<Reply> handle(Request request, Peer caller) {
        if (!request.is(Method.POST, "/", "/tokens")) {
            return CompletableFuture.completedFuture(Reply.UNKNOWN_PATH);
        }
        return request.body(NewToken::readFrom) instanceof Decoded.Value<NewToken> wanted
                ? make(wanted.value(), caller)
                : CompletableFuture.completedFuture(Reply.badRequest("the body is no request for a token"));
    }

    private CompletionStage<Reply> make(NewToken wanted, Peer caller) {
        Timestamp now = terms.now();
        long seconds = wanted.seconds() == null ? NewToken.DEFAULT_LIFETIME.toSeconds() : wanted.seconds();
        if (seconds < 0 || now.seconds() + seconds < 0) { // beyond 63 bits
            return CompletableFuture.completedFuture(Reply.badRequest("the lifetime is too long"));
        }
        try {
            var unused = terms.ofCredential(wanted.attributes());
        } catch (WireException tooMany) {
            return CompletableFuture.completedFuture(Reply.badRequest("too many attributes for a credential"));
        }
        TokenCode code = TokenCode.random(random);
        Token token = new Token(
                terms.authority(),
                code.hash(),
                reference(),
                caller.identifier(),
                now,
                now.plus(Duration.ofSeconds(seconds)),
                uses(wanted),
                wanted.attributes());
        return terms.change(caller, work -> add(work, token)).handle((refused, failure) -> {
            if (failure != null) {
                return failed(failure);
            }
            if (refused != null) {
                return refused;
            }
            log(token);
            return Reply.of(Code.encode(code.bytes()));
        });
    }

    private static Reply failed(Throwable failure) {
        if (Failures.unwrapped(failure) instanceof IdentityException refused
                && refused.reason() == IdentityException.Reason.TOO_MANY_TOKENS) {
            return Reply.failed("too many tokens");
        }
        throw new CompletionException(Failures.unwrapped(failure));
    }

    /** No use is one, as elsewhere; more than fit into 63 bits are as many as fit. */
    private static long uses(NewToken wanted) {
        long uses = wanted.uses() == null ? 1 : wanted.uses();
        return uses < 0 ? Long.MAX_VALUE : Math.max(1, uses);
    }

    private String reference() {
        StringBuilder reference = new StringBuilder();
        random.ints(REFERENCE_LENGTH, 0, LETTERS.length()).forEach(i -> reference.append(LETTERS.charAt(i)));
        return reference.toString();
    }

    /** Returns why not, or null. */
    private static @Nullable Reply add(Terms.Work work, Token token) {
        if (!work.caller().enroller()) {
            return Reply.forbidden("Non-enroller is trying to issue an enrollment token");
        }
        if (Roles.isEnroller(token.attributes()) && !work.caller().admin()) {
            return Reply.forbidden("Not admin is trying to issue an enrollment token for an enroller");
        }
        work.unit().tokens().add(token);
        return null;
    }

    private void log(Token token) {
        terms.router()
                .logged(() -> LOG.info(
                        "{} has made token {} for {} members, until {}",
                        token.issuer(),
                        token.reference(),
                        token.uses(),
                        token.expiresAt().toInstant()));
    }
}
