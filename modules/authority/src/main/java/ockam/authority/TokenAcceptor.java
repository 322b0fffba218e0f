// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.util.ByteString;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.Redemption;
import ockam.identity.TokenCode;
import ockam.routing.Peer;
import ockam.wire.Decoded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes members of those who have a code (authority, section 3.2). Counting the use of a token and making the member are one unit of work:
 * of what fails, nothing is lost.
 */
final class TokenAcceptor implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(TokenAcceptor.class);

    private final Terms terms;

    TokenAcceptor(Terms terms) {
        this.terms = terms;
    }

    @Override
    public String name() {
        return "token acceptor";
    }

    @Override
    public CompletionStage<Reply> handle(Request request, Peer caller) {
        if (!request.is(Method.POST, "/", "/credential")) {
            return CompletableFuture.completedFuture(Reply.UNKNOWN_PATH);
        }
        return request.body(Code::readFrom) instanceof Decoded.Value<ByteString> code
                ? redeem(TokenCode.of(code.value()), caller)
                : CompletableFuture.completedFuture(Reply.badRequest("the body is no code"));
    }

    private CompletionStage<Reply> redeem(TokenCode code, Peer caller) {
        return terms.store()
                .run(unit -> unit.redeem(terms.authority(), caller.identifier(), code, terms.now()))
                .handle((redemption, failure) -> {
                    if (failure != null) {
                        terms.storeFailed(this, LOG, caller.identifier() + " has not become a member", failure);
                        return Reply.forbidden("Error adding member using enrollment token");
                    }
                    return reply(redemption, caller);
                });
    }

    private Reply reply(Redemption redemption, Peer caller) {
        terms.known().tell(caller.identifier(), redemption != Redemption.UNKNOWN_TOKEN);
        return switch (redemption) {
            case MEMBER_NOW -> {
                terms.router().logged(() -> LOG.info("{} is a member now, by a token", caller.identifier()));
                yield Reply.DONE;
            }
            case ALREADY_MEMBER -> Reply.forbidden("Already a member");
            case UNKNOWN_TOKEN -> Reply.forbidden("Unknown enrollment token");
        };
    }
}
