package dev.minidynamo.coordinator;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** The running counts behind {@link CoordinatorStatus}; touched on the event loop alone. */
final class Counters {

    private final LatencyWindow readLatency = new LatencyWindow();
    private final LatencyWindow writeLatency = new LatencyWindow();
    private final List<ModeCounters> modes =
            Arrays.stream(Mode.values()).map(ModeCounters::new).toList();
    long repairs;
    long repairsSkipped;
    long restamped;
    long inFlightBytes;
    int backgroundRepairs;

    void rollLatencies() {
        readLatency.roll();
        writeLatency.roll();
    }

    /** A write ended that was under way. */
    void wrote(Mode mode, WriteOutcome outcome, long nanos) {
        writeLatency.record(nanos);
        modes.get(mode.ordinal()).wrote(outcome, nanos);
    }

    /** A write was turned away before it began, which says nothing about how long writes take. */
    void turnedAway(Mode mode, WriteOutcome outcome, long nanos) {
        modes.get(mode.ordinal()).wrote(outcome, nanos);
    }

    void read(Mode mode, ReadOutcome outcome, long nanos) {
        readLatency.record(nanos);
        modes.get(mode.ordinal()).read(outcome, nanos);
    }

    CoordinatorStatus status() {
        List<ModeStatus> now = modes.stream().map(ModeCounters::status).toList();
        return new CoordinatorStatus(
                sum(now, ModeStatus::written),
                sum(now, ModeStatus::rejected),
                sum(now, mode -> mode.indeterminate() + mode.diskFull()),
                sum(now, ModeStatus::answered),
                sum(now, ModeStatus::unavailable),
                repairs,
                repairsSkipped,
                restamped,
                inFlightBytes,
                readLatency.latency(),
                writeLatency.latency(),
                now);
    }

    private static long sum(List<ModeStatus> modes, ToLongFunction<ModeStatus> count) {
        return modes.stream().mapToLong(count).sum();
    }
}
