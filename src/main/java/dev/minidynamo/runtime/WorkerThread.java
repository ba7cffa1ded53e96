package dev.minidynamo.runtime;

import dev.minidynamo.env.Scheduler;
import dev.minidynamo.env.Worker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * A platform thread for blocking disk work.
 *
 * <p>It is never interrupted, because an interrupt inside {@link java.nio.channels.FileChannel}
 * closes the channel. A job that throws anything but {@link IOException} is a bug, or the heap is
 * exhausted: {@code fatal} is told and the worker stops.
 */
public final class WorkerThread implements Worker, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerThread.class);

    private final LinkedBlockingQueue<Runnable> jobs = new LinkedBlockingQueue<>();
    private final Scheduler loop;
    private final Consumer<Throwable> fatal;
    private final Thread thread;
    private volatile boolean stopped;

    public WorkerThread(String name, Scheduler loop, Consumer<Throwable> fatal) {
        this.loop = loop;
        this.fatal = fatal;
        this.thread = Thread.ofPlatform().name(name).start(this::run);
    }

    @Override
    public <T> void submit(Job<T> job, Done<T> done, Failed failed) {
        jobs.add(() -> perform(job, done, failed));
    }

    /** Ends the thread after the jobs handed in so far, and waits for that up to ten seconds. */
    @Override
    public void close() {
        jobs.add(() -> stopped = true);
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> void perform(Job<T> job, Done<T> done, Failed failed) {
        T result;
        try {
            result = job.run();
        } catch (IOException e) {
            loop.execute(() -> failed.accept(e));
            return;
        }
        loop.execute(() -> done.accept(result));
    }

    private void run() {
        while (!stopped) {
            try {
                jobs.take().run();
            } catch (InterruptedException e) {
                LOG.warn(
                        "{} was interrupted and goes on; nothing should do that.",
                        thread.getName());
            } catch (Throwable bug) {
                LOG.error(
                        "A job of {} failed, which is a bug; the node stops.",
                        thread.getName(),
                        bug);
                stopped = true;
                fatal.accept(bug);
            }
        }
    }
}
