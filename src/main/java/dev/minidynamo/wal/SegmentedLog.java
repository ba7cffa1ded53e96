package dev.minidynamo.wal;

import dev.minidynamo.env.DiskFile;
import dev.minidynamo.env.DiskFullException;
import dev.minidynamo.env.Invariants;
import dev.minidynamo.env.Scheduler;
import dev.minidynamo.wal.BatchQueue.Waiting;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A checksummed append-only log in segments, with group commit.
 *
 * <p>Lives on the event loop. While the worker writes and forces one batch, what is appended waits;
 * then all of it is the next batch, one write and one force. After a batch of several records the
 * next one waits up to 4 ms for other writers. Outcomes are told in the order of the appends, after
 * the force. After a failed write or force nothing is told any more, and {@link LogPorts#fatal} is
 * called once (promise P10).
 */
public final class SegmentedLog {

    private static final long ROTATE_AGAIN_MILLIS = 1000;

    private final LogPorts ports;
    private final LogOptions options;
    private final LogWriter writer;
    private final Recovery recovery;
    private final LogSegments segments;
    private final SpaceGuard space;
    private final BatchQueue queue;
    private final Pump pump;
    private final Forced forced;
    private final List<Runnable> afterRotation = new ArrayList<>();
    private Scheduler.@Nullable Timer forceTimer;
    private LogMark end;
    private long appended;
    private long batches;
    private boolean busy;
    private boolean failed;
    private @Nullable Runnable closed;

    /** An open log, and what was found on the way. */
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
        this.forced = new Forced(ready.end());
        DiskFile active =
                Objects.requireNonNull(
                        ready.files().get(end.segment()), "the segment being written is open");
        this.writer = new LogWriter(ports, options, ready, active);
        this.segments = new LogSegments(ready);
        this.queue = new BatchQueue(options);
        this.pump = new Pump(ports.scheduler(), this::takeBatch);
        this.space = new SpaceGuard(ports, options, writer);
    }

    private void begin() {
        if (options.sync() instanceof SyncMode.Interval interval) {
            forceTimer = ports.scheduler().every(interval.millis(), this::forceNow);
        }
        space.begin();
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
        if (space.isShort() && !urgent) {
            ports.scheduler().execute(() -> done.diskFull("the disk is full"));
            return;
        }
        if (queue.offer(new Waiting(payload, urgent, done))) {
            if (queue.hasMany()) {
                pump.hurry();
            }
            pumpSoon();
        } else {
            ports.scheduler().execute(() -> done.overloaded("too much waits for the disk"));
        }
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
        SegmentReader reader = segments.get(LogPosition.segment(position));
        return reader == null ? null : reader.read(position, frameBytes);
    }

    /** A reader of one segment for a job on another thread; null if the segment is gone. */
    public @Nullable SegmentReader reader(long segment) {
        SegmentReader reader = segments.get(segment);
        return reader == null ? null : reader.another();
    }

    /** The point after the last record that was written. */
    public LogMark end() {
        return end;
    }

    /** The point up to which everything is forced. */
    public LogMark durable() {
        return forced.mark();
    }

    /** The oldest segment. */
    public long firstSegment() {
        return segments.first();
    }

    /** Segments that belong to the log and whose files are lost. */
    public Set<Long> lostSegments() {
        return segments.lost();
    }

    /** Begins a new segment, then runs {@code done}. */
    public void rotate(Runnable done) {
        afterRotation.add(done);
        pumpSoon();
    }

    /**
     * Deletes the segments before {@code segment}, but never the one being written; then runs
     * {@code done} with the segments that are gone: none if the disk is too full for a manifest.
     */
    public void dropBefore(long segment, Consumer<List<Long>> done) {
        if (closed != null) {
            return;
        }
        ports.worker()
                .submit(
                        () -> writer.dropBefore(segment),
                        dropped -> {
                            dropped.forEach(this::forget);
                            done.accept(dropped);
                        },
                        failure -> failUnlessFull(failure, () -> done.accept(List.of())));
    }

    private void forget(long segment) {
        SegmentReader reader = segments.remove(segment);
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
                        failure -> failUnlessFull(failure, done));
    }

    /**
     * Forces what has been written so far, whatever the {@link SyncMode}; then runs {@code done}.
     */
    public void force(Runnable done) {
        if (closed != null) {
            return;
        }
        ports.worker().submit(writer::force, nanos -> done.run(), this::fail);
    }

    /** Runs {@code done} as soon as an interval's force can take nothing back of what is here. */
    public void whenForced(Runnable done) {
        if (forceTimer == null || isForced()) {
            done.run();
        } else if (forced.await(done)) {
            forceNow();
        }
    }

    /** Bytes of records and headers in all segments. */
    public long bytes() {
        return segments.sealedBytes() + end.offset();
    }

    private void pumpSoon() {
        if (!busy && !failed) {
            pump.soon();
        }
    }

    private void takeBatch() {
        if (busy || failed) {
            return;
        }
        if (queue.isEmpty() && afterRotation.isEmpty()) {
            finishClose();
            return;
        }
        if (end.sequence() == segments.baseOf(end.segment())) {
            List<Runnable> begun = List.copyOf(afterRotation);
            afterRotation.clear();
            begun.forEach(Runnable::run);
        }
        long base = segments.baseOf(end.segment());
        boolean rotate = !afterRotation.isEmpty() || !queue.nextFits(end, base);
        LogMark from =
                rotate ? new LogMark(end.segment() + 1, SegmentHeader.BYTES, end.sequence()) : end;
        List<Waiting> batch = queue.take(from, rotate ? end.sequence() : base);
        List<byte[]> payloads = batch.stream().map(Waiting::payload).toList();
        boolean force = options.sync() instanceof SyncMode.Always;
        LogWriter.Batch job =
                new LogWriter.Batch(
                        payloads,
                        rotate ? end.sequence() : forced.mark().sequence(),
                        rotate,
                        force,
                        space.takeRelease());
        busy = true;
        List<Runnable> rotated = rotate ? List.copyOf(afterRotation) : List.of();
        afterRotation.removeAll(rotated);
        ports.worker()
                .submit(
                        () -> writer.write(job),
                        outcome -> written(batch, rotated, force, outcome),
                        this::fail);
    }

    private void written(
            List<Waiting> batch, List<Runnable> rotated, boolean force, LogWriter.Outcome outcome) {
        if (failed) {
            return;
        }
        LogWriter.Begun begun = outcome.begun();
        if (begun != null) {
            segments.begin(begun, end);
            forced.begun(
                    new LogMark(begun.header().segment(), SegmentHeader.BYTES, end.sequence()));
        }
        end = outcome.end();
        if (outcome.full() == null) {
            count(batch.size(), force, outcome);
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).done().durable(outcome.positions()[i], outcome.frames()[i]);
            }
        } else {
            refuse(batch, outcome.full());
        }
        if (begun != null) {
            rotated.forEach(Runnable::run);
        } else if (!rotated.isEmpty()) {
            ports.scheduler().after(ROTATE_AGAIN_MILLIS, () -> rotated.forEach(this::rotate));
        }
        busy = false;
        pump.in(force ? queue.gatherMillis(batch.size()) : 0);
    }

    private void count(int records, boolean force, LogWriter.Outcome outcome) {
        if (records > 0) {
            batches++;
            appended += records;
        }
        if (force) {
            forced.upTo(end, outcome.forceNanos());
        }
    }

    private void refuse(List<Waiting> batch, String why) {
        boolean again = space.foundFull();
        for (Waiting record : queue.drainWith(batch)) {
            if (record.urgent() && again) {
                queue.add(record);
            } else {
                record.done().diskFull(why);
            }
        }
    }

    private boolean isForced() {
        return forced.mark().sequence() == end.sequence();
    }

    private void forceNow() {
        if (!isForced() && !failed && closed == null) {
            LogMark upTo = end;
            ports.worker().submit(writer::force, nanos -> forced.upTo(upTo, nanos), this::fail);
        }
    }

    private void failUnlessFull(IOException cause, Runnable full) {
        if (cause instanceof DiskFullException) {
            full.run();
        } else {
            fail(cause);
        }
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
                segments.count(),
                bytes(),
                appended,
                batches,
                forced.latencies().count(),
                forced.latencies().percentile(0.5),
                forced.latencies().percentile(0.99),
                queue.size(),
                queue.bytes(),
                space.isShort(),
                failed);
    }

    /** Writes and forces what waits, closes the files, then runs {@code done}. */
    public void close(Runnable done) {
        closed = done;
        space.stop();
        if (forceTimer != null) {
            forceTimer.cancel();
        }
        pumpSoon();
    }

    private void finishClose() {
        Runnable done = closed;
        if (done != null) {
            busy = true;
            ports.worker()
                    .submit(writer::force, nanos -> closeLater(segments.all(), done), this::fail);
        }
    }
}
