package dev.minidynamo.sim;

import dev.minidynamo.env.Clock;

/** The clocks of one node: the wall part drifts, jumps and stands still as it is told. */
final class SimClock implements Clock {

    /** 2027-01-15, so that timestamps look like themselves. */
    static final long START_MILLIS = 1_800_000_000_000L;

    private static final long NANOS = 1_000_000;

    private final SimLoop loop;
    private long sinceNanos;
    private long wallNanosThen;
    private long partsPerMillion;
    private boolean frozen;
    private long stoodStillNanos;

    SimClock(SimLoop loop) {
        this.loop = loop;
    }

    @Override
    public long wallMillis() {
        return START_MILLIS + wallNanos() / NANOS;
    }

    @Override
    public long monotonicNanos() {
        return loop.nowNanos() - stoodStillNanos;
    }

    /** The monotonic clock has stood still for this long, as it does while the machine sleeps. */
    void stoodStill(long millis) {
        stoodStillNanos += millis * NANOS;
    }

    void jump(long millis) {
        settle();
        wallNanosThen += millis * NANOS;
    }

    void drift(long newPartsPerMillion) {
        settle();
        partsPerMillion = newPartsPerMillion;
    }

    void freeze(boolean on) {
        settle();
        frozen = on;
    }

    /** Shows the right time from now on, as NTP does in the end. */
    void correct() {
        frozen = false;
        partsPerMillion = 0;
        sinceNanos = loop.nowNanos();
        wallNanosThen = sinceNanos;
    }

    private void settle() {
        wallNanosThen = wallNanos();
        sinceNanos = loop.nowNanos();
    }

    private long wallNanos() {
        if (frozen) {
            return wallNanosThen;
        }
        long passed = loop.nowNanos() - sinceNanos;
        return wallNanosThen + passed + passed / 1_000_000 * partsPerMillion;
    }
}
