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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The transport that the rooms of a node use: requests to the own node go to its handler by way of
 * the event loop, all others to the network, and what becomes of those is evidence for the failure
 * detector.
 */
final class NodeTransport implements Transport {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long SWEEP_MILLIS = 25;

    private final NodeId self;
    private final Clock clock;
    private final Scheduler scheduler;
    private final Transport remote;
    private @Nullable RequestHandler handler;
    private @Nullable Membership membership;
    private final List<Local> waiting = new ArrayList<>();
    private boolean sweeping;

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
            Local local =
                    new Local(onReply, clock.monotonicNanos() + timeoutMillis * NANOS_PER_MILLI);
            scheduler.execute(() -> handleHere(request, local));
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

    private void handleHere(Request request, Local local) {
        if (handler == null) {
            local.answer(new Reply.Failed(Reply.Failure.NOT_SENT, "the node is starting"));
            return;
        }
        handler.handle(self, request, local::answer);
        if (!local.answered) {
            waiting.add(local);
            if (!sweeping) {
                sweeping = true;
                scheduler.after(SWEEP_MILLIS, this::sweep);
            }
        }
    }

    /**
     * Answers what the own disk has kept waiting for too long; a timer for each would cost more.
     */
    private void sweep() {
        long now = clock.monotonicNanos();
        List<Local> late = new ArrayList<>();
        waiting.removeIf(local -> {
            boolean overdue = !local.answered && now - local.deadlineNanos >= 0;
            if (overdue) {
                late.add(local);
            }
            return overdue || local.answered;
        });
        sweeping = !waiting.isEmpty();
        if (sweeping) {
            scheduler.after(SWEEP_MILLIS, this::sweep);
        }
        late.forEach(local ->
                local.answer(
                        new Reply.Failed(Reply.Failure.TIMEOUT, "the own disk did not answer")));
    }

    /** A request to the own node, answered once: by its handler, or when its time is over. */
    private static final class Local {

        private final Consumer<Reply> onReply;
        private final long deadlineNanos;
        private boolean answered;

        Local(Consumer<Reply> onReply, long deadlineNanos) {
            this.onReply = onReply;
            this.deadlineNanos = deadlineNanos;
        }

        void answer(Reply reply) {
            if (!answered) {
                answered = true;
                onReply.accept(reply);
            }
        }
    }
}
