package dev.minidynamo.coordinator;

import org.HdrHistogram.Histogram;

/**
 * Latencies of the last whole window and of the running one, so that what is shown is recent but
 * never empty just after a turn.
 */
final class LatencyWindow {

    private static final int DIGITS = 2;

    private Histogram running = new Histogram(DIGITS);
    private Histogram last = new Histogram(DIGITS);
    private long count;

    void record(long nanos) {
        running.recordValue(Math.max(0, nanos / 1_000));
        count++;
    }

    /** Makes the running window the last one. */
    void roll() {
        Histogram empty = last;
        empty.reset();
        last = running;
        running = empty;
    }

    Latency latency() {
        Histogram both = last.copy();
        both.add(running);
        return new Latency(count, both.getValueAtPercentile(50), both.getValueAtPercentile(99));
    }
}
