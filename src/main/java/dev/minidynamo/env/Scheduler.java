package dev.minidynamo.env;

/** The node's event loop as the core sees it: every task runs on it, one at a time. */
public interface Scheduler {

    /** Runs {@code task} on the event loop, after what was handed in before it. Never throws. */
    void execute(Runnable task);

    /** Runs {@code task} once on the event loop, {@code delayMillis} from now. */
    Timer after(long delayMillis, Runnable task);

    /**
     * Runs {@code task} on the event loop every {@code periodMillis}, first after one period. A run
     * that is late is not made up for.
     */
    Timer every(long periodMillis, Runnable task);

    /** A task that has been scheduled. */
    interface Timer {

        /** Keeps the task from running again; called on the event loop. */
        void cancel();
    }
}
