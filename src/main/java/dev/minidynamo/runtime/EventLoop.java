package dev.minidynamo.runtime;

import dev.minidynamo.env.Scheduler;
import dev.minidynamo.env.Sockets;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.TaskScheduler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The one thread on which the whole core of a node runs.
 *
 * <p>Tasks come from any thread over a {@link HandInQueue}, so handing in costs one
 * compare-and-set, and a thread that is awake is never woken again. It sleeps in a selector, so
 * that the sockets of clients wake it without another thread between. One-shot timers live in a
 * heap of the loop itself, because every operation makes one and nearly all are cancelled. Periodic
 * work is driven by Spring's {@link TaskScheduler}, which only ever hands a task in.
 *
 * <p>A task that throws is a bug: it is logged, the loop stops, and {@code fatal} is told, which
 * ends the process, since nobody knows what state the core is in.
 */
public final class EventLoop implements Scheduler, Sockets, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final VarHandle SLEEPING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SLEEPING = lookup.findVarHandle(EventLoop.class, "sleeping", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Thread thread;
    private final TaskScheduler periodic;
    private final Consumer<Throwable> fatal;
    private final HandInQueue<Runnable> handedIn = new HandInQueue<>();
    private final TimerHeap timers = new TimerHeap();
    private final ArrayDeque<Runnable> atEndOfRound = new ArrayDeque<>();
    private final Selector selector;

    private volatile boolean sleeping;
    private volatile boolean stopped;

    /**
     * @param name of the thread
     * @param periodic drives {@link #every}
     * @param fatal gets what a task threw
     */
    public EventLoop(String name, TaskScheduler periodic, Consumer<Throwable> fatal) {
        this.periodic = periodic;
        this.fatal = fatal;
        this.selector = openSelector();
        this.thread = Thread.ofPlatform().name(name).daemon(false).unstarted(this::run);
    }

    private static Selector openSelector() {
        try {
            return Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector could be opened", e);
        }
    }

    /** Starts the thread; what was handed in before runs first. */
    public EventLoop start() {
        thread.start();
        return this;
    }

    @Override
    public void execute(Runnable task) {
        handedIn.add(task);
        if (sleeping && SLEEPING.compareAndSet(this, true, false)) {
            selector.wakeup();
        }
    }

    @Override
    public SelectionKey watch(SocketChannel socket, Runnable ready) throws IOException {
        return socket.register(selector, SelectionKey.OP_READ, ready);
    }

    @Override
    public Timer after(long delayMillis, Runnable task) {
        TimerHeap.Entry timer =
                timers.entry(System.nanoTime() + Math.max(0, delayMillis) * 1_000_000L, task);
        if (onLoop()) {
            timers.add(timer);
        } else {
            execute(() -> timers.add(timer));
        }
        return timer;
    }

    @Override
    public Timer every(long periodMillis, Runnable task) {
        Duration period = Duration.ofMillis(periodMillis);
        Periodic run = new Periodic(task);
        run.future =
                periodic.scheduleWithFixedDelay(run::handIn, Instant.now().plus(period), period);
        return run;
    }

    /** Whether the caller runs on the loop. */
    public boolean onLoop() {
        return Thread.currentThread() == thread;
    }

    /**
     * Runs {@code task} once the tasks that the loop has already taken are done; called on the
     * loop.
     *
     * <p>The transport sends there, so that whatever one round of tasks wants to send goes as one
     * batch without any waiting.
     */
    void atEndOfRound(Runnable task) {
        atEndOfRound.add(task);
    }

    /** Stops the thread after the task that runs; tasks not yet run are dropped. */
    @Override
    public void close() {
        stopped = true;
        selector.wakeup();
        if (onLoop() || !thread.isAlive()) {
            return;
        }
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stopped) {
                round();
            }
            selector.close();
        } catch (Throwable bug) {
            stopped = true;
            LOG.error("A task of the event loop failed, which is a bug; the node stops.", bug);
            fatal.accept(bug);
        }
    }

    private void round() throws IOException {
        boolean worked = !selector.keys().isEmpty() && selector.selectNow(EventLoop::ready) > 0;
        worked |= runHandedIn();
        long nanosToNext = timers.runDue();
        Runnable task;
        while ((task = atEndOfRound.poll()) != null) {
            task.run();
            worked = true;
        }
        if (!worked && nanosToNext > 0) {
            sleep(nanosToNext);
        }
    }

    private static void ready(SelectionKey key) {
        ((Runnable) key.attachment()).run();
    }

    private boolean runHandedIn() {
        HandInQueue.Node<Runnable> node = handedIn.takeAll();
        if (node == null) {
            return false;
        }
        for (; node != null && !stopped; node = node.next()) {
            node.value.run();
        }
        return true;
    }

    private void sleep(long nanos) throws IOException {
        sleeping = true;
        if (handedIn.isEmpty() && !stopped) {
            selector.select(this::awake, nanos == Long.MAX_VALUE ? 0 : 1 + (nanos - 1) / 1_000_000);
        }
        sleeping = false;
    }

    private void awake(SelectionKey key) {
        sleeping = false;
        ready(key);
    }

    /** Periodic work; a run that has not begun when the next is due stands for both. */
    private final class Periodic implements Timer {

        private final Runnable task;
        private final AtomicBoolean waiting = new AtomicBoolean();
        private volatile boolean cancelled;
        private volatile @Nullable ScheduledFuture<?> future;

        Periodic(Runnable task) {
            this.task = task;
        }

        void handIn() {
            if (waiting.compareAndSet(false, true)) {
                execute(this::runNow);
            }
        }

        private void runNow() {
            waiting.set(false);
            if (!cancelled) {
                task.run();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            ScheduledFuture<?> running = future;
            if (running != null) {
                running.cancel(false);
            }
        }
    }
}
