package dev.minidynamo.protocol;

import dev.minidynamo.model.NodeId;

import java.util.function.Consumer;

/** Carries requests to nodes, the own node included. */
public interface Transport {

    /** Which queue of a peer a request waits in; the first is served first. */
    enum Priority {
        CLIENT,
        HINTS,
        ANTI_ENTROPY
    }

    /**
     * Sends a request. Neither blocks nor throws; called on the event loop.
     *
     * @param timeoutMillis after which {@link Reply.Failure#TIMEOUT} is the answer; it travels with
     *     the request, and the receiver drops what it finds overdue
     * @param onReply called exactly once, on the event loop, never from within this call
     */
    void send(
            NodeId to,
            Request request,
            Priority priority,
            long timeoutMillis,
            Consumer<Reply> onReply);
}
