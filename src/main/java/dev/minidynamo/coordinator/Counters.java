package dev.minidynamo.coordinator;

/** The running counts behind {@link CoordinatorStatus}; touched on the event loop alone. */
final class Counters {

    final LatencyWindow readLatency = new LatencyWindow();
    final LatencyWindow writeLatency = new LatencyWindow();
    long written;
    long rejected;
    long indeterminate;
    long reads;
    long readsUnavailable;
    long hintsRequested;
    long repairs;
    long repairsSkipped;
    long restamped;
    long inFlightBytes;
    int backgroundRepairs;

    void rollLatencies() {
        readLatency.roll();
        writeLatency.roll();
    }

    CoordinatorStatus status() {
        return new CoordinatorStatus(
                written,
                rejected,
                indeterminate,
                reads,
                readsUnavailable,
                hintsRequested,
                repairs,
                repairsSkipped,
                restamped,
                inFlightBytes,
                readLatency.latency(),
                writeLatency.latency());
    }
}
