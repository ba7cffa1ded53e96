package dev.minidynamo.app.bench;

import org.HdrHistogram.Histogram;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one thread has counted: latencies in microseconds, and each error by its reason. Errors have
 * no latency, and nothing is retried in silence.
 */
final class Tally {

    private static final long LONGEST_MICROS = 120_000_000;
    private static final int DIGITS = 3;

    final Histogram reads = new Histogram(LONGEST_MICROS, DIGITS);
    final Histogram writes = new Histogram(LONGEST_MICROS, DIGITS);
    final Map<String, Long> errors = new TreeMap<>();
    long missing;

    void read(long nanos) {
        reads.recordValue(micros(nanos));
    }

    void write(long nanos) {
        writes.recordValue(micros(nanos));
    }

    void error(String reason) {
        errors.merge(reason, 1L, Long::sum);
    }

    void add(Tally other) {
        reads.add(other.reads);
        writes.add(other.writes);
        other.errors.forEach((reason, count) -> errors.merge(reason, count, Long::sum));
        missing += other.missing;
    }

    long operations() {
        return reads.getTotalCount() + writes.getTotalCount();
    }

    private static long micros(long nanos) {
        return Math.min(Math.max(nanos / 1_000, 1), LONGEST_MICROS);
    }
}
