package dev.minidynamo.wal;

import dev.minidynamo.env.DiskFile;
import dev.minidynamo.env.DiskFullException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The half of a log that lives on the worker: the segment being written, and the manifest.
 *
 * <p>A full disk is an outcome, and what was half written is cut off again. Any other exception
 * means that nothing is known about the file any more (Rebello et al., USENIX ATC 2020).
 */
final class LogWriter {

    private final LogPorts ports;
    private final LogOptions options;
    private final SegmentFiles files;
    private final CheckedFile manifestFile;
    private final SpaceReserve reserve;
    private Manifest manifest;
    private DiskFile active;
    private Seed seed;
    private long offset;
    private long allocated;
    private long sequence;
    private ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

    /**
     * Records that are written and forced together.
     *
     * @param watermark records of the log that are durable already
     * @param rotate whether a new segment begins first
     * @param force whether they are forced
     * @param releaseReserve whether the reserve's space is given up first
     */
    record Batch(
            List<byte[]> payloads,
            long watermark,
            boolean rotate,
            boolean force,
            boolean releaseReserve) {}

    /** A segment that was begun. */
    record Begun(SegmentHeader header, DiskFile file) {}

    /**
     * What became of a batch.
     *
     * @param full why nothing of it was written, null if all of it was
     * @param positions of the records
     * @param frames lengths of the records on disk
     */
    record Outcome(
            @Nullable String full,
            long[] positions,
            int[] frames,
            LogMark end,
            long forceNanos,
            @Nullable Begun begun) {}

    LogWriter(LogPorts ports, LogOptions options, LogRecovery.Ready ready, DiskFile active) {
        this.ports = ports;
        this.options = options;
        this.files = new SegmentFiles(ports.disk(), options.directory());
        this.manifestFile = ManifestFinder.file(ports, options);
        this.reserve = new SpaceReserve(ports.disk(), options);
        this.manifest = ready.manifest();
        this.active = active;
        this.seed = new Seed(header(manifest.last()));
        this.offset = ready.end().offset();
        this.allocated = ready.allocated();
        this.sequence = ready.end().sequence();
    }

    private SegmentHeader header(Manifest.Segment segment) {
        return new SegmentHeader(manifest.identity(), segment.id(), segment.baseSequence());
    }

    SpaceReserve reserve() {
        return reserve;
    }

    private LogMark end() {
        return new LogMark(manifest.last().id(), offset, sequence);
    }

    Outcome write(Batch batch) throws IOException {
        int count = batch.payloads.size();
        long[] positions = new long[count];
        int[] frames = new int[count];
        Begun begun = null;
        try {
            if (batch.releaseReserve) {
                reserve.release();
            }
            if (batch.rotate) {
                begun = rotate();
            }
            encode(batch, positions, frames);
            grow();
            active.write(offset, buffer.flip());
        } catch (DiskFullException full) {
            rollBack();
            String why = full.getMessage() == null ? "the disk is full" : full.getMessage();
            return new Outcome(why, new long[0], new int[0], end(), 0, begun);
        }
        offset += buffer.limit();
        allocated = Math.max(allocated, offset);
        sequence += count;
        long forceNanos = batch.force ? force() : -1;
        return new Outcome(null, positions, frames, end(), forceNanos, begun);
    }

    private void encode(Batch batch, long[] positions, int[] frames) {
        buffer.clear();
        for (int i = 0; i < positions.length; i++) {
            byte[] payload = batch.payloads.get(i);
            makeRoom(payload.length + RecordFrame.MAX_OVERHEAD);
            long at = offset + buffer.position();
            RecordFrame.Numbers numbers = new RecordFrame.Numbers(sequence + i, batch.watermark);
            frames[i] = RecordFrame.encode(buffer, seed, at, numbers, payload);
            positions[i] = LogPosition.of(manifest.last().id(), at);
        }
    }

    private void makeRoom(int bytes) {
        if (buffer.remaining() < bytes) {
            int size = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
            buffer = ByteBuffer.allocate(size).put(buffer.flip());
        }
    }

    /** Lengthens the segment with zeros, so that a force need not write its length each time. */
    private void grow() throws IOException {
        long needed = offset + buffer.position();
        if (needed <= allocated || options.growBytes() == 0) {
            return;
        }
        long target = Math.min(allocated + options.growBytes(), options.segmentBytes());
        try {
            if (target > needed) {
                SegmentFiles.fillWithZeros(active, allocated, target);
                allocated = target;
            }
        } catch (DiskFullException full) {
            active.truncate(allocated);
        }
    }

    private void rollBack() throws IOException {
        active.truncate(offset);
        active.force();
        allocated = offset;
    }

    /** Forces what has been written; returns how long it took, in nanoseconds. */
    long force() throws IOException {
        long start = ports.clock().monotonicNanos();
        active.force();
        return ports.clock().monotonicNanos() - start;
    }

    private Begun rotate() throws IOException {
        active.truncate(offset);
        active.force();
        allocated = offset;
        Manifest.Segment next =
                new Manifest.Segment(manifest.last().id() + 1, sequence, Manifest.GROWING);
        SegmentHeader header = header(next);
        DiskFile file = files.create(header);
        Manifest rotated = manifest.rotated(offset, next);
        try {
            manifestFile.write(Manifest.VERSION, rotated.encode());
        } catch (DiskFullException full) {
            files.discard(file, next.id(), full);
            throw full;
        }
        manifest = rotated;
        active = file;
        seed = new Seed(header);
        offset = SegmentHeader.BYTES;
        allocated = offset;
        return new Begun(header, file);
    }

    /** Takes the segments before {@code segment} off the manifest, then deletes them. */
    List<Long> dropBefore(long segment) throws IOException {
        Manifest rest = manifest.without(Math.min(segment, manifest.last().id()));
        List<Long> dropped = new ArrayList<>();
        for (Manifest.Segment old : manifest.segments()) {
            if (old.id() < rest.segments().getFirst().id()) {
                dropped.add(old.id());
            }
        }
        if (!dropped.isEmpty()) {
            active.force(); // The copies of what was still needed, whatever the sync mode.
            replaceManifest(rest);
            for (long id : dropped) {
                ports.disk().delete(files.path(id));
            }
            ports.disk().forceDirectory(options.directory());
        }
        return dropped;
    }

    /** Notes damage in the manifest, so that the next start does not report it again. */
    void acknowledge(List<Recovery.Damage> damage) throws IOException {
        long first = manifest.segments().getFirst().id();
        List<Manifest.Gap> gaps =
                damage.stream()
                        .filter(d -> d.segment() >= first)
                        .map(d ->
                                new Manifest.Gap(
                                        d.segment(), d.fromOffset(), d.toOffset(), d.toSequence()))
                        .toList();
        replaceManifest(manifest.withGaps(gaps));
    }

    private void replaceManifest(Manifest next) throws IOException {
        try {
            manifestFile.write(Manifest.VERSION, next.encode());
        } catch (DiskFullException full) {
            reserve.release();
            manifestFile.write(Manifest.VERSION, next.encode());
        }
        manifest = next;
    }
}
