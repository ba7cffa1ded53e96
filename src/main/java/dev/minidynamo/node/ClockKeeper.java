package dev.minidynamo.node;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.Version;
import dev.minidynamo.store.WalStore;
import dev.minidynamo.version.HybridLogicalClock;

import org.jspecify.annotations.Nullable;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Keeps an upper bound of the node's timestamps on disk, so that its hybrid clock does not go back
 * when the process restarts (promise P8), and with it the time at which the node was last alive.
 *
 * <p>The bound runs ahead of the wall clock, so that few small writes are enough, and by little, so
 * that a node which comes back soon is not too far ahead of its peers for its writes to be taken. A
 * write that would pass the bound is turned away until the next one is durable, and so is one that
 * the peers would refuse.
 *
 * <p>A bound that was raised by a wrong clock would outlive the error, and keep the node from
 * writing for as long as the clock was wrong. So it is not raised while the wall clock is ahead of
 * the majority's, and after a start or a step of the own clock not before the peers' clocks are
 * known, or have not become known for a while.
 */
public final class ClockKeeper {

    private static final long PERIOD_MILLIS = 500;
    private static final long AHEAD_MILLIS = 3_000;
    private static final long STEP_MILLIS = 200;
    private static final long SOME_CLOCKS_NANOS = 2_000_000_000L;
    private static final long NO_CLOCKS_NANOS = 10_000_000_000L;

    private final WalStore store;
    private final HybridLogicalClock hlc;
    private final Clock clock;
    private final Scheduler scheduler;
    private final Majority majority;
    private Scheduler.@Nullable Timer timer;
    private long bound;
    private long steadyFromNanos;
    private long wallAheadMillis;
    private boolean writing;

    /**
     * What the keeper knows of the peers' clocks.
     *
     * @param offsetMillis how far the own clock is ahead of the majority's
     * @param knownShare the share of all clocks of the ring that are known, the own one included
     * @param maxDriftMillis how far ahead a timestamp may be
     */
    record Majority(LongSupplier offsetMillis, DoubleSupplier knownShare, long maxDriftMillis) {}

    ClockKeeper(
            WalStore store,
            HybridLogicalClock hlc,
            Clock clock,
            Scheduler scheduler,
            Majority majority) {
        this.store = store;
        this.hlc = hlc;
        this.clock = clock;
        this.scheduler = scheduler;
        this.majority = majority;
        this.bound = store.hlcFloor();
    }

    /** Writes the first bound, then {@code durable}. */
    void start(Runnable durable) {
        steadyFromNanos = clock.monotonicNanos();
        wallAheadMillis = wallAheadMillis();
        timer = scheduler.every(PERIOD_MILLIS, () -> persist(() -> {}));
        persist(durable);
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    /**
     * Whether the next timestamp lies below the durable bound, and not too far ahead of the
     * majority's clocks; if the bound is too low, a higher one is written.
     */
    boolean mayStamp() {
        long clusterMillis = clock.wallMillis() - majority.offsetMillis.getAsLong();
        if (hlc.peek() >>> Version.COUNTER_BITS > clusterMillis + majority.maxDriftMillis) {
            return false;
        }
        boolean within = hlc.peek() < bound;
        if (!within) {
            persist(() -> {});
        }
        return within;
    }

    /** The wall clock's lead over the monotonic one; constant unless the wall clock is set. */
    private long wallAheadMillis() {
        return clock.wallMillis() - clock.monotonicNanos() / 1_000_000;
    }

    private void noteStep() {
        long ahead = wallAheadMillis();
        if (ahead - wallAheadMillis > majority.maxDriftMillis) {
            steadyFromNanos = clock.monotonicNanos();
        }
        wallAheadMillis = ahead;
    }

    private long nextBound() {
        noteStep();
        long next = Math.max(bound, hlc.last() + 1 + Version.timestampOf(STEP_MILLIS));
        boolean trusted =
                clocksAreKnown() && majority.offsetMillis.getAsLong() <= majority.maxDriftMillis;
        return trusted
                ? Math.max(next, Version.timestampOf(clock.wallMillis() + AHEAD_MILLIS))
                : bound;
    }

    private boolean clocksAreKnown() {
        long steady = clock.monotonicNanos() - steadyFromNanos;
        double share = majority.knownShare.getAsDouble();
        return share >= 1
                || steady >= NO_CLOCKS_NANOS
                || (share > 0.5 && steady >= SOME_CLOCKS_NANOS);
    }

    private void persist(Runnable durable) {
        if (writing) {
            return;
        }
        writing = true;
        long next = nextBound();
        store.persistClock(
                next,
                clock.wallMillis(),
                () -> {
                    writing = false;
                    bound = next;
                    durable.run();
                });
    }
}
