package dev.minidynamo.model;

/**
 * When and by whom a cell was written; the higher version wins.
 *
 * @param timestamp hybrid logical time: milliseconds since 1970 in the upper 48 bits, a counter in
 *     the lower 16 (Kulkarni et al., "Logical Physical Clocks", OPODIS 2014)
 * @param writer the coordinator that stamped the write
 * @param incarnation the random number that the writer drew when its data directory was made, so
 *     that a node which lost its disk never repeats a version
 */
public record Version(long timestamp, NodeId writer, int incarnation)
        implements Comparable<Version> {

    /** Bits of the timestamp that hold the logical counter. */
    public static final int COUNTER_BITS = 16;

    /** The wall-clock part of the timestamp, in milliseconds since 1970. */
    public long wallMillis() {
        return timestamp >>> COUNTER_BITS;
    }

    /** The first timestamp of millisecond {@code wallMillis}. */
    public static long timestampOf(long wallMillis) {
        return wallMillis << COUNTER_BITS;
    }

    @Override
    public int compareTo(Version other) {
        int order = Long.compare(timestamp, other.timestamp);
        if (order == 0) {
            order = writer.compareTo(other.writer);
        }
        return order == 0 ? Integer.compareUnsigned(incarnation, other.incarnation) : order;
    }

    public boolean isNewerThan(Version other) {
        return compareTo(other) > 0;
    }

    /** The form shown to people and in {@code ETag}: {@code <timestamp>-<writer>-<incarnation>}. */
    @Override
    public String toString() {
        return timestamp + "-" + writer + "-" + Integer.toUnsignedString(incarnation, 16);
    }
}
