package dev.minidynamo.runtime;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * What threads hand to one another, under many schedules of Lincheck's model checker: nothing is
 * lost, doubled or turned round, and nobody sleeps for ever with work to do.
 *
 * <p>All other state of a node belongs to its event loop alone.
 */
class HandOffTest {

    private static final int SCHEDULES = Integer.getInteger("dynamo.lincheck.schedules", 400);
    private static final int WAKINGS = 100_000;

    /** A place where the thread of a test waits for other threads. */
    private static final class Gate {

        private final Thread thread = Thread.currentThread();
        private volatile boolean open;

        void open() {
            open = true;
            LockSupport.unpark(thread);
        }

        void await() {
            while (!open) {
                LockSupport.park(this);
            }
        }
    }

    /** A scheduler that keeps what it is to run, for the test to run it. */
    private record Capturing(List<Runnable> periodic) implements TaskScheduler {

        private ScheduledFuture<?> keep(Runnable task) {
            periodic.add(task);
            return null;
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
            return keep(task);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, Instant start) {
            return keep(task);
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(
                Runnable task, Instant start, Duration period) {
            return keep(task);
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
            return keep(task);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(
                Runnable task, Instant start, Duration delay) {
            return keep(task);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
            return keep(task);
        }
    }

    private static void together(Runnable one, Runnable other) {
        Thread first = new Thread(one);
        Thread second = new Thread(other);
        first.start();
        second.start();
        try {
            first.join();
            second.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lincheck does not follow the assertions of AssertJ. */
    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static EventLoop loop(List<Throwable> bugs) {
        return new EventLoop("loop", new Capturing(new ArrayList<>()), bugs::add);
    }

    @Test
    void whatTwoThreadsHandInRunsOnceEach() {
        Lincheck.runConcurrentTest(SCHEDULES, HandOffTest::handInFromTwoThreads);
    }

    private static void handInFromTwoThreads() {
        List<String> ran = new ArrayList<>();
        Gate all = new Gate();
        EventLoop loop = loop(new ArrayList<>());
        together(() -> loop.execute(() -> ran.add("a")), () -> loop.execute(() -> ran.add("b")));
        loop.execute(() -> {
            loop.close();
            all.open();
        });
        loop.start();
        all.await();
        check(ran.size() == 2 && ran.contains("a") && ran.contains("b"), "each runs once");
    }

    @Test
    void whatOneThreadHandsInWhileTheLoopRunsKeepsItsOrder() {
        Lincheck.runConcurrentTest(SCHEDULES, HandOffTest::handInWhileTheLoopRuns);
    }

    private static void handInWhileTheLoopRuns() {
        List<Throwable> bugs = new ArrayList<>();
        List<Integer> ran = new ArrayList<>();
        Gate all = new Gate();
        EventLoop loop = loop(bugs);
        loop.start();
        loop.execute(() -> ran.add(1));
        loop.execute(() -> ran.add(2));
        loop.execute(() -> {
            loop.close();
            all.open();
        });
        all.await();
        check(bugs.isEmpty(), "a task failed");
        check(ran.equals(List.of(1, 2)), "one, then two");
    }

    /**
     * Real threads, since the model checker lets every sleep end by itself: the loop falls asleep
     * after each task, and each next one must wake it.
     */
    @Test
    void aLoopThatFallsAsleepIsWokenByWhatComesMeanwhile() {
        List<Throwable> bugs = new ArrayList<>();
        try (EventLoop loop = loop(bugs)) {
            loop.start();
            assertTimeoutPreemptively(
                    Duration.ofSeconds(60),
                    () -> {
                        for (int i = 0; i < WAKINGS; i++) {
                            Gate gate = new Gate();
                            loop.execute(gate::open);
                            gate.await();
                        }
                    });
        }
        check(bugs.isEmpty(), "a task failed");
    }

    @Test
    void resultsOfAWorkerComeBackToTheLoopInTheOrderOfTheJobs() {
        Lincheck.runConcurrentTest(SCHEDULES / 2, HandOffTest::workAndReport);
    }

    private static void workAndReport() {
        List<Throwable> bugs = new ArrayList<>();
        List<String> reported = new ArrayList<>();
        EventLoop loop = loop(bugs);
        WorkerThread worker = new WorkerThread("worker", loop, bugs::add);
        Gate all = new Gate();
        loop.start();
        loop.execute(() -> {
            worker.submit(() -> "one", reported::add, bugs::add);
            worker.submit(
                    () -> "two",
                    result -> {
                        reported.add(result);
                        loop.close();
                        all.open();
                    },
                    bugs::add);
        });
        all.await();
        worker.close();
        check(bugs.isEmpty(), "a job failed");
        check(reported.equals(List.of("one", "two")), "two reports in order");
    }

    @Test
    void aPeriodicTaskRunsAfterEachTimeThatItIsDue() {
        Lincheck.runConcurrentTest(SCHEDULES, HandOffTest::handInPeriodically);
    }

    private static void handInPeriodically() {
        List<Runnable> periodic = new ArrayList<>();
        EventLoop loop = new EventLoop("loop", new Capturing(periodic), bug -> {});
        AtomicBoolean asked = new AtomicBoolean();
        Gate seen = new Gate();
        loop.every(
                1_000,
                () -> {
                    if (asked.get()) {
                        loop.close();
                        seen.open();
                    }
                });
        loop.start();
        Runnable handIn = periodic.getFirst();
        handIn.run();
        asked.set(true);
        handIn.run();
        seen.await();
    }
}
