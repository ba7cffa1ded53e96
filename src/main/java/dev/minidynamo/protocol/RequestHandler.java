package dev.minidynamo.protocol;

import dev.minidynamo.model.NodeId;

import java.util.function.Consumer;

/** The receiving end of {@link Transport}. */
public interface RequestHandler {

    /**
     * Handles one request; called on the event loop, does not block or throw.
     *
     * @param onReply called exactly once, on the event loop, possibly from within this call
     */
    void handle(NodeId from, Request request, Consumer<Reply> onReply);
}
