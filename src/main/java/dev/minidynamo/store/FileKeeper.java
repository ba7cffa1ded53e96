package dev.minidynamo.store;

import dev.minidynamo.env.Worker.Job;
import dev.minidynamo.wal.CheckedFile;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Writes a file at once, or soon: one write at a time, what came meanwhile with the next. What
 * failed is tried again.
 */
final class FileKeeper {

    private static final long SOON_MILLIS = 1000;

    private final StorePorts ports;
    private final Supplier<Job<Boolean>> next;
    private List<Runnable> waiting = new ArrayList<>();
    private boolean writing;
    private boolean scheduled;

    /**
     * @param next gives the job that writes what the file should hold now
     */
    FileKeeper(StorePorts ports, Supplier<Job<Boolean>> next) {
        this.ports = ports;
        this.next = next;
    }

    /**
     * Keeps a checked file.
     *
     * @param contents what it should hold now
     */
    static FileKeeper of(
            StorePorts ports, CheckedFile file, int version, Supplier<byte[]> contents) {
        return new FileKeeper(
                ports,
                () -> {
                    byte[] body = contents.get();
                    return () -> {
                        file.write(version, body);
                        return true;
                    };
                });
    }

    /** Writes the file; {@code durable} runs when what it should hold now is on the device. */
    void write(Runnable durable) {
        waiting.add(durable);
        if (!writing) {
            write();
        }
    }

    /** Writes the file within a second. */
    void writeSoon() {
        if (!scheduled) {
            scheduled = true;
            ports.scheduler()
                    .after(
                            SOON_MILLIS,
                            () -> {
                                scheduled = false;
                                write(() -> {});
                            });
        }
    }

    private void write() {
        writing = true;
        List<Runnable> told = waiting;
        waiting = new ArrayList<>();
        ports.backgroundWorker()
                .submit(
                        next.get(),
                        written -> {
                            finish();
                            told.forEach(Runnable::run);
                        },
                        failure -> retry(told));
    }

    private void finish() {
        writing = false;
        if (!waiting.isEmpty()) {
            write();
        }
    }

    private void retry(List<Runnable> told) {
        told.addAll(waiting);
        waiting = told;
        ports.scheduler().after(SOON_MILLIS, this::write);
    }
}
