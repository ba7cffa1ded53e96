package dev.minidynamo.runtime;

import dev.minidynamo.model.Cell;
import dev.minidynamo.protocol.Reply;
import dev.minidynamo.protocol.Request;
import dev.minidynamo.protocol.Transport.Priority;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** A request that waits for its reply, which it hands on exactly once; used on the event loop. */
final class PendingRequest {

    private static final int OVERHEAD_BYTES = 200;

    final Request request;
    final Priority priority;
    final long deadlineNanos;
    private @Nullable Consumer<Reply> onReply;
    private boolean sent;

    PendingRequest(
            Request request, Priority priority, long deadlineNanos, Consumer<Reply> onReply) {
        this.request = request;
        this.priority = priority;
        this.deadlineNanos = deadlineNanos;
        this.onReply = onReply;
    }

    boolean answered() {
        return onReply == null;
    }

    /** Hands the reply on, unless there was one already. */
    void answer(Reply reply) {
        Consumer<Reply> receiver = onReply;
        if (receiver != null) {
            onReply = null;
            receiver.accept(reply);
        }
    }

    void markSent() {
        sent = true;
    }

    /** The reply when time is up: a request that never left its queue is known to be unsent. */
    Reply timedOut(String peer) {
        return sent
                ? new Reply.Failed(Reply.Failure.TIMEOUT, "no answer from " + peer + " in time")
                : new Reply.Failed(
                        Reply.Failure.NOT_SENT,
                        "waited for its turn behind other requests to "
                                + peer
                                + " until its time was up");
    }

    /** About how many bytes it holds in memory and on the wire. */
    int bytes() {
        return switch (request) {
            case Request.Write write ->
                    OVERHEAD_BYTES
                            + write.key().bytes().length
                            + (write.cell() instanceof Cell.Live live ? live.value().length : 0);
            case Request.Read read -> OVERHEAD_BYTES + read.key().bytes().length;
            case Request.TreeHashes tree -> OVERHEAD_BYTES + 4 * tree.indexes().size();
            case Request.LeafList leaves -> OVERHEAD_BYTES + 4 * leaves.leaves().size();
            case Request.Fetch fetch -> OVERHEAD_BYTES + 8 * fetch.tokens().size();
            case Request.ConfirmTombstones confirm ->
                    OVERHEAD_BYTES * (1 + confirm.tombstones().size());
            case Request.ReapTombstones reap -> OVERHEAD_BYTES * (1 + reap.tombstones().size());
            case Request.Ping _, Request.Scan _, Request.Inspect _ -> OVERHEAD_BYTES;
        };
    }
}
