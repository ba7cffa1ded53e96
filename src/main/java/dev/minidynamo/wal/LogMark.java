package dev.minidynamo.wal;

/**
 * A point between two records of a log.
 *
 * @param segment the segment that the point lies in
 * @param offset bytes of that segment before it
 * @param sequence records of the whole log before it
 */
public record LogMark(long segment, long offset, long sequence) {

    /** The point before the first record of any log. */
    public static final LogMark START = new LogMark(0, 0, 0);

    /** Whether no record lies before it in its segment. */
    public boolean startsSegment() {
        return offset == SegmentHeader.BYTES;
    }

    /** As a {@link LogPosition}, for comparisons. */
    public long position() {
        return LogPosition.of(segment, offset);
    }
}
