package dev.minidynamo.app.bench;

import org.HdrHistogram.Histogram;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one run measured.
 *
 * @param seconds how long it was measured
 * @param missing reads that found nothing
 * @param errors each reason with its count
 * @param corrected whether latencies count from when a request was due (open loop)
 */
public record BenchResult(
        double seconds,
        long operations,
        long missing,
        Map<String, Long> errors,
        Latency all,
        Latency reads,
        Latency writes,
        boolean corrected) {

    /**
     * Latencies in microseconds.
     *
     * @param p99Expected the 99th percentile as it would be if requests had come at a steady rate,
     *     by HdrHistogram's correction for coordinated omission; equal to p99 in an open loop
     */
    public record Latency(
            long count,
            double mean,
            long p50,
            long p95,
            long p99,
            long p999,
            long max,
            long p99Expected) {

        static Latency of(Histogram histogram, long expectedMicros) {
            Histogram steady =
                    expectedMicros <= 0
                            ? histogram
                            : histogram.copyCorrectedForCoordinatedOmission(expectedMicros);
            return new Latency(
                    histogram.getTotalCount(),
                    histogram.getMean(),
                    histogram.getValueAtPercentile(50),
                    histogram.getValueAtPercentile(95),
                    histogram.getValueAtPercentile(99),
                    histogram.getValueAtPercentile(99.9),
                    histogram.getMaxValue(),
                    steady.getValueAtPercentile(99));
        }
    }

    static BenchResult of(Tally tally, double seconds, BenchOptions options) {
        Histogram all = tally.reads.copy();
        all.add(tally.writes);
        boolean open = options.rate() > 0;
        long expected =
                open || all.getTotalCount() == 0
                        ? 0
                        : (long) (seconds * 1e6 * options.connections() / all.getTotalCount());
        return new BenchResult(
                seconds,
                tally.operations(),
                tally.missing,
                new TreeMap<>(tally.errors),
                Latency.of(all, expected),
                Latency.of(tally.reads, expected),
                Latency.of(tally.writes, expected),
                open);
    }

    /** Successful operations a second. */
    public double throughput() {
        return operations / seconds;
    }

    /** All errors. */
    public long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }
}
