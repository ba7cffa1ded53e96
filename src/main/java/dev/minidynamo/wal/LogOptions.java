package dev.minidynamo.wal;

/**
 * How a log is kept.
 *
 * @param directory where its files are, below the node's data directory
 * @param sync when records are forced
 * @param segmentBytes size at which the next segment begins
 * @param growBytes by how much a segment is lengthened with zeros ahead of the records; 0 never
 * @param maxQueueBytes most bytes that wait for their write; what comes on top is refused
 * @param reserveBytes size of the file that gives its space to urgent records when the disk is full
 */
public record LogOptions(
        String directory,
        SyncMode sync,
        long segmentBytes,
        long growBytes,
        long maxQueueBytes,
        long reserveBytes) {

    /** Most bytes that are written and forced at once. */
    public static final int MAX_BATCH_BYTES = 4 << 20;

    private static final long MEBIBYTE = 1 << 20;

    public LogOptions {
        if (segmentBytes < 1024 || segmentBytes > 1L << 30) {
            throw new IllegalArgumentException(
                    "segmentBytes is " + segmentBytes + "; accepted is 1 KiB to 1 GiB");
        }
    }

    /** Sensible values for a log in {@code directory}. */
    public static LogOptions defaults(String directory) {
        return new LogOptions(
                directory, SyncMode.ALWAYS, 32 * MEBIBYTE, 4 * MEBIBYTE, 64 * MEBIBYTE, 0);
    }

    public LogOptions withSync(SyncMode mode) {
        return new LogOptions(
                directory, mode, segmentBytes, growBytes, maxQueueBytes, reserveBytes);
    }

    /** Segments of this size, lengthened in steps of {@code grow}. */
    public LogOptions withSegments(long bytes, long grow) {
        return new LogOptions(directory, sync, bytes, grow, maxQueueBytes, reserveBytes);
    }

    public LogOptions withMaxQueueBytes(long bytes) {
        return new LogOptions(directory, sync, segmentBytes, growBytes, bytes, reserveBytes);
    }

    public LogOptions withReserve(long bytes) {
        return new LogOptions(directory, sync, segmentBytes, growBytes, maxQueueBytes, bytes);
    }
}
