package dev.minidynamo.app.bench;

import dev.minidynamo.app.bench.Workload.Operation;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/** One simulated client: at most one request under way, to each target in turn. */
final class Client {

    final @Nullable Connection[] connections;
    final ByteBuffer out;
    Operation operation = Operation.READ;
    long key;
    int target;

    /** When the request was due, which in an open loop is before it could be sent. */
    long dueNanos;

    long sentNanos;
    boolean writing;
    boolean busy;
    long restUntilNanos;

    Client(int targets, int firstTarget, int requestBytes) {
        connections = new Connection[targets];
        target = firstTarget;
        out = ByteBuffer.allocate(requestBytes);
    }
}
