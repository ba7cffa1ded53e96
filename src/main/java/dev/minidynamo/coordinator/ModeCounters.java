package dev.minidynamo.coordinator;

/** The running counts behind one {@link ModeStatus}; touched on the event loop alone. */
final class ModeCounters {

    private final Mode mode;
    private final LatencyCounts.Running readLatency = new LatencyCounts.Running();
    private final LatencyCounts.Running writeLatency = new LatencyCounts.Running();
    private long written;
    private long rejected;
    private long indeterminate;
    private long diskFull;
    private long answered;
    private long unavailable;

    ModeCounters(Mode mode) {
        this.mode = mode;
    }

    void wrote(WriteOutcome outcome, long nanos) {
        writeLatency.record(nanos);
        switch (outcome) {
            case WriteOutcome.Written w -> written++;
            case WriteOutcome.Rejected r -> rejected++;
            case WriteOutcome.Indeterminate i -> indeterminate++;
            case WriteOutcome.DiskFull d -> diskFull++;
        }
    }

    void read(ReadOutcome outcome, long nanos) {
        readLatency.record(nanos);
        switch (outcome) {
            case ReadOutcome.Value v -> answered++;
            case ReadOutcome.NotFound n -> answered++;
            case ReadOutcome.Unavailable u -> unavailable++;
        }
    }

    ModeStatus status() {
        return new ModeStatus(
                mode,
                written,
                rejected,
                indeterminate,
                diskFull,
                answered,
                unavailable,
                readLatency.now(),
                writeLatency.now());
    }
}
