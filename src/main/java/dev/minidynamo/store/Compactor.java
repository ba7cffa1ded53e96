package dev.minidynamo.store;

import dev.minidynamo.env.Clock;
import dev.minidynamo.model.Key;
import dev.minidynamo.wal.Appended;
import dev.minidynamo.wal.LogPosition;
import dev.minidynamo.wal.SegmentReader;
import dev.minidynamo.wal.SegmentedLog;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Copies what the index still points at out of the oldest segment, then drops the segment.
 *
 * <p>Always the oldest, one after the other: a tombstone lies after everything it covers, so when
 * its segment goes, what it covered has gone before ({@code
 * docs/decisions/oldest-first-compaction.md}). A record is appended again only while the index
 * still points at it and nothing newer is on its way, so the records of a key stay in the order of
 * their versions.
 */
final class Compactor {

    private static final int CHUNK_BYTES = 256 << 10;
    private static final int LEAVES_PER_STEP = 2048;

    private final StorePorts ports;
    private final StoreOptions options;
    private final SegmentedLog log;
    private final KeyIndex index;
    private final Predicate<Key> busy;
    private final Consumer<KeyIndex.Slot> damaged;
    private final CellView view = new CellView();
    private final List<Consumer<String>> waiting = new ArrayList<>();
    private boolean running;
    private long until;
    private long segment;
    private int nextLeaf;
    private int inFlight;
    private @Nullable String refusal;
    private boolean stopped;

    private long segmentsDone;
    private long movedBytes;
    private long freedBytes;
    private long lastAtMillis;
    private String lastOutcome = "";

    /** A record to be copied. */
    private record Target(long position, int frameBytes, long token) {}

    /**
     * @param busy whether a newer cell of a key is on its way to the log
     * @param damaged takes entries whose record cannot be read
     */
    Compactor(
            StorePorts ports,
            StoreOptions options,
            SegmentedLog log,
            KeyIndex index,
            Predicate<Key> busy,
            Consumer<KeyIndex.Slot> damaged) {
        this.ports = ports;
        this.options = options;
        this.log = log;
        this.index = index;
        this.busy = busy;
        this.damaged = damaged;
    }

    /** Copies nothing any more, since the log is about to be closed. */
    void stop() {
        stopped = true;
    }

    StoreStatus.Compaction status() {
        return new StoreStatus.Compaction(
                running, lastAtMillis, segmentsDone, movedBytes, freedBytes, lastOutcome);
    }

    /** Begins if too much is dead and the log is large, or the disk full. */
    void runIfNeeded() {
        boolean worthIt = log.bytes() >= options.compactFromBytes() || log.status().spaceShort();
        if (!running && !stopped && worthIt && tooMuchIsDead()) {
            start(0);
        }
    }

    private boolean tooMuchIsDead() {
        return deadShare() > options.compactAtDeadShare();
    }

    /** Whether the log grows although segments are compacted at the usual pace. */
    private boolean fallsBehind() {
        return log.bytes() > 1.2 * options.compactFromBytes()
                && deadShare() > 1.2 * options.compactAtDeadShare();
    }

    private double deadShare() {
        long total = Math.max(1, log.bytes());
        return (double) (total - index.use().liveBytes()) / total;
    }

    /** Compacts every segment there is now; {@code done} gets a sentence about it. */
    void runAll(Consumer<String> done) {
        waiting.add(done);
        if (!running) {
            start(log.end().segment());
        } else {
            until = Math.max(until, log.end().segment());
        }
    }

    private void start(long last) {
        running = true;
        until = last;
        nextSegment();
    }

    private void nextSegment() {
        if (stopped) {
            return;
        }
        segment = log.firstSegment();
        boolean wanted = segment <= until || tooMuchIsDead();
        if (!wanted) {
            end("Compacted " + segmentsDone + " segments since the start.");
        } else if (segment == log.end().segment()) {
            long before = segment;
            log.rotate(() -> {
                if (log.end().segment() == before) {
                    end("There is nothing to compact.");
                } else {
                    collect();
                }
            });
        } else {
            collect();
        }
    }

    private void collect() {
        nextLeaf = 0;
        refusal = null;
        collectChunk(new ArrayList<>(), 0);
    }

    /** Goes on through the index until the chunk is full, with room for other work between. */
    private void collectChunk(List<Target> chunk, int collectedBytes) {
        if (index.use().records(segment) == 0) {
            drop();
            return;
        }
        int bytes = collectedBytes;
        int to = Math.min(nextLeaf + LEAVES_PER_STEP, KeyIndex.LEAVES);
        while (nextLeaf < to && bytes < CHUNK_BYTES) {
            bytes += collect(index.bucket(nextLeaf), chunk);
            nextLeaf = index.nextLeaf(nextLeaf + 1);
        }
        if (nextLeaf < KeyIndex.LEAVES && bytes < CHUNK_BYTES) {
            int collected = bytes;
            ports.scheduler().execute(() -> collectChunk(chunk, collected));
        } else {
            chunk.sort(Comparator.comparingLong(Target::position));
            copy(chunk, bytes);
        }
    }

    /** Adds the bucket's records in the segment to the chunk; how many bytes they are. */
    private int collect(@Nullable Bucket bucket, List<Target> chunk) {
        int bytes = 0;
        for (int i = 0; bucket != null && i < bucket.count(); i++) {
            if (LogPosition.segment(bucket.position(i)) == segment) {
                chunk.add(new Target(bucket.position(i), bucket.frameBytes(i), bucket.token(i)));
                bytes += bucket.frameBytes(i);
            }
        }
        return bytes;
    }

    private void copy(List<Target> chunk, int bytes) {
        SegmentReader reader = log.reader(segment);
        if (chunk.isEmpty() || reader == null) {
            ports.scheduler().after(1, this::collect); // what was busy, once more
            return;
        }
        ports.backgroundWorker()
                .submit(
                        () -> read(reader, chunk),
                        payloads -> append(chunk, payloads, bytes),
                        failure -> end("Compaction failed: " + failure.getMessage()));
    }

    /** What cannot be read is damage, as for {@link WalStore#read}. */
    private static List<SegmentReader.@Nullable Payload> read(
            SegmentReader reader, List<Target> chunk) {
        List<SegmentReader.@Nullable Payload> payloads = new ArrayList<>();
        for (Target target : chunk) {
            try {
                payloads.add(reader.read(target.position, target.frameBytes));
            } catch (IOException unreadable) {
                payloads.add(null);
            }
        }
        return payloads;
    }

    private void append(
            List<Target> chunk, List<SegmentReader.@Nullable Payload> payloads, int bytes) {
        if (stopped) {
            return;
        }
        inFlight = 1;
        for (int i = 0; i < chunk.size(); i++) {
            append(chunk.get(i), payloads.get(i));
        }
        settle(bytes);
    }

    private void append(Target target, SegmentReader.@Nullable Payload payload) {
        KeyIndex.Slot slot = find(target);
        if (slot == null) {
            return;
        }
        if (payload == null || !view.parse(payload.bytes(), payload.from(), payload.length())) {
            damaged.accept(slot);
            return;
        }
        if (busy.test(CellCodec.key(view))) {
            return;
        }
        byte[] copy =
                Arrays.copyOfRange(
                        payload.bytes(), payload.from(), payload.from() + payload.length());
        inFlight++;
        log.append(copy, true, new Copied(target));
    }

    private KeyIndex.@Nullable Slot find(Target target) {
        Bucket bucket = index.bucket(KeyIndex.leafOf(target.token));
        if (bucket == null) {
            return null;
        }
        for (int i = bucket.lowerBound(target.token);
                i < bucket.count() && bucket.token(i) == target.token;
                i++) {
            if (bucket.position(i) == target.position) {
                return new KeyIndex.Slot(bucket, i);
            }
        }
        return null;
    }

    private final class Copied implements Appended {

        private final Target target;

        Copied(Target target) {
            this.target = target;
        }

        @Override
        public void durable(long position, int frameBytes) {
            KeyIndex.Slot slot = find(target);
            if (slot != null) {
                index.move(slot, position, frameBytes);
                movedBytes += frameBytes;
            }
            settle(target.frameBytes);
        }

        @Override
        public void diskFull(String why) {
            refused("the disk is full");
        }

        @Override
        public void overloaded(String why) {
            refused(why);
        }

        private void refused(String why) {
            refusal = why;
            settle(0);
        }
    }

    private void settle(int bytes) {
        inFlight--;
        if (inFlight > 0) {
            return;
        }
        if (refusal != null) {
            end("Compaction stopped because " + refusal + ".");
            return;
        }
        long pause = fallsBehind() ? 0 : bytes * 1000L / options.compactionBytesPerSecond();
        ports.scheduler().after(pause, () -> collectChunk(new ArrayList<>(), 0));
    }

    private void drop() {
        long before = log.bytes();
        log.dropBefore(
                segment + 1,
                dropped -> {
                    if (dropped.isEmpty()) {
                        end("Compaction stopped because the disk is full.");
                        return;
                    }
                    segmentsDone += dropped.size();
                    freedBytes += Math.max(0, before - log.bytes());
                    nextSegment();
                });
    }

    private void end(String outcome) {
        Clock clock = ports.clock();
        running = false;
        lastAtMillis = clock.wallMillis();
        lastOutcome = outcome;
        List<Consumer<String>> told = List.copyOf(waiting);
        waiting.clear();
        told.forEach(listener -> listener.accept(outcome));
    }
}
