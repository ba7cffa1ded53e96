package dev.minidynamo.store;

import dev.minidynamo.wal.CheckedFile;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Writes a {@link CheckedFile} at once, or soon; what failed is tried again. */
final class FileKeeper {

    private static final long SOON_MILLIS = 1000;

    private final StorePorts ports;
    private final CheckedFile file;
    private final int version;
    private final Supplier<byte[]> contents;
    private List<Runnable> waiting = new ArrayList<>();
    private boolean scheduled;

    /**
     * @param contents what the file should hold now
     */
    FileKeeper(StorePorts ports, CheckedFile file, int version, Supplier<byte[]> contents) {
        this.ports = ports;
        this.file = file;
        this.version = version;
        this.contents = contents;
    }

    /** Writes the file; {@code durable} runs when what it should hold now is on the device. */
    void write(Runnable durable) {
        waiting.add(durable);
        write();
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
                                write();
                            });
        }
    }

    private void write() {
        byte[] body = contents.get();
        List<Runnable> told = waiting;
        waiting = new ArrayList<>();
        ports.backgroundWorker()
                .submit(
                        () -> {
                            file.write(version, body);
                            return true;
                        },
                        written -> told.forEach(Runnable::run),
                        failure -> {
                            waiting.addAll(told);
                            writeSoon();
                        });
    }
}
