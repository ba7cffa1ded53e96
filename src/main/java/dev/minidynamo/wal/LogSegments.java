package dev.minidynamo.wal;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The segments of an open log as the event loop knows them: a reader each, and their sizes. */
final class LogSegments {

    private final TreeMap<Long, SegmentReader> readers = new TreeMap<>();
    private final TreeMap<Long, Long> sealedBytes = new TreeMap<>();

    LogSegments(LogRecovery.Ready ready) {
        for (Manifest.Segment segment : ready.manifest().segments()) {
            if (segment.sealed()) {
                sealedBytes.put(segment.id(), segment.bytes());
            }
            var file = ready.files().get(segment.id());
            if (file != null) {
                long identity = ready.manifest().identity();
                SegmentHeader header =
                        new SegmentHeader(identity, segment.id(), segment.baseSequence());
                readers.put(segment.id(), new SegmentReader(header, file));
            }
        }
    }

    void begin(LogWriter.Begun begun, LogMark endBefore) {
        sealedBytes.put(endBefore.segment(), endBefore.offset());
        readers.put(begun.header().segment(), new SegmentReader(begun.header(), begun.file()));
    }

    @Nullable SegmentReader remove(long segment) {
        sealedBytes.remove(segment);
        return readers.remove(segment);
    }

    @Nullable SegmentReader get(long segment) {
        return readers.get(segment);
    }

    List<SegmentReader> all() {
        return List.copyOf(readers.values());
    }

    int count() {
        return readers.size();
    }

    long first() {
        return Math.min(
                readers.firstKey(),
                sealedBytes.isEmpty() ? Long.MAX_VALUE : sealedBytes.firstKey());
    }

    /** Segments whose files are lost. */
    Set<Long> lost() {
        Set<Long> lost = new TreeSet<>(sealedBytes.keySet());
        lost.removeAll(readers.keySet());
        return lost;
    }

    long baseOf(long segment) {
        return Objects.requireNonNull(readers.get(segment), "the segment being written is open")
                .header()
                .baseSequence();
    }

    long sealedBytes() {
        return sealedBytes.values().stream().mapToLong(Long::longValue).sum();
    }
}
