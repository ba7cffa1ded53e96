package dev.minidynamo.hints;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.wal.Appended;
import dev.minidynamo.wal.LogOptions;
import dev.minidynamo.wal.LogPorts;
import dev.minidynamo.wal.OpenRequest;
import dev.minidynamo.wal.Recovery;
import dev.minidynamo.wal.SegmentReader;
import dev.minidynamo.wal.SegmentedLog;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/** The log of one target's hints on disk, below {@code hints/<target>/}. */
final class HintLog {

    private static final long GROW_BYTES = 1 << 20;

    private final NodeId target;
    private final HintPorts ports;
    private final SegmentedLog log;
    private boolean dropping;
    private boolean leaving;
    private boolean closed;

    /** An open log with what it held. */
    record Opened(HintLog log, HintReplay replay, Recovery recovery) {}

    private HintLog(NodeId target, HintPorts ports, SegmentedLog log) {
        this.target = target;
        this.ports = ports;
        this.log = log;
    }

    static String directory(NodeId target) {
        return HintManager.DIRECTORY + "/" + target;
    }

    /** Opens a target's log, making it where there is none. */
    static void open(
            NodeId target,
            HintPorts ports,
            HintOptions options,
            Consumer<Opened> opened,
            Consumer<IOException> failed) {
        HintReplay replay = new HintReplay();
        LogPorts logPorts =
                new LogPorts(
                        ports.disk(),
                        ports.worker(),
                        ports.scheduler(),
                        ports.clock(),
                        ports.fatal());
        LogOptions logOptions =
                LogOptions.defaults(directory(target))
                        .withSync(options.sync())
                        .withSegments(
                                options.segmentBytes(),
                                Math.min(GROW_BYTES, options.segmentBytes()));
        SegmentedLog.open(
                logPorts,
                logOptions,
                OpenRequest.all(replay),
                found -> {
                    HintLog log = new HintLog(target, ports, found.log());
                    if (!found.recovery().damage().isEmpty()) {
                        found.log().acknowledgeDamage(() -> {});
                    }
                    opened.accept(new Opened(log, replay, found.recovery()));
                },
                failed);
    }

    NodeId target() {
        return target;
    }

    /** Appends a record; after the log was closed nothing happens any more. */
    void append(byte[] payload, Appended done) {
        if (!closed) {
            log.append(payload, done);
        }
    }

    /**
     * Reads a record's payload.
     *
     * @throws IOException if it does not pass its checksum, or the disk fails
     */
    byte[] read(long position, int frameBytes) throws IOException {
        SegmentReader.Payload payload = log.read(position, frameBytes);
        if (payload == null) {
            throw new IOException("a hint for " + target + " does not pass its checksum");
        }
        return Arrays.copyOfRange(
                payload.bytes(), payload.from(), payload.from() + payload.length());
    }

    /** Deletes the segments before {@code segment}, except the one being written. */
    void dropBefore(long segment) {
        if (closed || dropping || log.firstSegment() >= Math.min(segment, activeSegment())) {
            return;
        }
        dropping = true;
        log.dropBefore(segment, dropped -> dropping = false);
    }

    /** Runs {@code done} once what was appended so far is forced. */
    void whenForced(Runnable done) {
        log.whenForced(done);
    }

    /** Goes on in a new segment if the one being written holds a record, so that it can leave. */
    void leaveSegment() {
        if (!closed && !leaving && !log.end().startsSegment()) {
            leaving = true;
            log.rotate(() -> leaving = false);
        }
    }

    long activeSegment() {
        return log.end().segment();
    }

    long bytes() {
        return log.status().bytes();
    }

    int segments() {
        return log.status().segments();
    }

    /** Writes what waits and closes the files. */
    void close(Runnable done) {
        closed = true;
        log.close(done);
    }

    /** Closes and deletes the files. */
    void remove() {
        close(() -> ports.worker().submit(this::delete, gone -> {}, failure -> {}));
    }

    private boolean delete() throws IOException {
        for (String name : ports.disk().list(directory(target))) {
            ports.disk().delete(directory(target) + "/" + name);
        }
        ports.disk().forceDirectory(directory(target));
        return true;
    }
}
