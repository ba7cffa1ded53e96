package dev.minidynamo.wal;

import java.util.List;

/**
 * What opening a log found.
 *
 * @param records records that were replayed
 * @param bytes their size
 * @param torn tails that were cut; nothing in them was acknowledged
 * @param damage records that were durable once and cannot be read any more
 * @param notes sentences for the operator
 */
public record Recovery(
        long records, long bytes, List<Torn> torn, List<Damage> damage, List<String> notes) {

    /** A tail that a crash left half written, cut off and kept in {@code quarantine}. */
    public record Torn(long segment, long offset, long bytes, String quarantine) {}

    /**
     * A range of a segment that is damaged.
     *
     * @param fromOffset first bad byte, 0 if the whole segment is lost
     * @param toOffset first good byte after it
     * @param fromSequence first record that is lost
     * @param toSequence first record after it
     * @param quarantine the copy of the bytes, empty if there are none
     */
    public record Damage(
            long segment,
            long fromOffset,
            long toOffset,
            long fromSequence,
            long toSequence,
            String why,
            String quarantine) {

        /** Whether a record at {@code position} is within the damage. */
        public boolean covers(long position) {
            return position >= LogPosition.of(segment, fromOffset) && position < end();
        }

        /** The {@link LogPosition} after the damage. */
        public long end() {
            return LogPosition.of(segment, toOffset);
        }
    }
}
