package dev.minidynamo.node;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.Version;
import dev.minidynamo.store.WalStore;
import dev.minidynamo.version.HybridLogicalClock;

import org.jspecify.annotations.Nullable;

import java.util.function.LongSupplier;

/**
 * Keeps an upper bound of the node's timestamps on disk, so that its hybrid clock does not go back
 * when the process restarts (promise P8), and with it the time at which the node was last alive.
 *
 * <p>The bound runs ahead of the wall clock, so that few small writes are enough, and by little, so
 * that a node which comes back soon is not too far ahead of its peers for its writes to be taken. A
 * write that would pass the bound is turned away until the next one is durable, and so is one that
 * the peers would refuse. While the wall clock is ahead of the majority's the bound stays where it
 * is: it would outlive the error.
 */
public final class ClockKeeper {

    private static final long PERIOD_MILLIS = 500;
    private static final long AHEAD_MILLIS = 3_000;
    private static final long STEP_MILLIS = 200;

    private final WalStore store;
    private final HybridLogicalClock hlc;
    private final Clock clock;
    private final Scheduler scheduler;
    private final Majority majority;
    private Scheduler.@Nullable Timer timer;
    private long bound;
    private boolean writing;

    /**
     * What the keeper knows of the peers' clocks.
     *
     * @param offsetMillis how far the own clock is ahead of the majority's
     * @param maxDriftMillis how far ahead a timestamp may be
     */
    record Majority(LongSupplier offsetMillis, long maxDriftMillis) {}

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

    private long nextBound() {
        long next = Math.max(bound, hlc.last() + 1 + Version.timestampOf(STEP_MILLIS));
        boolean ahead = majority.offsetMillis.getAsLong() > majority.maxDriftMillis;
        return ahead
                ? bound
                : Math.max(next, Version.timestampOf(clock.wallMillis() + AHEAD_MILLIS));
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
