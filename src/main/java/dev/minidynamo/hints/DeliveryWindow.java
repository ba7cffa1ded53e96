package dev.minidynamo.hints;

/**
 * How many hints may be under way to a target, and how long to pause after a window of them.
 *
 * <p>Additive increase, multiplicative decrease on the time that the target takes (Chiu and Jain,
 * 1989), so that a node that has just returned, or that is busy with clients, is not flooded: hints
 * replayed at full speed are known to raise everyone's latency tenfold (scylladb issue 7976).
 */
final class DeliveryWindow {

    private static final long NANOS = 1_000_000;
    private static final int STEP = 32;

    private final HintOptions options;
    private int size;
    private long backoffMillis;

    DeliveryWindow(HintOptions options) {
        this.options = options;
        this.size = options.leastWindow();
    }

    int size() {
        return size;
    }

    /**
     * Takes note of a window whose hints were answered.
     *
     * @param turnedAway whether the target refused or missed some of them
     * @return milliseconds to pause before the next
     */
    long answered(int hints, long elapsedNanos, boolean turnedAway) {
        backoffMillis = 0;
        long elapsed = elapsedNanos / NANOS;
        boolean slow = turnedAway || elapsed > options.targetLatencyMillis();
        if (slow) {
            size = Math.max(options.leastWindow(), size / 2);
        } else if (hints >= size) {
            size = Math.min(options.mostWindow(), size + STEP);
        }
        long pace = hints * 1_000L / options.mostKeysPerSecond() - elapsed;
        long rest = slow ? Math.min(elapsed / 2, options.leastBackoffMillis()) : 0;
        return Math.max(rest, pace);
    }

    /**
     * Takes note that the target did not take hints now.
     *
     * @return milliseconds to pause before the next attempt
     */
    long failed() {
        size = options.leastWindow();
        backoffMillis =
                Math.clamp(
                        backoffMillis * 2,
                        options.leastBackoffMillis(),
                        options.mostBackoffMillis());
        return backoffMillis;
    }

    /** Forgets the failures so far, as when the target has just come up. */
    void reset() {
        backoffMillis = 0;
    }
}
