package dev.minidynamo.coordinator;

import java.util.ArrayList;
import java.util.List;

/**
 * How many operations took how long since the start of the node, in the fixed steps of a Prometheus
 * histogram: such counts of several nodes can be added up, which quantiles cannot.
 *
 * @param counts one for each of {@link #BOUNDS_MICROS}, and one for what took longer; none includes
 *     another
 * @param sumMicros of all latencies
 */
public record LatencyCounts(List<Long> counts, long sumMicros) {

    /** The longest latency of each count but the last. */
    public static final List<Long> BOUNDS_MICROS =
            List.of(
                    100L,
                    250L,
                    500L,
                    1_000L,
                    2_500L,
                    5_000L,
                    10_000L,
                    25_000L,
                    50_000L,
                    100_000L,
                    250_000L,
                    500_000L,
                    1_000_000L,
                    2_500_000L,
                    5_000_000L);

    public LatencyCounts {
        counts = List.copyOf(counts);
    }

    /** The counts as they grow; touched on the event loop alone. */
    static final class Running {

        private final long[] counts = new long[BOUNDS_MICROS.size() + 1];
        private long sumMicros;

        void record(long nanos) {
            long micros = Math.max(0, nanos / 1_000);
            int at = 0;
            while (at < BOUNDS_MICROS.size() && micros > BOUNDS_MICROS.get(at)) {
                at++;
            }
            counts[at]++;
            sumMicros += micros;
        }

        LatencyCounts now() {
            List<Long> copy = new ArrayList<>(counts.length);
            for (long count : counts) {
                copy.add(count);
            }
            return new LatencyCounts(copy, sumMicros);
        }
    }
}
