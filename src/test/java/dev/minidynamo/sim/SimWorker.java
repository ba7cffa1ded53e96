package dev.minidynamo.sim;

import dev.minidynamo.env.Worker;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * A worker in virtual time: one job after the other, each taking as long as its disk operations.
 *
 * <p>A job's effects on the disk happen at its start and its result arrives at its end, so a crash
 * in between finds work that was done but never reported.
 */
public final class SimWorker implements Worker {

    private final SimLoop loop;
    private final SimLife life;
    private final SimDisk disk;
    private final LongSupplier jobNanos;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;

    /**
     * @param jobNanos what a job takes besides its disk operations, asked once per job
     */
    public SimWorker(SimLoop loop, SimLife life, SimDisk disk, LongSupplier jobNanos) {
        this.loop = loop;
        this.life = life;
        this.disk = disk;
        this.jobNanos = jobNanos;
    }

    public SimWorker(SimLoop loop, SimLife life, SimDisk disk) {
        this(loop, life, disk, () -> 20_000);
    }

    /** Jobs that have not reported yet. */
    public int backlog() {
        return waiting.size() + (busy ? 1 : 0);
    }

    /** Runs {@code then} as soon as all jobs so far have ended, unless one ends the process. */
    void afterJobsSoFar(Runnable then) {
        if (busy) {
            waiting.add(() -> {
                loop.at(loop.nowNanos(), life, then);
                startNext();
            });
        } else {
            then.run();
        }
    }

    @Override
    public <T> void submit(Job<T> job, Done<T> done, Failed failed) {
        waiting.add(() -> run(job, done, failed));
        if (!busy) {
            busy = true;
            loop.at(loop.nowNanos(), life, this::startNext);
        }
    }

    private void startNext() {
        Runnable next = waiting.poll();
        if (next == null) {
            busy = false;
        } else {
            next.run();
        }
    }

    private <T> void run(Job<T> job, Done<T> done, Failed failed) {
        disk.takeCostNanos();
        Runnable report;
        try {
            T result = job.run();
            report = () -> done.accept(result);
        } catch (IOException failure) {
            report = () -> failed.accept(failure);
        }
        long end = loop.nowNanos() + disk.takeCostNanos() + jobNanos.getAsLong();
        Runnable last = report;
        loop.at(
                end,
                life,
                () -> {
                    startNext();
                    last.run();
                });
    }
}
