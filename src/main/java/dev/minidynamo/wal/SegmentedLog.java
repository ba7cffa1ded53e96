package dev.minidynamo.wal;

import dev.minidynamo.env.DiskFile;
import dev.minidynamo.env.Invariants;
import dev.minidynamo.env.Scheduler;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A checksummed append-only log in segments, with group commit.
 *
 * <p>Lives on the event loop. While the worker writes and forces one batch, what is appended waits;
 * then all of it is the next batch, one write and one force. No time is spent waiting for a batch
 * to fill. Outcomes are told in the order of the appends, after the force. After a failed write or
 * force nothing is told any more, and {@link LogPorts#fatal} is called once (promise P10).
 */
public final class SegmentedLog {

    private static final long PROBE_MILLIS = 1000;

    private final LogPorts ports;
    private final LogOptions options;
    private final LogWriter writer;
    private final Recovery recovery;
    private final TreeMap<Long, SegmentReader> readers = new TreeMap<>();
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private final LatencyWindow forces = new LatencyWindow();
    private final List<Runnable> afterRotation = new ArrayList<>();
    private Scheduler.@Nullable Timer forceTimer;
    private LogMark end;
    private LogMark durable;
    private final TreeMap<Long, Long> sealedBytes = new TreeMap<>();
    private long appended;
    private long batches;
    private boolean busy;
    private boolean pumpScheduled;
    private boolean spaceShort;
    private boolean probing;
    private boolean releaseReserve;
    private boolean failed;
    private @Nullable Runnable closed;

    private record Waiting(byte[] payload, boolean urgent, Appended done) {}

    /**
     * An open log.
     *
     * @param recovery what was found on the way
     */
    public record Opened(SegmentedLog log, Recovery recovery) {}

    /** Opens the log of {@code options.directory}, making it where there is none. */
    public static void open(
            LogPorts ports,
            LogOptions options,
            OpenRequest request,
            Consumer<Opened> opened,
            Consumer<IOException> failed) {
        new LogRecovery(ports, options, request)
                .start(
                        ready -> {
                            SegmentedLog log = new SegmentedLog(ports, options, ready);
                            log.begin();
                            opened.accept(new Opened(log, ready.recovery()));
                        },
                        failed);
    }

    private SegmentedLog(LogPorts ports, LogOptions options, LogRecovery.Ready ready) {
        this.ports = ports;
        this.options = options;
        this.recovery = ready.recovery();
        this.end = ready.end();
        this.durable = ready.end();
        for (Manifest.Segment segment : ready.manifest().segments()) {
            DiskFile file = ready.files().get(segment.id());
            if (file != null) {
                SegmentHeader header =
                        new SegmentHeader(
                                ready.manifest().identity(), segment.id(), segment.baseSequence());
                readers.put(segment.id(), new SegmentReader(header, file));
            }
            if (segment.sealed()) {
                sealedBytes.put(segment.id(), segment.bytes());
            }
        }
        DiskFile active =
                Objects.requireNonNull(
                        ready.files().get(end.segment()), "the segment being written is open");
        this.writer = new LogWriter(ports, options, ready, active);
    }

    private void begin() {
        if (options.sync() instanceof SyncMode.Interval interval) {
            forceTimer = ports.scheduler().every(interval.millis(), this::forceNow);
        }
        if (options.reserveBytes() > 0) {
            probeSpace();
        }
    }

    /**
     * Appends a record.
     *
     * @param payload 1 byte to 8 MiB, which must not be modified any more
     * @param urgent whether it may use the reserve when the disk is full
     */
    public void append(byte[] payload, boolean urgent, Appended done) {
        Invariants.check(
                payload.length > 0 && payload.length <= RecordFrame.MAX_PAYLOAD,
                "a record has 1 byte to 8 MiB");
        Invariants.check(closed == null, "nothing is appended to a closed log");
        if (spaceShort && !urgent) {
            ports.scheduler().execute(() -> done.diskFull("the disk is full"));
            return;
        }
        queue.add(new Waiting(payload, urgent, done));
        schedulePump();
    }

    /** Appends an ordinary record. */
    public void append(byte[] payload, Appended done) {
        append(payload, false, done);
    }

    /**
     * Reads a record that was appended or replayed.
     *
     * @return null if it does not pass its checksum, or its segment is gone
     * @throws IOException if the disk fails
     */
    public SegmentReader.@Nullable Payload read(long position, int frameBytes) throws IOException {
        SegmentReader reader = readers.get(LogPosition.segment(position));
        return reader == null ? null : reader.read(position, frameBytes);
    }

    /** A reader of one segment for a job on another thread; null if the segment is gone. */
    public @Nullable SegmentReader reader(long segment) {
        SegmentReader reader = readers.get(segment);
        return reader == null ? null : reader.another();
    }

    /** The point after the last record that was written. */
    public LogMark end() {
        return end;
    }

    /** The point up to which everything is forced. */
    public LogMark durable() {
        return durable;
    }

    /** The oldest segment. */
    public long firstSegment() {
        return readers.isEmpty() ? end.segment() : readers.firstKey();
    }

    /** Begins a new segment, then runs {@code done}. */
    public void rotate(Runnable done) {
        afterRotation.add(done);
        schedulePump();
    }

    /**
     * Deletes the segments before {@code segment}, but never the one being written; then runs
     * {@code done} with the segments that are gone.
     */
    public void dropBefore(long segment, Consumer<List<Long>> done) {
        ports.worker()
                .submit(
                        () -> writer.dropBefore(segment),
                        dropped -> {
                            dropped.forEach(this::forget);
                            done.accept(dropped);
                        },
                        this::fail);
    }

    private void forget(long segment) {
        SegmentReader reader = readers.remove(segment);
        sealedBytes.remove(segment);
        if (reader != null) {
            closeLater(List.of(reader), () -> {});
        }
    }

    private void closeLater(List<SegmentReader> gone, Runnable done) {
        ports.worker()
                .submit(
                        () -> {
                            for (SegmentReader reader : gone) {
                                reader.file().close();
                            }
                            return true;
                        },
                        closedNow -> done.run(),
                        this::fail);
    }

    /** Says that the owner has dealt with the damage found at the start; not reported again. */
    public void acknowledgeDamage(Runnable done) {
        ports.worker()
                .submit(
                        () -> {
                            writer.acknowledge(recovery.damage());
                            return true;
                        },
                        written -> done.run(),
                        this::fail);
    }

    /**
     * Forces what has been written so far, whatever the {@link SyncMode}; then runs {@code done}.
     */
    public void force(Runnable done) {
        ports.worker().submit(writer::force, nanos -> done.run(), this::fail);
    }

    /** Bytes of records and headers in all segments. */
    public long bytes() {
        return sealedBytes.values().stream().mapToLong(Long::longValue).sum() + end.offset();
    }

    private void schedulePump() {
        if (!busy && !pumpScheduled && !failed) {
            pumpScheduled = true;
            ports.scheduler().execute(this::pump);
        }
    }

    private void pump() {
        pumpScheduled = false;
        if (busy || failed) {
            return;
        }
        if (queue.isEmpty() && afterRotation.isEmpty()) {
            finishClose();
            return;
        }
        if (end.sequence() == baseOf(end.segment())) {
            runAll(afterRotation);
        }
        boolean rotate = !afterRotation.isEmpty() || !fits(end, queue.peekFirst());
        List<Waiting> batch = takeBatch(rotate);
        List<byte[]> payloads = batch.stream().map(Waiting::payload).toList();
        boolean force = options.sync() instanceof SyncMode.Always;
        LogWriter.Batch job =
                new LogWriter.Batch(
                        payloads,
                        rotate ? end.sequence() : durable.sequence(),
                        rotate,
                        force,
                        releaseReserve);
        releaseReserve = false;
        busy = true;
        List<Runnable> rotated = rotate ? List.copyOf(afterRotation) : List.of();
        afterRotation.removeAll(rotated);
        ports.worker()
                .submit(
                        () -> writer.write(job),
                        outcome -> written(batch, rotated, force, outcome),
                        this::fail);
    }

    private static void runAll(List<Runnable> tasks) {
        List<Runnable> copy = List.copyOf(tasks);
        tasks.clear();
        copy.forEach(Runnable::run);
    }

    private boolean fits(LogMark at, @Nullable Waiting record) {
        if (record == null) {
            return true;
        }
        long base = baseOf(at.segment());
        return at.sequence() == base
                || (at.offset() + upperBytes(record) <= options.segmentBytes()
                        && at.sequence() - base < RecordFrame.MAX_RECORDS);
    }

    private long baseOf(long segment) {
        return Objects.requireNonNull(readers.get(segment), "the segment being written has a reader")
                .header()
                .baseSequence();
    }

    private static long upperBytes(Waiting record) {
        return record.payload.length + (long) RecordFrame.MAX_OVERHEAD;
    }

    private List<Waiting> takeBatch(boolean rotate) {
        List<Waiting> batch = new ArrayList<>();
        long start = rotate ? SegmentHeader.BYTES : end.offset();
        long base = rotate ? end.sequence() : baseOf(end.segment());
        long room = options.segmentBytes() - start;
        long records = RecordFrame.MAX_RECORDS - (end.sequence() - base);
        long bytes = 0;
        boolean emptySegment = end.sequence() == base;
        while (!queue.isEmpty() && batch.size() < records) {
            long more = upperBytes(queue.peekFirst());
            boolean firstOfSegment = emptySegment && batch.isEmpty();
            boolean tooMuch = bytes + more > options.maxBatchBytes() && !batch.isEmpty();
            if (tooMuch || (bytes + more > room && !firstOfSegment)) {
                break;
            }
            bytes += more;
            batch.add(queue.removeFirst());
        }
        return batch;
    }

    private void written(
            List<Waiting> batch, List<Runnable> rotated, boolean force, LogWriter.Outcome outcome) {
        if (failed) {
            return;
        }
        LogWriter.Begun begun = outcome.begun();
        if (begun != null) {
            readers.put(begun.header().segment(), new SegmentReader(begun.header(), begun.file()));
            sealedBytes.put(end.segment(), end.offset());
            durable = new LogMark(begun.header().segment(), SegmentHeader.BYTES, end.sequence());
        }
        end = outcome.end();
        if (outcome.full() == null) {
            count(batch.size(), force, outcome);
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).done.durable(outcome.positions()[i], outcome.frames()[i]);
            }
        } else {
            refuse(batch, outcome.full());
        }
        if (begun != null) {
            rotated.forEach(Runnable::run);
        } else {
            afterRotation.addAll(rotated);
        }
        busy = false;
        pump();
    }

    private void count(int records, boolean force, LogWriter.Outcome outcome) {
        if (records > 0) {
            batches++;
            appended += records;
        }
        if (force) {
            durable = end;
            forces.add(outcome.forceNanos());
        }
    }

    private void refuse(List<Waiting> batch, String why) {
        boolean first = !spaceShort;
        spaceShort = true;
        List<Waiting> all = new ArrayList<>(batch);
        all.addAll(queue);
        queue.clear();
        for (Waiting record : all) {
            if (record.urgent && first && options.reserveBytes() > 0) {
                queue.add(record);
            } else {
                record.done.diskFull(why);
            }
        }
        if (first) {
            releaseReserve = options.reserveBytes() > 0;
            probeLater();
        }
    }

    private void probeLater() {
        if (!probing) {
            probing = true;
            ports.scheduler().after(PROBE_MILLIS, this::probeSpace);
        }
    }

    private void probeSpace() {
        if (failed || closed != null) {
            return;
        }
        ports.worker()
                .submit(
                        () -> writer.reserve().restore(),
                        restored -> {
                            probing = false;
                            spaceShort = !restored;
                            if (!restored) {
                                probeLater();
                            }
                        },
                        this::fail);
    }

    private void forceNow() {
        if (durable.sequence() == end.sequence() || failed || closed != null) {
            return;
        }
        LogMark upTo = end;
        ports.worker()
                .submit(
                        writer::force,
                        nanos -> {
                            forces.add(nanos);
                            if (upTo.position() > durable.position()) {
                                durable = upTo;
                            }
                        },
                        this::fail);
    }

    private void fail(IOException cause) {
        if (!failed) {
            failed = true;
            ports.fatal()
                    .accept(
                            "The log in "
                                    + options.directory()
                                    + " could not be written ("
                                    + cause.getMessage()
                                    + "). Nothing more is acknowledged.");
        }
    }

    public LogStatus status() {
        return new LogStatus(
                readers.size(),
                bytes(),
                appended,
                batches,
                forces.count(),
                forces.percentile(0.5),
                forces.percentile(0.99),
                queue.size(),
                spaceShort,
                failed);
    }

    /** Writes and forces what waits, closes the files, then runs {@code done}. */
    public void close(Runnable done) {
        closed = done;
        if (forceTimer != null) {
            forceTimer.cancel();
        }
        schedulePump();
    }

    private void finishClose() {
        Runnable done = closed;
        if (done == null) {
            return;
        }
        busy = true;
        List<SegmentReader> all = List.copyOf(readers.values());
        ports.worker().submit(writer::force, forced -> closeLater(all, done), this::fail);
    }
}
