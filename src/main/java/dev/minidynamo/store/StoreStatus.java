package dev.minidynamo.store;

import dev.minidynamo.wal.LogStatus;

/**
 * Figures of a store, for {@code /debug/persist} and the metrics.
 *
 * @param keys entries of the index, tombstones and expired values included
 * @param log figures of the log
 * @param liveBytes bytes of records that the index points at
 * @param deadBytes the log's other bytes
 * @param damagedLeaves leaves that wait for anti-entropy
 * @param damagedReads reads that met a damaged record
 * @param reads reads of values since the start
 * @param start what the start found
 */
public record StoreStatus(
        long keys,
        long liveKeys,
        long tombstones,
        LogStatus log,
        long liveBytes,
        long deadBytes,
        int damagedLeaves,
        long damagedReads,
        long reads,
        Snapshot snapshot,
        Compaction compaction,
        StartReport start) {

    /** Share of dead bytes in the log, 0 to 1. */
    public double deadShare() {
        long total = liveBytes + deadBytes;
        return total == 0 ? 0 : (double) deadBytes / total;
    }

    /**
     * The index snapshot.
     *
     * @param atMillis wall time of the last one since the start, 0 if none
     * @param tookMillis how long it took
     * @param bytes its size
     * @param logBytesSince bytes of log that a start would replay on top of it
     */
    public record Snapshot(
            boolean running,
            long atMillis,
            long tookMillis,
            long bytes,
            long logBytesSince,
            String lastError) {}

    /**
     * Compaction.
     *
     * @param segments segments compacted since the start
     * @param movedBytes bytes of records copied since the start
     * @param freedBytes bytes of segments deleted since the start
     */
    public record Compaction(
            boolean running,
            long atMillis,
            long segments,
            long movedBytes,
            long freedBytes,
            String lastOutcome) {}
}
