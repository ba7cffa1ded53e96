package dev.minidynamo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.minidynamo.protocol.BatchCodec;
import dev.minidynamo.protocol.BatchHeader;

import org.junit.jupiter.api.Test;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * What threads hand to one another, with real threads and many times over: nobody sleeps for ever
 * with work to do. Lincheck's model checker, which {@link HandInQueueTest} uses, lets every sleep
 * end by itself, so that a lost wake-up escapes it.
 */
class HandOffTest {

    private static final int TIMES = 50_000;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final List<Throwable> bugs = Collections.synchronizedList(new ArrayList<>());

    /** A place where one thread waits for others. */
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

    @Test
    void aLoopThatFallsAsleepIsWokenByWhatComesMeanwhile() {
        try (EventLoop loop = new EventLoop("loop", new Capturing(new ArrayList<>()), bugs::add)) {
            loop.start();
            assertTimeoutPreemptively(
                    LONGEST,
                    () -> {
                        for (int i = 0; i < 4 * TIMES; i++) {
                            Gate gate = new Gate();
                            for (int spin = i % 256; spin > 0; spin--) {
                                Thread.onSpinWait(); // so as to meet the loop at any of its steps
                            }
                            loop.execute(gate::open);
                            gate.await();
                        }
                    });
        }
        assertThat(bugs).isEmpty();
    }

    @Test
    void aPeriodicTaskRunsAfterEachTimeThatItIsDue() {
        List<Runnable> periodic = new ArrayList<>();
        AtomicBoolean asked = new AtomicBoolean();
        Gate[] seen = {null};
        try (EventLoop loop = new EventLoop("loop", new Capturing(periodic), bugs::add)) {
            loop.every(
                    1_000,
                    () -> {
                        if (asked.getAndSet(false)) {
                            seen[0].open();
                        }
                    });
            loop.start();
            Runnable due = periodic.getFirst();
            assertTimeoutPreemptively(
                    LONGEST,
                    () -> {
                        for (int i = 0; i < TIMES; i++) {
                            seen[0] = new Gate();
                            due.run();
                            asked.set(true);
                            due.run();
                            seen[0].await();
                        }
                    });
        }
        assertThat(bugs).isEmpty();
    }

    @Test
    void resultsOfAWorkerComeBackToTheLoopInTheOrderOfTheJobs() {
        List<Integer> reported = new ArrayList<>();
        try (EventLoop loop = new EventLoop("loop", new Capturing(new ArrayList<>()), bugs::add);
                WorkerThread worker = new WorkerThread("worker", loop, bugs::add)) {
            loop.start();
            assertTimeoutPreemptively(
                    LONGEST,
                    () -> {
                        Gate all = new Gate();
                        for (int i = 0; i < TIMES; i++) {
                            int job = i;
                            worker.submit(() -> job, reported::add, bugs::add);
                        }
                        worker.submit(() -> 0, last -> all.open(), bugs::add);
                        all.await();
                    });
            assertThat(reported).isEqualTo(IntStream.range(0, TIMES).boxed().toList());
        }
        assertThat(bugs).isEmpty();
    }

    /** The peer is not there, so that a batch costs little beyond being handed in and told of. */
    @Test
    void everyBatchOfALaneEndsOnceWhateverIsGivenUpMeanwhile() {
        Peer nobody = new Peer(TransportFixture.N2, "127.0.0.1", 1);
        BatchHeader header = TransportFixture.identity(TransportFixture.N1).header();
        AtomicInteger ended = new AtomicInteger();
        Gate[] current = {null};
        LaneThread lane =
                new LaneThread(
                        "lane",
                        nobody,
                        TransportOptions.defaults(),
                        new BatchCodec(),
                        result -> {
                            assertThat(result).isInstanceOf(LaneResult.Broken.class);
                            ended.incrementAndGet();
                            current[0].open();
                        });
        assertTimeoutPreemptively(
                LONGEST,
                () -> {
                    for (int i = 0; i < TIMES; i++) {
                        current[0] = new Gate();
                        int delayMillis = i % 4 == 0 ? 60_000 : 0;
                        lane.post(new LaneBatch(header, List.of(), delayMillis));
                        for (int spin = i % 256; spin > 0; spin--) {
                            Thread.onSpinWait(); // so as to meet the thread at any of its steps
                        }
                        if (delayMillis > 0) {
                            lane.abort();
                        }
                        current[0].await();
                    }
                });
        lane.close();
        assertThat(ended).hasValue(TIMES);
    }
}
