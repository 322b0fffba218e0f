// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.util.ByteString;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.node.Routed;
import ockam.routing.Peer;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.Router;
import ockam.wire.Codec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker at an address of an authority: answers every request that has a number (authority, section 1.1). It works on the requests of a
 * peer one after the other, and on those of strangers beside those of members.
 */
final class ServiceWorker extends AbstractBehavior<ServiceWorker.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceWorker.class);
    private static final int MOST_CHARACTERS = 80;

    /** What the worker understands. */
    sealed interface Command extends NoSerializationVerificationNeeded {}

    /** A request. */
    record Asked(Routed<Incoming> message) implements Command {}

    /** What has come of it. */
    private record Done(
            Routed<Incoming> message,
            Request request,
            Peer peer,
            Turns.Kind kind,
            @Nullable Reply reply,
            @Nullable Throwable failure)
            implements Command {}

    private final Terms terms;
    private final Router router;
    private final Service service;
    private final Turns turns;
    private int answers;

    static Behavior<Command> create(Terms terms, Service service) {
        return Behaviors.setup(context -> new ServiceWorker(context, terms, service));
    }

    private ServiceWorker(ActorContext<Command> context, Terms terms, Service service) {
        super(context);
        this.terms = terms;
        this.router = terms.router();
        this.service = service;
        this.turns = new Turns(terms.settings());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Asked.class, this::asked)
                .onMessage(Done.class, this::done)
                .build();
    }

    private Behavior<Command> asked(Asked asked) {
        Routed<Incoming> message = asked.message();
        Peer peer = message.peer().orElse(null);
        if (peer == null) {
            answer(message, Reply.badRequest("secure channel required").encode(nextId(), 0));
        } else if (message.body() instanceof Request request) {
            Turns.Kind kind = kind(peer);
            message.defer();
            if (!turns.offer(peer.identifier(), kind, () -> begin(message, request, peer, kind))) {
                answer(message, request, peer, kind, Reply.failed("too many requests"));
            }
        } else if (message.body() instanceof Incoming.Unreadable unreadable) {
            log(peer, kind(peer), "unreadable", unreadable.why());
            answer(message, Reply.badRequest("unreadable request").encode(nextId(), unreadable.id()));
        }
        return this;
    }

    private Turns.Kind kind(Peer peer) {
        return terms.isKnown(peer) ? Turns.Kind.MEMBER : Turns.Kind.STRANGER;
    }

    private void begin(Routed<Incoming> message, Request request, Peer peer, Turns.Kind kind) {
        getContext()
                .pipeToSelf(
                        handle(request, peer),
                        (reply, failure) -> new Done(message, request, peer, kind, reply, failure));
    }

    private CompletionStage<Reply> handle(Request request, Peer peer) {
        try {
            return service.handle(request, peer);
        } catch (RuntimeException e) { // of a store
            return CompletableFuture.failedStage(e);
        }
    }

    private Behavior<Command> done(Done done) {
        Reply reply = done.reply();
        if (reply == null) {
            if (isNews("failed", done.kind())) {
                router.logged(() -> LOG.error(
                        "A request of peer {} has failed, on this side",
                        done.peer().identifier(),
                        done.failure()));
            }
            reply = Reply.failed("internal error");
        }
        answer(done.message(), done.request(), done.peer(), done.kind(), reply);
        turns.done(done.peer().identifier());
        return this;
    }

    private void answer(Routed<Incoming> message, Request request, Peer peer, Turns.Kind kind, Reply reply) {
        if (reply.error() != null) {
            log(peer, kind, request.method() + " " + NodeLog.text(request.path(), MOST_CHARACTERS), reply.error());
        }
        answer(message, reply.encode(nextId(), request));
    }

    private static void answer(Routed<Incoming> message, ByteString reply) {
        message.reply(Codec.bytes(), reply);
    }

    private void log(Peer peer, Turns.Kind kind, String what, String why) {
        if (isNews("refused", kind)) {
            router.logged(() -> LOG.warn(
                    "Refused {} of peer {}: {}", what, peer.identifier(), NodeLog.text(why, 2 * MOST_CHARACTERS)));
        }
    }

    /** At each service on its own, and what strangers do does not hide what members do. */
    private boolean isNews(String what, Turns.Kind kind) {
        return router.isNews(what + " at " + service.name() + " by " + kind);
    }

    /** Nobody looks at the number of an answer; 0 is none. */
    private long nextId() {
        answers = answers == Integer.MAX_VALUE ? 1 : answers + 1;
        return answers;
    }
}
