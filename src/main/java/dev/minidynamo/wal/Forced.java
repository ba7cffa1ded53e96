package dev.minidynamo.wal;

import java.util.ArrayList;
import java.util.List;

/** How far a log is forced, how long that takes, and who waits for it. */
final class Forced {

    private final LatencyWindow latencies = new LatencyWindow();
    private final List<Runnable> waiting = new ArrayList<>();
    private LogMark mark;

    Forced(LogMark mark) {
        this.mark = mark;
    }

    LogMark mark() {
        return mark;
    }

    LatencyWindow latencies() {
        return latencies;
    }

    /** A segment was begun, and what is before it forced. */
    void begun(LogMark segment) {
        mark = segment;
    }

    /**
     * A force has ended. Whoever waits was told of records that were written before it, since the
     * worker does one job after the other.
     */
    void upTo(LogMark end, long nanos) {
        latencies.add(nanos);
        if (end.position() > mark.position()) {
            mark = end;
        }
        List<Runnable> told = List.copyOf(waiting);
        waiting.clear();
        told.forEach(Runnable::run);
    }

    /** Waits for a force; whether nobody did before. */
    boolean await(Runnable done) {
        waiting.add(done);
        return waiting.size() == 1;
    }
}
