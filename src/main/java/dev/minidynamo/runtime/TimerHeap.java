package dev.minidynamo.runtime;

import dev.minidynamo.env.Scheduler;

import org.jspecify.annotations.Nullable;

import java.util.PriorityQueue;

/**
 * One-shot timers of the event loop, the earliest first.
 *
 * <p>A cancelled timer lets go of its task at once and leaves the heap when its time comes, or
 * earlier when more than half of a large heap is cancelled: nearly every timer guards an operation
 * that ends before it.
 */
final class TimerHeap {

    private static final int SMALL = 1024;

    private final PriorityQueue<Entry> heap = new PriorityQueue<>();
    private int cancelled;

    /** A timer that is not yet in the heap. */
    Entry entry(long dueNanos, Runnable task) {
        return new Entry(dueNanos, task);
    }

    void add(Entry entry) {
        if (entry.task != null) {
            entry.queued = true;
            heap.add(entry);
        }
    }

    /**
     * Runs what is due.
     *
     * @return nanoseconds until the next, at most 0 if one is due already, {@link Long#MAX_VALUE}
     *     if there is none
     */
    long runDue() {
        Entry first = heap.peek();
        if (first == null) {
            return Long.MAX_VALUE;
        }
        long now = System.nanoTime();
        while (first != null && first.dueNanos - now <= 0) {
            heap.poll();
            Runnable task = first.task;
            first.task = null;
            if (task == null) {
                cancelled--;
            } else {
                task.run();
            }
            first = heap.peek();
        }
        return first == null ? Long.MAX_VALUE : Math.max(1, first.dueNanos - now);
    }

    int size() {
        return heap.size();
    }

    private void purge() {
        if (cancelled > SMALL && cancelled > heap.size() / 2) {
            heap.removeIf(entry -> entry.task == null);
            cancelled = 0;
        }
    }

    /** A timer. */
    final class Entry implements Scheduler.Timer, Comparable<Entry> {

        private final long dueNanos;
        private @Nullable Runnable task;
        private boolean queued;

        private Entry(long dueNanos, Runnable task) {
            this.dueNanos = dueNanos;
            this.task = task;
        }

        @Override
        public void cancel() {
            if (task == null) {
                return;
            }
            task = null;
            if (queued) {
                cancelled++;
                purge();
            }
        }

        @Override
        public int compareTo(Entry other) {
            return Long.signum(dueNanos - other.dueNanos);
        }
    }
}
