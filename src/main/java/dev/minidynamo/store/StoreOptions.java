package dev.minidynamo.store;

import dev.minidynamo.model.NodeId;
import dev.minidynamo.wal.LogOptions;

/**
 * How a store is kept.
 *
 * @param cluster the cluster's name; a data directory of another cluster is refused
 * @param node the node's id; a data directory of another node is refused
 * @param log how its log is kept
 * @param snapshotEveryBytes bytes of log after which the index is written down
 * @param snapshotEveryMillis time after which that is done too if the log has grown at all
 * @param compactAtDeadShare share of dead bytes in the log at which compaction begins
 * @param compactFromBytes size of the log below which dead bytes do not matter, unless the disk is
 *     full
 * @param compactionBytesPerSecond how fast compaction reads
 * @param maintenanceMillis how often these are looked at
 */
public record StoreOptions(
        String cluster,
        NodeId node,
        LogOptions log,
        long snapshotEveryBytes,
        long snapshotEveryMillis,
        double compactAtDeadShare,
        long compactFromBytes,
        long compactionBytesPerSecond,
        long maintenanceMillis) {

    private static final long MEBIBYTE = 1 << 20;

    /** Sensible values for the store of a node. */
    public static StoreOptions defaults(String cluster, NodeId node) {
        return new StoreOptions(
                cluster,
                node,
                LogOptions.defaults("kv").withReserve(32 * MEBIBYTE),
                64 * MEBIBYTE,
                Long.MAX_VALUE,
                0.4,
                128 * MEBIBYTE,
                20 * MEBIBYTE,
                5000);
    }

    public StoreOptions withLog(LogOptions options) {
        return new StoreOptions(
                cluster,
                node,
                options,
                snapshotEveryBytes,
                snapshotEveryMillis,
                compactAtDeadShare,
                compactFromBytes,
                compactionBytesPerSecond,
                maintenanceMillis);
    }

    /** These options with another pace of snapshots and compaction. */
    public StoreOptions withMaintenance(
            long snapshotBytes, long compactBytes, long bytesPerSecond, long everyMillis) {
        return new StoreOptions(
                cluster,
                node,
                log,
                snapshotBytes,
                snapshotEveryMillis,
                compactAtDeadShare,
                compactBytes,
                bytesPerSecond,
                everyMillis);
    }

    /** These options with a snapshot after each interval in which something was written. */
    public StoreOptions withSnapshotEvery(long millis) {
        return new StoreOptions(
                cluster,
                node,
                log,
                snapshotEveryBytes,
                millis,
                compactAtDeadShare,
                compactFromBytes,
                compactionBytesPerSecond,
                Math.min(maintenanceMillis, millis));
    }
}
