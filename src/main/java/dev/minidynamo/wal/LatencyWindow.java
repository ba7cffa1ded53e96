package dev.minidynamo.wal;

import java.util.Arrays;

/** The latest 1,024 durations, for percentiles that follow the present. */
public final class LatencyWindow {

    private final long[] nanos = new long[1024];
    private long count;

    public void add(long duration) {
        nanos[(int) (count++ % nanos.length)] = duration;
    }

    public long count() {
        return count;
    }

    /** The duration that {@code share} (0 to 1) of the latest ones do not exceed; 0 if none. */
    public long percentile(double share) {
        int held = (int) Math.min(count, nanos.length);
        if (held == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, held);
        Arrays.sort(sorted);
        return sorted[Math.min(held - 1, (int) (share * held))];
    }
}
