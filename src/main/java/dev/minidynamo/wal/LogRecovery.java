package dev.minidynamo.wal;

import dev.minidynamo.env.DiskFile;
import dev.minidynamo.wal.Manifest.Segment;
import dev.minidynamo.wal.Recovery.Damage;
import dev.minidynamo.wal.Recovery.Torn;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Opens a log: finds its segments, replays them, cuts a torn tail and reports damage.
 *
 * <p>Each segment is one job of the worker, so that progress can be told and nothing else waits for
 * long.
 */
final class LogRecovery {

    private final LogPorts ports;
    private final LogOptions options;
    private final OpenRequest request;
    private final SegmentFiles files;
    private final Quarantine quarantine;
    private final TreeMap<Long, DiskFile> open = new TreeMap<>();
    private final List<Torn> torn = new ArrayList<>();
    private final List<Damage> damage = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Manifest manifest;
    private long records;
    private long bytes;
    private LogMark end = LogMark.START;
    private LogMark from;

    /** What a log begins with once it is open. */
    record Ready(
            Manifest manifest,
            TreeMap<Long, DiskFile> files,
            LogMark end,
            long allocated,
            Recovery recovery) {}

    LogRecovery(LogPorts ports, LogOptions options, OpenRequest request) {
        this.ports = ports;
        this.options = options;
        this.request = request;
        this.from = request.from();
        this.files = new SegmentFiles(ports.disk(), options.directory());
        this.quarantine = new Quarantine(ports.disk());
        this.manifest = new Manifest(0, List.of(new Segment(1, 0, Manifest.GROWING)), List.of());
    }

    void start(Consumer<Ready> opened, Consumer<IOException> failed) {
        ports.worker()
                .submit(
                        () -> {
                            manifest = new ManifestFinder(ports, options, damage, notes).find();
                            checkStart();
                            return manifest;
                        },
                        found -> next(0, opened, failed),
                        failed::accept);
    }

    private void checkStart() {
        long last = manifest.last().id();
        if (from.segment() > last) {
            String why = "the log ends before the point from which it should be replayed";
            damage.add(new Damage(last, 0, 0, 0, 0, why, ""));
            from = LogMark.START;
        }
    }

    private void next(int done, Consumer<Ready> opened, Consumer<IOException> failed) {
        int total = manifest.segments().size();
        request.progress().at(done, total, records);
        if (done == total) {
            ports.worker().submit(this::finish, opened::accept, failed::accept);
            return;
        }
        ports.worker()
                .submit(
                        () -> {
                            scan(done);
                            return done + 1;
                        },
                        scanned -> next(scanned, opened, failed),
                        failed::accept);
    }

    private void scan(int index) throws IOException {
        Segment segment = manifest.segments().get(index);
        boolean last = index == manifest.segments().size() - 1;
        if (!ports.disk().exists(files.path(segment.id())) && !replaceLost(segment, index)) {
            return;
        }
        DiskFile file = files.open(segment.id());
        open.put(segment.id(), file);
        checkLength(file, segment, SegmentHeader.BYTES);
        checkHeader(file, segment);
        if (segment.id() < from.segment()) {
            checkLength(file, segment, segment.bytes());
            return;
        }
        LogMark begin = from;
        if (segment.id() == from.segment()) {
            checkLength(file, segment, from.offset());
        } else {
            begin = new LogMark(segment.id(), SegmentHeader.BYTES, segment.baseSequence());
        }
        LogMark sealedEnd = last ? null : sealedEnd(index);
        scan(file, segment, new SegmentScanner.Bounds(begin, request.durable(), sealedEnd));
    }

    private LogMark sealedEnd(int index) {
        Segment segment = manifest.segments().get(index);
        return new LogMark(
                segment.id(), segment.bytes(), manifest.segments().get(index + 1).baseSequence());
    }

    private void scan(DiskFile file, Segment segment, SegmentScanner.Bounds bounds)
            throws IOException {
        Window window = new Window(file);
        SegmentScanner scanner =
                new SegmentScanner(headerOf(segment), window, request.replay(), manifest.gaps());
        SegmentScanner.Result result = scanner.scan(bounds);
        records += result.records();
        bytes += result.end().offset() - bounds.from().offset();
        end = result.end();
        for (Damage found : result.damage()) {
            damage.add(setAside(file, found));
        }
        if (window.metUnreadable() && bounds.sealedEnd() == null) {
            damage.add(unreadableTail(segment));
        }
    }

    /** Damage for records at the end that would otherwise pass for space that was never used. */
    private Damage unreadableTail(Segment segment) {
        long at = end.offset();
        return new Damage(segment.id(), at, at, 0, 0, "some of it cannot be read", "");
    }

    private SegmentHeader headerOf(Segment segment) {
        return new SegmentHeader(manifest.identity(), segment.id(), segment.baseSequence());
    }

    private Damage setAside(DiskFile file, Damage found) throws IOException {
        long to = Math.min(found.toOffset(), file.size());
        String copy =
                quarantine.keep(file, found.fromOffset(), to, name(found, found.fromOffset()));
        return new Damage(
                found.segment(),
                found.fromOffset(),
                found.toOffset(),
                found.fromSequence(),
                found.toSequence(),
                found.why(),
                copy);
    }

    private String name(Damage found, long offset) {
        return name(found.segment(), offset, "damaged");
    }

    private String name(long segment, long offset, String kind) {
        return options.directory().replace('/', '-')
                + ("-" + segment + "-" + offset + "-" + ports.clock().wallMillis() + "." + kind);
    }

    /** Deals with a segment whose file is gone; true if it was made anew. */
    private boolean replaceLost(Segment segment, int index) throws IOException {
        boolean known =
                manifest.gaps().stream()
                        .anyMatch(g -> g.segment() == segment.id() && g.fromOffset() == 0);
        boolean last = index == manifest.segments().size() - 1;
        LogMark until =
                last
                        ? new LogMark(segment.id(), SegmentHeader.BYTES, segment.baseSequence())
                        : sealedEnd(index);
        if (!known) {
            damage.add(
                    new Damage(
                            segment.id(),
                            0,
                            until.offset(),
                            segment.baseSequence(),
                            until.sequence(),
                            "the file is missing",
                            ""));
        }
        if (last) {
            files.create(headerOf(segment)).close();
        }
        return last;
    }

    private void checkHeader(DiskFile file, Segment segment) throws IOException {
        SegmentHeader expected = headerOf(segment);
        if (!expected.equals(files.header(file))) {
            notes.add(
                    "The header of "
                            + files.path(segment.id())
                            + " was damaged and has been written again from the manifest.");
            if (segment.equals(manifest.last())) {
                damage.add(headerDamage(segment));
            }
            file.write(0, ByteBuffer.wrap(expected.encode()));
            file.force();
        }
    }

    /**
     * Damage for a header of the segment that was being written.
     *
     * <p>What harmed the header may have harmed the records too, and where all of them are zeros
     * they look like space that was never used.
     */
    private static Damage headerDamage(Segment segment) {
        long base = segment.baseSequence();
        String why = "the header does not pass its checksum";
        return new Damage(segment.id(), 1, SegmentHeader.BYTES, base, base, why, "");
    }

    private void checkLength(DiskFile file, Segment segment, long expected) throws IOException {
        if (file.size() < expected) {
            damage.add(
                    new Damage(
                            segment.id(),
                            file.size(),
                            expected,
                            segment.baseSequence(),
                            segment.baseSequence(),
                            "the file is shorter than it was",
                            ""));
        }
    }

    private Ready finish() throws IOException {
        DiskFile active = open.get(manifest.last().id());
        if (active == null) {
            throw new IOException("the log in " + options.directory() + " has no last segment");
        }
        long allocated = cutTail(active);
        long from = SegmentHeader.BYTES;
        if (request.durable().segment() == end.segment()) {
            from = Math.max(from, request.durable().offset());
        }
        writeAgain(active, from, end.offset(), 1 << 20);
        active.force();
        Recovery recovery = new Recovery(records, bytes, torn, damage, notes);
        return new Ready(manifest, open, end, allocated, recovery);
    }

    /**
     * Writes what was replayed of the last segment over itself.
     *
     * <p>After a force that failed, the system may show records that are not on the device and
     * never will be, because it takes their pages for clean ("fsyncgate", 2018; Rebello et al.,
     * USENIX ATC 2020). A page that has been written again is forced again. One that cannot be read
     * is left as it is.
     */
    private static void writeAgain(DiskFile file, long from, long to, int step) throws IOException {
        for (long at = from; at < to; at += step) {
            ByteBuffer copy = ByteBuffer.allocate((int) Math.min(step, to - at));
            try {
                file.read(at, copy);
            } catch (IOException unreadable) {
                if (step > Window.PAGE) {
                    writeAgain(file, at, at + copy.capacity(), Window.PAGE);
                }
                continue;
            }
            file.write(at, copy.flip());
        }
    }

    private long cutTail(DiskFile file) throws IOException {
        long size = file.size();
        long dirtyEnd = lastNonZero(file, end.offset(), size);
        if (dirtyEnd <= end.offset()) {
            return Math.max(size, end.offset());
        }
        String name = name(end.segment(), end.offset(), "torn");
        String copy = quarantine.keep(file, end.offset(), dirtyEnd, name);
        torn.add(new Torn(end.segment(), end.offset(), dirtyEnd - end.offset(), copy));
        file.truncate(end.offset());
        return end.offset();
    }

    /** The end of what is to be cut off; space that cannot be read is not to be written to. */
    private static long lastNonZero(DiskFile file, long from, long size) throws IOException {
        Window window = new Window(file);
        long last = from;
        for (long at = from; at < size; at += 1 << 20) {
            int length = (int) Math.min(1 << 20, size - at);
            window.load(at, length);
            if (window.metUnreadable()) {
                return size;
            }
            byte[] bytes = window.bytes();
            for (int i = 0; i < length; i++) {
                if (bytes[window.index(at) + i] != 0) {
                    last = at + i + 1;
                }
            }
        }
        return last;
    }
}
