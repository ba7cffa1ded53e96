package dev.minidynamo.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Runs many seeds on all processors and tells about those that fail. */
final class Campaign {

    private static final int LONGEST_SEED_SECONDS = 60;
    private static final int SHRINK_RUNS = Integer.getInteger("dynamo.shrink", 300);

    /**
     * The outcome of a campaign.
     *
     * @param failures one report each, at most as many as were asked for
     */
    record Result(
            long seeds,
            long events,
            long written,
            long values,
            long virtualSeconds,
            double seconds,
            List<String> failures) {

        @Override
        public String toString() {
            return String.format(
                    "%d seeds in %.1f s (%.0f a second): %d events, %d acknowledged writes, %d"
                            + " reads of values, %d virtual seconds, %d failures",
                    seeds,
                    seconds,
                    seeds / seconds,
                    events,
                    written,
                    values,
                    virtualSeconds,
                    failures.size());
        }
    }

    private final LongFunction<Scenario> scenarios;
    private final Blueprint blueprint;
    private final int mostFailures;
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong values = new AtomicLong();
    private final AtomicLong virtualMillis = new AtomicLong();
    private final AtomicInteger done = new AtomicInteger();
    private final Set<Long> running = ConcurrentHashMap.newKeySet();

    Campaign(LongFunction<Scenario> scenarios, Blueprint blueprint, int mostFailures) {
        this.scenarios = scenarios;
        this.blueprint = blueprint;
        this.mostFailures = mostFailures;
    }

    /** Runs these seeds; stops early after enough failures. */
    Result run(List<Long> seeds) {
        long started = System.nanoTime();
        int threads = Math.min(Runtime.getRuntime().availableProcessors(), 4);
        AtomicInteger next = new AtomicInteger();
        ExecutorService pool =
                Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(pool.submit(() -> work(seeds, next)));
            }
            for (Future<?> worker : workers) {
                await(worker);
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            pool.shutdown();
        }
        return new Result(
                done.get(),
                events.get(),
                written.get(),
                values.get(),
                virtualMillis.get() / 1000,
                (System.nanoTime() - started) / 1e9,
                List.copyOf(failures));
    }

    /**
     * Waits for it as long as seeds end: code that loops for ever fails, and its seed is named. It
     * is the time of the processors that counts, so that a machine with other work fails nothing.
     */
    private void await(Future<?> worker) throws InterruptedException, ExecutionException {
        int before = -1;
        long spentBefore = 0;
        while (true) {
            try {
                worker.get(LONGEST_SEED_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                long spent = processorSeconds();
                if (done.get() != before) {
                    before = done.get();
                    spentBefore = spent;
                } else if (spent - spentBefore >= LONGEST_SEED_SECONDS) {
                    throw new IllegalStateException("These seeds do not end: " + running, e);
                }
            }
        }
    }

    private static long processorSeconds() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toSeconds)
                .orElseGet(() -> System.nanoTime() / 1_000_000_000);
    }

    private void work(List<Long> seeds, AtomicInteger next) {
        int at = next.getAndIncrement();
        while (at < seeds.size() && failures.size() < mostFailures) {
            one(seeds.get(at));
            at = next.getAndIncrement();
        }
    }

    private void one(long seed) {
        running.add(seed);
        Simulation.Verdict verdict = Simulation.run(scenarios.apply(seed), blueprint, false);
        running.remove(seed);
        done.incrementAndGet();
        events.addAndGet(verdict.events());
        written.addAndGet(verdict.written());
        values.addAndGet(verdict.values());
        virtualMillis.addAndGet(verdict.virtualMillis());
        if (!verdict.passed()) {
            failures.add(report(verdict));
        }
    }

    /**
     * What to tell about a failure: the promise, the command that replays it, the small scenario.
     */
    private String report(Simulation.Verdict verdict) {
        Scenario small =
                Shrinker.shrink(
                        verdict.scenario(),
                        verdict.violation(),
                        candidate -> Simulation.run(candidate, blueprint, false).violation(),
                        SHRINK_RUNS);
        return verdict.violation().getMessage()
                + "\n  replay: ./mvnw test -Dtest=SimulationTest -Ddynamo.seed="
                + verdict.scenario().seed()
                + "\n  shrunk from "
                + verdict.scenario().steps().size()
                + " to "
                + small.steps().size()
                + " steps:\n"
                + small.describe();
    }
}
