package dev.minidynamo.wal;

/**
 * Where a record lies: the segment in the upper 32 bits of a long, the byte offset in the lower.
 *
 * <p>A plain long, because an index holds millions of them. Later records have greater positions.
 */
public final class LogPosition {

    private LogPosition() {}

    public static long of(long segment, long offset) {
        return segment << 32 | offset;
    }

    public static long segment(long position) {
        return position >>> 32;
    }

    public static long offset(long position) {
        return position & 0xffff_ffffL;
    }
}
