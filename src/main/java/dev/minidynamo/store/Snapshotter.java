package dev.minidynamo.store;

import dev.minidynamo.env.DiskFile;
import dev.minidynamo.env.Worker;
import dev.minidynamo.wal.LogMark;
import dev.minidynamo.wal.SegmentedLog;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes the index down while reads and writes go on.
 *
 * <p>The event loop copies some buckets at a time; the background worker writes them. The buckets
 * are of different moments, which does not matter: the replay begins at the point where the log was
 * when the snapshot began, and taking a record twice changes nothing.
 */
final class Snapshotter {

    private static final int BLOCK_BYTES = 256 << 10;
    private static final int LEAVES_PER_STEP = 4096;
    private static final int FORCE_EVERY_BLOCKS = 32;

    private final StorePorts ports;
    private final StoreOptions options;
    private final SegmentedLog log;
    private final KeyIndex index;
    private final String directory;
    private final List<Consumer<String>> waiting = new ArrayList<>();
    private @Nullable DiskFile file;
    private boolean running;
    private LogMark mark = LogMark.START;
    private int leaf;
    private int blocks;
    private long bytes;
    private long written;
    private long startedNanos;

    private LogMark lastMark;
    private long lastAtMillis;
    private long lastMillis;
    private long lastBytes;
    private String lastError = "";

    Snapshotter(
            StorePorts ports,
            StoreOptions options,
            SegmentedLog log,
            KeyIndex index,
            LogMark lastMark) {
        this.ports = ports;
        this.options = options;
        this.log = log;
        this.index = index;
        this.directory = options.log().directory();
        this.lastMark = lastMark;
    }

    static String path(String directory) {
        return directory + "/snapshot";
    }

    private String temporary() {
        return path(directory) + ".tmp";
    }

    StoreStatus.Snapshot status() {
        return new StoreStatus.Snapshot(
                running, lastAtMillis, lastMillis, lastBytes, logBytesSince(), lastError);
    }

    /** Bytes of log that a start would replay on top of the last snapshot. */
    private long logBytesSince() {
        long segments = log.end().segment() - lastMark.segment();
        long offset = log.end().offset() - lastMark.offset();
        return Math.min(log.bytes(), segments * options.log().segmentBytes() + offset);
    }

    /** Writes a snapshot if the log has grown enough, or has grown and the last is old enough. */
    void runIfNeeded() {
        long grown = logBytesSince();
        boolean old = ports.clock().wallMillis() - lastAtMillis >= options.snapshotEveryMillis();
        long enough = old ? 1 : options.snapshotEveryBytes();
        if (!running && grown >= enough) {
            run(sentence -> {});
        }
    }

    /** Writes a snapshot; {@code done} gets a sentence about it. */
    void run(Consumer<String> done) {
        waiting.add(done);
        if (running) {
            return;
        }
        running = true;
        mark = log.durable(); // A copy whose giving-up is not forced is still in the index.
        leaf = 0;
        blocks = 0;
        bytes = 0;
        written = 0;
        startedNanos = ports.clock().monotonicNanos();
        job(
                () -> {
                    DiskFile opened = ports.disk().open(temporary());
                    opened.truncate(0);
                    return opened;
                },
                opened -> {
                    file = opened;
                    write(opened, SnapshotFormat.head(mark));
                });
    }

    private <T> void job(Worker.Job<T> job, Consumer<T> next) {
        ports.backgroundWorker().submit(job, next::accept, this::abandon);
    }

    private void write(DiskFile target, byte[] body) {
        ByteBuffer block = SnapshotFormat.block(blocks, body, body.length);
        long at = bytes;
        bytes += block.remaining();
        blocks++;
        boolean force = blocks % FORCE_EVERY_BLOCKS == 0;
        job(
                () -> {
                    target.write(at, block);
                    if (force) {
                        target.force();
                    }
                    return target;
                },
                this::step);
    }

    private void step(DiskFile target) {
        if (leaf > KeyIndex.LEAVES) {
            publish(target);
            return;
        }
        if (leaf == KeyIndex.LEAVES) {
            leaf++;
            write(target, SnapshotFormat.tail(index.writers(), written));
            return;
        }
        int first = leaf;
        int size = 0;
        while (leaf < KeyIndex.LEAVES && leaf - first < LEAVES_PER_STEP && size < BLOCK_BYTES) {
            Bucket bucket = index.bucket(leaf++);
            size += bucket == null ? 0 : SnapshotFormat.bytesOf(bucket);
        }
        if (size == 0) {
            ports.scheduler().execute(() -> step(target));
            return;
        }
        write(target, buckets(first, leaf, size));
    }

    private byte[] buckets(int from, int to, int size) {
        ByteBuffer out = ByteBuffer.allocate(size);
        for (int i = from; i < to; i++) {
            Bucket bucket = index.bucket(i);
            if (bucket != null) {
                SnapshotFormat.putBucket(out, i, bucket);
                written += bucket.count();
            }
        }
        return out.array();
    }

    private void publish(DiskFile target) {
        log.force(() ->
                job(
                        () -> {
                            target.force();
                            target.close();
                            ports.disk().rename(temporary(), path(directory));
                            ports.disk().forceDirectory(directory);
                            return bytes;
                        },
                        this::finish));
    }

    private void finish(long size) {
        lastMark = mark;
        lastBytes = size;
        lastAtMillis = ports.clock().wallMillis();
        lastMillis = (ports.clock().monotonicNanos() - startedNanos) / 1_000_000;
        lastError = "";
        end("Wrote a snapshot of " + written + " keys, " + size + " bytes.");
    }

    private void abandon(IOException failure) {
        lastError = String.valueOf(failure.getMessage());
        DiskFile open = file;
        ports.backgroundWorker()
                .submit(
                        () -> {
                            if (open != null) {
                                open.close();
                            }
                            ports.disk().delete(temporary());
                            return true;
                        },
                        deleted -> {},
                        ignored -> {});
        end("The snapshot failed: " + lastError);
    }

    private void end(String sentence) {
        running = false;
        file = null;
        List<Consumer<String>> told = List.copyOf(waiting);
        waiting.clear();
        told.forEach(listener -> listener.accept(sentence));
    }
}
