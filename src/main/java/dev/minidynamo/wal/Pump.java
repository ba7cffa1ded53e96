package dev.minidynamo.wal;

import dev.minidynamo.env.Scheduler;

import org.jspecify.annotations.Nullable;

/** Says when the next batch of a log is taken: at most one call of {@code work} is arranged. */
final class Pump {

    private final Scheduler scheduler;
    private final Runnable work;
    private boolean arranged;
    private Scheduler.@Nullable Timer later;

    Pump(Scheduler scheduler, Runnable work) {
        this.scheduler = scheduler;
        this.work = work;
    }

    /** Arranges the work as the scheduler's next task, unless it is arranged. */
    void soon() {
        if (!arranged) {
            arranged = true;
            scheduler.execute(this::run);
        }
    }

    /** Arranges the work, which is not arranged yet, in some milliseconds; 0 does it now. */
    void in(long millis) {
        if (millis == 0) {
            work.run();
        } else {
            arranged = true;
            later = scheduler.after(millis, this::run);
        }
    }

    /** Ends a wait that {@link #in} began. */
    void hurry() {
        if (later != null) {
            later.cancel();
            later = null;
            arranged = false;
            soon();
        }
    }

    private void run() {
        arranged = false;
        later = null;
        work.run();
    }
}
