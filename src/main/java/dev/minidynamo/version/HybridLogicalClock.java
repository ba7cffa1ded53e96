package dev.minidynamo.version;

import dev.minidynamo.env.Clock;
import dev.minidynamo.model.Version;

/**
 * A clock that follows the wall clock, never goes back, and never falls behind a timestamp it has
 * seen (Kulkarni et al., "Logical Physical Clocks", OPODIS 2014).
 *
 * <p>Timestamps are those of {@link Version#timestamp}. To hold across restarts the owner starts it
 * with a persisted upper bound of what it gave out before.
 */
public final class HybridLogicalClock {

    private final Clock clock;
    private long last;

    /**
     * @param floor a timestamp that is not lower than any given out before the last restart
     */
    public HybridLogicalClock(Clock clock, long floor) {
        this.clock = clock;
        this.last = floor;
    }

    /** A timestamp that is higher than all given out or observed before. */
    public long next() {
        last = peek();
        return last;
    }

    /** Takes note of a timestamp seen elsewhere, so that {@link #next} exceeds it. */
    public void observe(long timestamp) {
        last = Math.max(last, timestamp);
    }

    /** What {@link #next} would answer now, without giving it out. */
    public long peek() {
        return Math.max(last + 1, Version.timestampOf(clock.wallMillis()));
    }

    /** The highest timestamp given out or observed. */
    public long last() {
        return last;
    }
}
