package dev.minidynamo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minidynamo.env.Scheduler.Timer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class EventLoopTest {

    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    private final ThreadPoolTaskScheduler periodic = new ThreadPoolTaskScheduler();
    private EventLoop loop;

    @BeforeEach
    void start() {
        periodic.initialize();
        loop = new EventLoop("test-loop", periodic, fatal::add).start();
    }

    @AfterEach
    void stop() {
        loop.close();
        periodic.shutdown();
    }

    private void drain() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(done::countDown);
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tasksOfEachThreadRunInTheirOrderAndNoneIsLost() throws InterruptedException {
        int threads = 4;
        int each = 50_000;
        int[] next = new int[threads];
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> producers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int id = t;
            producers.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < each; i++) {
                                    int expected = i;
                                    loop.execute(() -> {
                                        if (next[id]++ != expected) {
                                            wrong.incrementAndGet();
                                        }
                                    });
                                }
                            }));
        }
        for (Thread producer : producers) {
            producer.join();
        }
        drain();
        assertThat(next).containsOnly(each);
        assertThat(wrong).hasValue(0);
    }

    @Test
    void aSleepingLoopIsAlwaysWoken() throws InterruptedException {
        for (int i = 0; i < 20_000; i++) {
            drain();
        }
    }

    @Test
    void aSocketThatHasSomethingToReadWakesTheLoopAndTasksStillDo() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
                    SocketChannel watched = server.accept()) {
                watched.configureBlocking(false);
                Semaphore received = new Semaphore(0);
                CompletableFuture<SelectionKey> key = new CompletableFuture<>();
                loop.execute(() -> key.complete(watch(watched, received)));
                for (int i = 0; i < 1_000; i++) {
                    client.write(ByteBuffer.wrap(new byte[1]));
                    assertThat(received.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                    drain();
                }
                loop.execute(key.get()::cancel);
                drain();
                client.write(ByteBuffer.wrap(new byte[1]));
                drain();
                assertThat(received.availablePermits()).isZero();
            }
        }
        assertThat(fatal).isEmpty();
    }

    private SelectionKey watch(SocketChannel socket, Semaphore received) {
        ByteBuffer one = ByteBuffer.allocate(1);
        try {
            return loop.watch(
                    socket,
                    () -> {
                        assertThat(loop.onLoop()).isTrue();
                        received.release(read(socket, one.clear()));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int read(SocketChannel socket, ByteBuffer into) {
        try {
            return socket.read(into);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void timersFireInTheOrderOfTheirTimes() {
        List<String> fired = new CopyOnWriteArrayList<>();
        loop.execute(() -> {
            loop.after(60, () -> fired.add("c"));
            loop.after(0, () -> fired.add("a"));
            loop.after(30, () -> fired.add("b"));
        });
        await().untilAsserted(() -> assertThat(fired).containsExactly("a", "b", "c"));
    }

    @Test
    void aCancelledTimerNeverFires() {
        List<String> fired = new CopyOnWriteArrayList<>();
        loop.execute(() -> {
            Timer timer = loop.after(10, () -> fired.add("cancelled"));
            loop.after(50, () -> fired.add("kept"));
            timer.cancel();
            timer.cancel();
        });
        await().untilAsserted(() -> assertThat(fired).containsExactly("kept"));
    }

    @Test
    void aTimerMayBeMadeByAnyThread() throws InterruptedException {
        CountDownLatch fired = new CountDownLatch(1);
        loop.after(5, fired::countDown);
        assertThat(fired.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancelledTimersDoNotPileUp() {
        TimerHeap heap = new TimerHeap();
        for (int i = 0; i < 100_000; i++) {
            TimerHeap.Entry entry =
                    heap.entry(System.nanoTime() + 1_000_000_000_000L, () -> fatal.add(null));
            heap.add(entry);
            entry.cancel();
        }
        assertThat(heap.size()).isLessThan(5_000);
    }

    @Test
    void periodicWorkRunsOnTheLoopUntilItIsCancelled() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger elsewhere = new AtomicInteger();
        Timer timer =
                loop.every(
                        5,
                        () -> {
                            runs.incrementAndGet();
                            elsewhere.addAndGet(loop.onLoop() ? 0 : 1);
                        });
        await().until(() -> runs.get() >= 3);
        CountDownLatch cancelled = new CountDownLatch(1);
        loop.execute(() -> {
            timer.cancel();
            runs.set(0);
            loop.after(50, cancelled::countDown);
        });
        assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(0);
        assertThat(elsewhere).hasValue(0);
    }

    @Test
    void missedRunsOfPeriodicWorkAreNotMadeUpFor() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        loop.execute(() -> {
            held.countDown();
            awaitQuietly(release);
        });
        held.await();
        loop.every(1, runs::incrementAndGet);
        CountDownLatch later = new CountDownLatch(1);
        periodic.schedule(later::countDown, java.time.Instant.now().plusMillis(200));
        assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
        int[] atOnce = new int[1];
        loop.execute(() -> atOnce[0] = runs.get());
        release.countDown();
        drain();
        assertThat(atOnce[0]).isLessThanOrEqualTo(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aBugStopsTheLoopAndIsReported() {
        IllegalStateException bug = new IllegalStateException("planted");
        AtomicInteger after = new AtomicInteger();
        loop.execute(() -> {
            throw bug;
        });
        loop.execute(after::incrementAndGet);
        await().untilAsserted(() -> assertThat(fatal).containsExactly(bug));
        assertThat(after).hasValue(0);
    }

    @Test
    void aWorkerRunsJobsInOrderAndAnswersOnTheLoop() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (WorkerThread worker = new WorkerThread("worker", loop, fatal::add)) {
            loop.execute(() -> {
                worker.submit(
                        () -> 1,
                        result -> seen.add(result + " " + loop.onLoop()),
                        failure -> seen.add("not expected"));
                worker.submit(
                        () -> {
                            throw new IOException("no disk");
                        },
                        result -> seen.add("not expected"),
                        failure -> seen.add(failure.getMessage() + " " + loop.onLoop()));
            });
            await().untilAsserted(() -> assertThat(seen).containsExactly("1 true", "no disk true"));
        }
        assertThat(fatal).isEmpty();
    }

    @Test
    void aBugOfAJobIsReported() {
        try (WorkerThread worker = new WorkerThread("worker", loop, fatal::add)) {
            worker.submit(
                    () -> {
                        throw new IllegalStateException("planted");
                    },
                    result -> {},
                    failure -> {});
            await().untilAsserted(() -> assertThat(fatal).hasSize(1));
        }
    }
}
