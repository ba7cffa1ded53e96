package dev.minidynamo.node;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.membership.Membership;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.RequestHandler;
import dev.minidynamo.protocol.Transport;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * The transport that the rooms of a node use: requests to the own node go to its handler by way of
 * the event loop, all others to the network, and what becomes of those is evidence for the failure
 * detector.
 */
final class NodeTransport implements Transport {

    private final NodeId self;
    private final Clock clock;
    private final Scheduler scheduler;
    private final Transport remote;
    private @Nullable RequestHandler handler;
    private @Nullable Membership membership;

    NodeTransport(NodeId self, NodePorts ports) {
        this.self = self;
        this.clock = ports.clock();
        this.scheduler = ports.scheduler();
        this.remote = ports.remote();
    }

    /** Names who handles requests to the own node. */
    void bind(RequestHandler handler) {
        this.handler = handler;
    }

    /** Names who learns from the outcomes of requests to others. */
    void bind(Membership membership) {
        this.membership = membership;
    }

    @Override
    public void send(
            NodeId to,
            Request request,
            Priority priority,
            long timeoutMillis,
            Consumer<Reply> onReply) {
        if (to.equals(self)) {
            scheduler.execute(() -> handleHere(request, onReply));
        } else if (request instanceof Request.Ping) {
            remote.send(to, request, priority, timeoutMillis, onReply);
        } else {
            long sent = clock.monotonicNanos();
            remote.send(
                    to,
                    request,
                    priority,
                    timeoutMillis,
                    reply -> {
                        if (membership != null) {
                            membership.observe(to, reply, clock.monotonicNanos() - sent);
                        }
                        onReply.accept(reply);
                    });
        }
    }

    private void handleHere(Request request, Consumer<Reply> onReply) {
        if (handler == null) {
            onReply.accept(new Reply.Failed(Reply.Failure.NOT_SENT, "the node is starting"));
        } else {
            handler.handle(self, request, onReply);
        }
    }
}
