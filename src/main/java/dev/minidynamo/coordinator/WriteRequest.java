package dev.minidynamo.coordinator;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.Version;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A put or delete as a client asked for it, not yet stamped.
 *
 * @param valueBytes of the value, 0 for a delete
 * @param stamp makes the cell of a version
 * @param startedNanos when it came, by the monotonic clock
 * @param startedMillis the same, by the wall clock
 * @param done called once with the outcome, on the event loop
 */
record WriteRequest(
        Key key,
        int valueBytes,
        Function<Version, Cell> stamp,
        OperationOptions options,
        long startedNanos,
        long startedMillis,
        Consumer<WriteOutcome> done) {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** What it holds in memory. */
    int bytes() {
        return key.bytes().length + valueBytes;
    }

    /** What is left of its time, in whole milliseconds. */
    long leftMillis(long nowNanos) {
        return options.timeoutMillis()
                - (nowNanos - startedNanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    }
}
