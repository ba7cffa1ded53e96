package dev.minidynamo.app.bench;

import dev.minidynamo.app.StartRefused;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** One run: load, warm up, measure. */
public final class LoadRun {

    private static final long STEP_MILLIS = 500;

    /**
     * How far a phase of the run is.
     *
     * @param done between 0 and 1
     */
    public record Progress(double done, String text) {}

    private final BenchOptions options;
    private final Consumer<Progress> progress;
    private final KeySpace keySpace;
    private final AtomicLong toLoad = new AtomicLong();
    private volatile Phase phase = Phase.LOAD;
    private volatile @Nullable String refusal;

    /**
     * @param progress is told about twice a second
     */
    public LoadRun(BenchOptions options, Consumer<Progress> progress) {
        this.options = options;
        this.progress = progress;
        this.keySpace = new KeySpace(options.keys());
    }

    Phase phase() {
        return phase;
    }

    KeySpace keySpace() {
        return keySpace;
    }

    @Nullable Long nextToLoad() {
        long key = toLoad.getAndIncrement();
        return key < options.keys() ? Long.valueOf(key) : null;
    }

    boolean allGiven() {
        return toLoad.get() >= options.keys();
    }

    /** Ends the load, because a node will not store a key however often it is asked to. */
    void refuse(String reason) {
        refusal = reason;
        phase = Phase.STOP;
    }

    /**
     * Runs all phases.
     *
     * @throws StartRefused with exit status 1 if a node will not store the keys
     * @throws IOException if a socket cannot be made
     * @throws InterruptedException if the thread is interrupted; the run is over then
     */
    public BenchResult run() throws IOException, InterruptedException {
        if (options.load()) {
            load();
        }
        phase = Phase.WARM_UP;
        List<LoadWorker> workers = workers();
        List<Future<?>> ends = start(workers);
        try {
            watch("warming up", workers, options.warmUp());
            phase = Phase.MEASURE;
            long from = System.nanoTime();
            watch("measuring", workers, options.duration());
            phase = Phase.STOP;
            double seconds = (System.nanoTime() - from) / 1e9;
            while (!areOver(ends)) {
                progress.accept(new Progress(1, "ending"));
            }
            Tally total = new Tally();
            workers.forEach(worker -> total.add(worker.tally()));
            return BenchResult.of(total, seconds, options);
        } finally {
            phase = Phase.STOP;
        }
    }

    private void load() throws IOException, InterruptedException {
        toLoad.set(0);
        phase = Phase.LOAD;
        List<LoadWorker> workers = workers();
        List<Future<?>> ends = start(workers);
        try {
            boolean over;
            do {
                over = areOver(ends);
                long done = done(workers);
                String text =
                        "loading    %,d of %,d keys, %,d errors"
                                .formatted(done, options.keys(), failed(workers));
                progress.accept(new Progress((double) done / options.keys(), text));
            } while (!over);
            if (refusal != null) {
                throw new StartRefused(
                        StartRefused.UNAVAILABLE, "the keys cannot be stored: " + refusal + ".");
            }
        } finally {
            phase = Phase.STOP;
        }
    }

    private List<LoadWorker> workers() throws IOException {
        List<LoadWorker> workers = new ArrayList<>();
        int threads = Math.min(options.threads(), options.connections());
        for (int i = 0; i < threads; i++) {
            int clients =
                    options.connections() / threads + (i < options.connections() % threads ? 1 : 0);
            workers.add(new LoadWorker(options, this, clients, options.rate() / threads));
        }
        return workers;
    }

    private static List<Future<?>> start(List<LoadWorker> workers) {
        List<Future<?>> ends = new ArrayList<>();
        for (LoadWorker worker : workers) {
            FutureTask<?> end = new FutureTask<>(worker, null);
            Thread.ofPlatform().name("bench").daemon().start(end);
            ends.add(end);
        }
        return ends;
    }

    /**
     * Whether all are over within the time of a step.
     *
     * @throws IllegalStateException if one of them failed
     */
    private static boolean areOver(List<Future<?>> ends) throws InterruptedException {
        long until = System.nanoTime() + STEP_MILLIS * 1_000_000;
        try {
            for (Future<?> end : ends) {
                end.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a thread of the load failed", e.getCause());
        }
    }

    private void watch(String what, List<LoadWorker> workers, Duration time)
            throws InterruptedException {
        long from = System.nanoTime();
        long before = done(workers);
        long beforeFailed = failed(workers);
        for (long left = time.toMillis(); left > 0; left = left(from, time)) {
            Thread.sleep(Math.min(left, STEP_MILLIS));
            double seconds = (System.nanoTime() - from) / 1e9;
            String text =
                    "%-10s %3.0f of %d s   %,10.0f op/s   %,d errors"
                            .formatted(
                                    what,
                                    seconds,
                                    time.toSeconds(),
                                    (done(workers) - before) / seconds,
                                    failed(workers) - beforeFailed);
            progress.accept(new Progress(seconds * 1000 / time.toMillis(), text));
        }
    }

    private static long left(long from, Duration time) {
        return time.toMillis() - (System.nanoTime() - from) / 1_000_000;
    }

    private static long done(List<LoadWorker> workers) {
        return workers.stream().mapToLong(LoadWorker::done).sum();
    }

    private static long failed(List<LoadWorker> workers) {
        return workers.stream().mapToLong(LoadWorker::failed).sum();
    }
}
