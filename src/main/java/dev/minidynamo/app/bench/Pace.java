package dev.minidynamo.app.bench;

/**
 * When the next request of one thread is due.
 *
 * <p>In an open loop requests are due at equal distances whatever the answers do, and latency
 * counts from then: a server that stalls pays for every request that it held up, not only for the
 * one it was working on ("coordinated omission", Tene). In a closed loop a request is always due
 * now.
 */
final class Pace {

    private final double nanosBetween;
    private long startNanos;
    private long given;

    /**
     * @param rate requests a second, or 0 for a closed loop
     */
    Pace(double rate) {
        nanosBetween = rate == 0 ? 0 : 1e9 / rate;
    }

    boolean open() {
        return nanosBetween > 0;
    }

    void start(long now) {
        startNanos = now;
        given = 0;
    }

    /** When the next request is due. */
    long dueNanos(long now) {
        return open() ? startNanos + (long) (given * nanosBetween) : now;
    }

    void taken() {
        given++;
    }
}
