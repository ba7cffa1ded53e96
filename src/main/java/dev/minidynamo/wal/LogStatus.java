package dev.minidynamo.wal;

/**
 * Figures of an open log.
 *
 * @param segments segment files
 * @param bytes bytes of records and headers in them
 * @param appended records appended since the start
 * @param batches writes that carried them
 * @param forces forces since the start
 * @param forceP50Nanos median of the latest forces
 * @param forceP99Nanos 99th percentile of the latest forces
 * @param waiting records that wait for their write
 * @param waitingBytes their bytes
 * @param spaceShort whether ordinary records are refused because the disk is full
 * @param failed whether a write or force failed, so that nothing is acknowledged any more
 */
public record LogStatus(
        int segments,
        long bytes,
        long appended,
        long batches,
        long forces,
        long forceP50Nanos,
        long forceP99Nanos,
        int waiting,
        long waitingBytes,
        boolean spaceShort,
        boolean failed) {}
