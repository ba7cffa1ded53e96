package dev.minidynamo.env;

import java.io.IOException;

/**
 * A thread that does blocking disk work for the event loop, one job at a time, in order.
 *
 * <p>A node has three: one owns the store's log (write, force), one the logs of hints, the third
 * does snapshot and compaction. In production a worker is a platform thread that is never
 * interrupted; in the simulator it is a queue in virtual time.
 */
public interface Worker {

    /**
     * Runs {@code job} on the worker, then {@code done} on the event loop with its result, or
     * {@code failed} on the event loop with what it threw. Never throws, never blocks.
     */
    <T> void submit(Job<T> job, Done<T> done, Failed failed);

    /** Blocking work. */
    interface Job<T> {
        T run() throws IOException;
    }

    /** Takes the result of a job. */
    interface Done<T> {
        void accept(T result);
    }

    /** Takes the exception of a job. */
    interface Failed {
        void accept(IOException failure);
    }
}
