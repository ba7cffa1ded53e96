package dev.minidynamo.protocol;

import java.util.List;

/** What one node sends another in one message: requests, each with the time it still has. */
public record RequestBatch(BatchHeader header, List<Item> items) {

    /**
     * One request.
     *
     * @param timeoutMillis how long the asker still waits, at least 0
     */
    public record Item(int timeoutMillis, Transport.Priority priority, Request request) {}
}
