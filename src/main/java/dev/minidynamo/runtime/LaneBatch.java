package dev.minidynamo.runtime;

import dev.minidynamo.protocol.BatchHeader;
import dev.minidynamo.protocol.RequestBatch;

import java.util.ArrayList;
import java.util.List;

/**
 * Requests that go to a peer in one POST.
 *
 * @param delayMillis how long a fault rule holds it up, usually 0
 */
record LaneBatch(BatchHeader header, List<PendingRequest> requests, int delayMillis) {

    /** The message, with the time that each request still has at {@code nowNanos}. */
    RequestBatch message(long nowNanos) {
        List<RequestBatch.Item> items = new ArrayList<>(requests.size());
        for (PendingRequest pending : requests) {
            long left = Math.max(0, (pending.deadlineNanos - nowNanos) / 1_000_000L);
            items.add(
                    new RequestBatch.Item(
                            (int) Math.min(left, Integer.MAX_VALUE),
                            pending.priority,
                            pending.request));
        }
        return new RequestBatch(header, items);
    }
}
