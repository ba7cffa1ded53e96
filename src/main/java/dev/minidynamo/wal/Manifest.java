package dev.minidynamo.wal;

import org.jspecify.annotations.Nullable;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The list of a log's segments, replaced atomically whenever one is begun or dropped.
 *
 * @param identity number drawn when the log was made
 * @param segments in order, the last one being written
 * @param gaps damage that was already found and reported
 */
record Manifest(long identity, List<Segment> segments, List<Gap> gaps) {

    static final int MAGIC = 0x4d444d46; // MDMF
    static final int VERSION = 1;

    /** {@link Segment#bytes} of the segment that is being written. */
    static final long GROWING = -1;

    /** One segment. */
    record Segment(long id, long baseSequence, long bytes) {

        boolean sealed() {
            return bytes != GROWING;
        }
    }

    /** A damaged range of a segment, and the sequence of the record after it. */
    record Gap(long segment, long fromOffset, long toOffset, long nextSequence) {}

    Manifest {
        segments = List.copyOf(segments);
        gaps = List.copyOf(gaps);
    }

    Segment last() {
        return segments.getLast();
    }

    /** This manifest with its last segment sealed and {@code next} begun. */
    Manifest rotated(long sealedBytes, Segment next) {
        List<Segment> list = new ArrayList<>(segments);
        Segment last = list.removeLast();
        list.add(new Segment(last.id, last.baseSequence, sealedBytes));
        list.add(next);
        return new Manifest(identity, list, gaps);
    }

    /** This manifest without the segments before {@code segment}. */
    Manifest without(long segment) {
        return new Manifest(
                identity,
                segments.stream().filter(s -> s.id >= segment).toList(),
                gaps.stream().filter(g -> g.segment >= segment).toList());
    }

    Manifest withGaps(List<Gap> more) {
        List<Gap> list = new ArrayList<>(gaps);
        list.addAll(more);
        return new Manifest(identity, segments, list);
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(16 + 24 * segments.size() + 32 * gaps.size());
        out.putLong(identity).putInt(segments.size()).putInt(gaps.size());
        for (Segment s : segments) {
            out.putLong(s.id).putLong(s.baseSequence).putLong(s.bytes);
        }
        for (Gap g : gaps) {
            out.putLong(g.segment).putLong(g.fromOffset).putLong(g.toOffset);
            out.putLong(g.nextSequence);
        }
        return out.array();
    }

    /** The manifest in {@code body}, or null if that is none. */
    static @Nullable Manifest decode(byte[] body) {
        try {
            ByteBuffer in = ByteBuffer.wrap(body);
            long identity = in.getLong();
            int segmentCount = in.getInt();
            int gapCount = in.getInt();
            boolean whole =
                    segmentCount >= 1
                            && gapCount >= 0
                            && body.length == 16 + 24L * segmentCount + 32L * gapCount;
            return whole ? decode(in, identity, segmentCount, gapCount) : null;
        } catch (BufferUnderflowException tooShort) {
            return null;
        }
    }

    private static @Nullable Manifest decode(
            ByteBuffer in, long identity, int segmentCount, int gapCount) {
        List<Segment> segments = new ArrayList<>();
        long before = 0;
        for (int i = 0; i < segmentCount; i++) {
            Segment segment = new Segment(in.getLong(), in.getLong(), in.getLong());
            if (segment.id <= before || segment.sealed() == (i == segmentCount - 1)) {
                return null;
            }
            before = segment.id;
            segments.add(segment);
        }
        List<Gap> gaps = new ArrayList<>();
        for (int i = 0; i < gapCount; i++) {
            gaps.add(new Gap(in.getLong(), in.getLong(), in.getLong(), in.getLong()));
        }
        return new Manifest(identity, segments, gaps);
    }
}
