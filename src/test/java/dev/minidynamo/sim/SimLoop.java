package dev.minidynamo.sim;

import dev.minidynamo.env.Clock;
import dev.minidynamo.env.Scheduler;

import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * Virtual time: a queue of tasks in the order of their time, then of their arrival.
 *
 * <p>All nodes of a simulation share one loop, and each sees it through {@link #scheduler} of its
 * own {@link SimLife}. Nothing runs but through {@link #runOne} and what calls it, on the thread of
 * the test, so the same tasks always run in the same order.
 */
public final class SimLoop implements Scheduler {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final SimLife eternal = new SimLife("simulation");
    private final Scheduler own = scheduler(eternal);
    private long nowNanos;
    private long sequence;

    private record Event(long nanos, long sequence, SimLife life, Runnable task)
            implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            int order = Long.compare(nanos, other.nanos);
            return order == 0 ? Long.compare(sequence, other.sequence) : order;
        }
    }

    public long nowNanos() {
        return nowNanos;
    }

    public long nowMillis() {
        return nowNanos / NANOS_PER_MILLI;
    }

    /** Puts a task of {@code life} into the queue. */
    public void at(long nanos, SimLife life, Runnable task) {
        queue.add(new Event(Math.max(nanos, nowNanos), sequence++, life, task));
    }

    /** Puts in a task that belongs to no process. */
    void at(long nanos, Runnable task) {
        at(nanos, eternal, task);
    }

    /** The loop as the process of {@code life} sees it. */
    public Scheduler scheduler(SimLife life) {
        return new LifeScheduler(life);
    }

    /** A clock that shows virtual time, its wall part beginning at {@code wallStartMillis}. */
    public Clock clock(long wallStartMillis) {
        return new Clock() {
            @Override
            public long wallMillis() {
                return wallStartMillis + nowMillis();
            }

            @Override
            public long monotonicNanos() {
                return nowNanos;
            }
        };
    }

    /** Runs the next task, moving time to it; false if there is none. */
    public boolean runOne() {
        Event event = queue.poll();
        if (event == null) {
            return false;
        }
        nowNanos = event.nanos();
        SimLife life = event.life();
        if (life.ended()) {
            return true;
        }
        if (life.paused()) {
            life.hold(event.task());
            return true;
        }
        try {
            event.task().run();
        } catch (SimCrash crash) {
            life.crash();
        }
        return true;
    }

    /** Runs the next task that is due by {@code endNanos}; if there is none, moves time there. */
    public boolean runNextUntil(long endNanos) {
        Event next = queue.peek();
        if (next == null || next.nanos() > endNanos) {
            nowNanos = Math.max(nowNanos, endNanos);
            return false;
        }
        return runOne();
    }

    /** Runs everything due within the next {@code millis}, and moves time there. */
    public void runFor(long millis) {
        long end = nowNanos + millis * NANOS_PER_MILLI;
        Event next = queue.peek();
        while (next != null && next.nanos() <= end) {
            runOne();
            next = queue.peek();
        }
        nowNanos = end;
    }

    /**
     * Runs until {@code reached} holds.
     *
     * @return false if it did not within {@code millis} of virtual time
     */
    public boolean runUntil(BooleanSupplier reached, long millis) {
        long end = nowNanos + millis * NANOS_PER_MILLI;
        while (!reached.getAsBoolean()) {
            Event next = queue.peek();
            if (next == null || next.nanos() > end) {
                return false;
            }
            runOne();
        }
        return true;
    }

    @Override
    public void execute(Runnable task) {
        own.execute(task);
    }

    @Override
    public Timer after(long delayMillis, Runnable task) {
        return own.after(delayMillis, task);
    }

    @Override
    public Timer every(long periodMillis, Runnable task) {
        return own.every(periodMillis, task);
    }

    private final class LifeScheduler implements Scheduler {

        private final SimLife life;

        LifeScheduler(SimLife life) {
            this.life = life;
        }

        @Override
        public void execute(Runnable task) {
            at(nowNanos, life, task);
        }

        @Override
        public Timer after(long delayMillis, Runnable task) {
            boolean[] cancelled = {false};
            at(
                    nowNanos + delayMillis * NANOS_PER_MILLI,
                    life,
                    () -> {
                        if (!cancelled[0]) {
                            task.run();
                        }
                    });
            return () -> cancelled[0] = true;
        }

        @Override
        public Timer every(long periodMillis, Runnable task) {
            Repeating timer = new Repeating(this, periodMillis, task);
            timer.next();
            return timer;
        }
    }

    private static final class Repeating implements Timer {

        private final LifeScheduler scheduler;
        private final long periodMillis;
        private final Runnable task;
        private boolean cancelled;

        Repeating(LifeScheduler scheduler, long periodMillis, Runnable task) {
            this.scheduler = scheduler;
            this.periodMillis = periodMillis;
            this.task = task;
        }

        void next() {
            scheduler.after(periodMillis, this::run);
        }

        private void run() {
            if (!cancelled) {
                task.run();
                next();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
