package dev.minidynamo.wal;

import dev.minidynamo.wal.Recovery.Damage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one segment from a known point to its end, and says what of it is whole.
 *
 * <p>At a record that does not pass, it looks for a later one that does. In a sealed segment
 * everything was durable, so what lies between is damage. In the segment that was being written it
 * is damage if a later record's watermark says that the bad one had been durable; otherwise it is
 * the tail of a crash, and the log ends there.
 */
final class SegmentScanner {

    private final SegmentHeader header;
    private final Seed seed;
    private final Window window;
    private final Replay replay;
    private final List<Manifest.Gap> knownGaps;
    private final RecordFrame frame = new RecordFrame();
    private final List<Damage> damage = new ArrayList<>();
    private long records;
    private long at;
    private long next;

    /**
     * What a scan expects.
     *
     * @param from where to begin
     * @param durable a point up to which the log is known to have been durable
     * @param sealedEnd the point at which a sealed segment ends; null for the one being written
     */
    record Bounds(LogMark from, LogMark durable, @Nullable LogMark sealedEnd) {}

    /**
     * What a scan found.
     *
     * @param end after the last record that counts
     */
    record Result(LogMark end, long records, List<Damage> damage) {}

    SegmentScanner(
            SegmentHeader header, Window window, Replay replay, List<Manifest.Gap> knownGaps) {
        this.header = header;
        this.seed = new Seed(header);
        this.window = window;
        this.replay = replay;
        this.knownGaps = knownGaps;
    }

    Result scan(Bounds bounds) throws IOException {
        at = bounds.from.offset();
        next = bounds.from.sequence();
        boolean more = true;
        while (more) {
            readRecords();
            more = skipKnownGap() || stepOver(bounds);
        }
        return new Result(new LogMark(header.segment(), at, next), records, damage);
    }

    private void readRecords() throws IOException {
        while (parse(at) && frame.sequence() == next) {
            long position = LogPosition.of(header.segment(), at);
            replay.record(
                    position,
                    frame.frameBytes(),
                    window.bytes(),
                    frame.payloadAt(),
                    frame.payloadBytes());
            at += frame.frameBytes();
            next++;
            records++;
        }
    }

    private boolean parse(long offset) throws IOException {
        window.load(offset, RecordFrame.MAX_OVERHEAD);
        int index = window.index(offset);
        int length = frame.peek(window.bytes(), index, window.limit(), seed);
        if (length < 0 || offset + length > window.fileBytes()) {
            return false;
        }
        if (index + length > window.limit()) {
            window.load(offset, length);
            index = window.index(offset);
            frame.peek(window.bytes(), index, window.limit(), seed);
        }
        return frame.verify(window.bytes(), index, window.limit(), seed, offset);
    }

    private boolean skipKnownGap() {
        for (Manifest.Gap gap : knownGaps) {
            boolean here = gap.segment() == header.segment() && gap.fromOffset() == at;
            if (here && (gap.toOffset() > at || gap.nextSequence() > next)) {
                at = gap.toOffset();
                next = gap.nextSequence();
                return true;
            }
        }
        return false;
    }

    /** Steps over what is not whole; false if the segment ends here. */
    private boolean stepOver(Bounds bounds) throws IOException {
        LogMark sealedEnd = bounds.sealedEnd;
        if (sealedEnd != null && at >= sealedEnd.offset() && next >= sealedEnd.sequence()) {
            return false;
        }
        LogMark found = findLater(sealedEnd != null);
        if (found == null && sealedEnd != null) {
            found = sealedEnd;
        }
        if (found == null && bounds.durable.segment() == header.segment()) {
            found = bounds.durable.sequence() > next ? bounds.durable : null;
        }
        if (found == null) {
            return false;
        }
        damage.add(
                new Damage(
                        header.segment(),
                        at,
                        Math.max(found.offset(), at),
                        next,
                        found.sequence(),
                        "records do not pass their checksum",
                        ""));
        at = Math.max(found.offset(), at);
        next = found.sequence();
        return sealedEnd == null || !found.equals(sealedEnd);
    }

    /** The next whole record, if it, or one after it, shows that what is skipped was durable. */
    private @Nullable LogMark findLater(boolean durableAnyway) throws IOException {
        LogMark first = null;
        long offset = at + 1;
        while (offset < window.fileBytes()) {
            if (!plausible(offset) || !parse(offset) || frame.sequence() < next) {
                offset++;
                continue;
            }
            if (first == null) {
                first = new LogMark(header.segment(), offset, frame.sequence());
            }
            if (durableAnyway || frame.watermark() > next) {
                return first;
            }
            offset += frame.frameBytes();
        }
        return null;
    }

    private boolean plausible(long offset) throws IOException {
        window.load(offset, RecordFrame.MAX_OVERHEAD);
        int index = window.index(offset);
        int length = frame.peek(window.bytes(), index, window.limit(), seed);
        long skippedRecords = frame.sequence() - next;
        return length > 0
                && offset + length <= window.fileBytes()
                && skippedRecords >= 0
                && skippedRecords <= offset - at;
    }
}
