package dev.minidynamo.store;

import dev.minidynamo.model.Cell;
import dev.minidynamo.model.Key;
import dev.minidynamo.model.NodeId;
import dev.minidynamo.model.Version;
import dev.minidynamo.runtime.EventLoop;
import dev.minidynamo.runtime.FileDisk;
import dev.minidynamo.runtime.SecureRandomSource;
import dev.minidynamo.runtime.SystemClock;
import dev.minidynamo.runtime.WorkerThread;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** A store on a real disk with real threads, as a node has it. */
final class RealRig implements AutoCloseable {

    static final NodeId NODE = new NodeId("n1");

    private static final long TIMEOUT_SECONDS = 300;

    final WalStore store;
    private final FileDisk disk;
    private final ThreadPoolTaskScheduler periodic = new ThreadPoolTaskScheduler();
    private final EventLoop loop;
    private final WorkerThread log;
    private final WorkerThread background;

    /** Opens the store of a directory; a bug or a failed force goes to {@code fatal}. */
    RealRig(Path directory, StoreOptions options, Consumer<String> fatal) throws IOException {
        disk = FileDisk.open(directory);
        periodic.initialize();
        Consumer<Throwable> bug = thrown -> fatal.accept(String.valueOf(thrown));
        loop = new EventLoop("loop", periodic, bug).start();
        log = new WorkerThread("log", loop, bug);
        background = new WorkerThread("background", loop, bug);
        CompletableFuture<WalStore> opened = new CompletableFuture<>();
        loop.execute(() ->
                WalStore.open(
                        ports(fatal), options, opened::complete, opened::completeExceptionally));
        store = get(opened);
    }

    private StorePorts ports(Consumer<String> fatal) {
        return new StorePorts(
                disk,
                log,
                background,
                new SystemClock(),
                loop,
                new SecureRandomSource(),
                StoreRig::token,
                fatal,
                sentence -> {});
    }

    /** Runs {@code question} on the event loop and waits for its answer. */
    <T> T ask(Function<WalStore, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                answer.complete(question.apply(store));
            } catch (AssertionError wrong) {
                answer.completeExceptionally(wrong);
            }
        });
        return get(answer);
    }

    /** Runs {@code action} on the event loop and waits until it calls back. */
    <T> T await(Consumer<Consumer<T>> action) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> action.accept(answer::complete));
        return get(answer);
    }

    /**
     * Writes cells with {@code waiting} of them under way at any time; returns how long it took, in
     * nanoseconds.
     */
    long write(int count, int waiting, IntFunction<StoredCell> cells) {
        return write(count, waiting, cells, number -> {});
    }

    /** The same, with the number of each write that was applied given to {@code applied}. */
    long write(int count, int waiting, IntFunction<StoredCell> cells, IntConsumer applied) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        int[] next = {0};
        int[] finished = {0};
        long start = System.nanoTime();
        Runnable[] one = new Runnable[1];
        one[0] =
                () -> {
                    if (next[0] == count) {
                        return;
                    }
                    int number = next[0]++;
                    StoredCell cell = cells.apply(number);
                    store.apply(
                            cell.key(),
                            cell.cell(),
                            result -> {
                                if (result instanceof ApplyResult.Applied) {
                                    applied.accept(number);
                                }
                                if (++finished[0] == count) {
                                    done.complete(true);
                                }
                                one[0].run();
                            });
                };
        loop.execute(() -> {
            for (int i = 0; i < waiting; i++) {
                one[0].run();
            }
        });
        get(done);
        return System.nanoTime() - start;
    }

    static Key key(int number) {
        return Key.utf8(String.format("user-%019d", number));
    }

    /** A cell with a 24-byte key and a 100-byte value. */
    static StoredCell cell(int number, long timestamp) {
        byte[] value = new byte[100];
        byte[] text = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, value, 0, text.length);
        Version version = new Version(timestamp, NODE, 0x12345678);
        return new StoredCell(
                key(number), new Cell.Live(version, value, Cell.DEFAULT_CONTENT_TYPE, Cell.NEVER));
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        await((Consumer<Boolean> done) -> store.close(() -> done.accept(true)));
        log.close();
        background.close();
        loop.close();
        periodic.shutdown();
        disk.close();
    }
}
