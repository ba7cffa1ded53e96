package dev.minidynamo.node;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.model.Version;
import dev.minidynamo.store.WalStore;
import dev.minidynamo.version.HybridLogicalClock;

import org.jspecify.annotations.Nullable;

/**
 * Keeps an upper bound of the node's timestamps on disk, so that its hybrid clock does not go back
 * when the process restarts (promise P8), and with it the time at which the node was last alive.
 *
 * <p>The bound runs ahead of the clock, so that one small write a second is enough; a write that
 * would pass it is turned away until the next bound is durable.
 */
public final class ClockKeeper {

    private static final long PERIOD_MILLIS = 1_000;
    private static final long AHEAD_MILLIS = 10_000;

    private final WalStore store;
    private final HybridLogicalClock hlc;
    private final Clock clock;
    private final Scheduler scheduler;
    private Scheduler.@Nullable Timer timer;
    private long bound;
    private boolean writing;

    ClockKeeper(WalStore store, HybridLogicalClock hlc, Clock clock, Scheduler scheduler) {
        this.store = store;
        this.hlc = hlc;
        this.clock = clock;
        this.scheduler = scheduler;
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

    /** Whether the next timestamp lies below the durable bound; if not, a higher one is written. */
    boolean mayStamp() {
        boolean within = hlc.peek() < bound;
        if (!within) {
            persist(() -> {});
        }
        return within;
    }

    private void persist(Runnable durable) {
        if (writing) {
            return;
        }
        writing = true;
        long ahead = hlc.peek() + Version.timestampOf(AHEAD_MILLIS);
        long next = Math.max(bound, ahead);
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
