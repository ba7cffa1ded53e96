package dev.minidynamo.hints;

import dev.minidynamo.wal.SyncMode;

/**
 * The limits and the pace of the hint manager.
 *
 * @param maxBytesPerTarget of hints held for one target on disk; what comes on top is dropped and
 *     counted
 * @param maxHintsPerTarget held for one target; each takes some 300 bytes of memory
 * @param maxAgeMillis after which the write that a hint carries is too old to be delivered; must be
 *     shorter than the grace period of tombstones
 * @param sync when a hint that is kept counts as durable
 * @param segmentBytes of one log segment
 * @param leastWindow hints under way to one target at the least, while it answers
 * @param mostWindow hints under way to one target at the most
 * @param targetLatencyMillis the time for one window's answers above which the window shrinks
 * @param mostKeysPerSecond delivered to one target
 * @param timeoutMillis of one delivery
 * @param leastBackoffMillis of pause after a delivery that failed; doubles each time
 * @param mostBackoffMillis of pause
 */
public record HintOptions(
        long maxBytesPerTarget,
        int maxHintsPerTarget,
        long maxAgeMillis,
        SyncMode sync,
        int segmentBytes,
        int leastWindow,
        int mostWindow,
        long targetLatencyMillis,
        int mostKeysPerSecond,
        long timeoutMillis,
        long leastBackoffMillis,
        long mostBackoffMillis) {

    /** 256 MiB or 200,000 hints a target, three hours, and up to 10,000 keys a second. */
    public static HintOptions defaults() {
        return new HintOptions(
                256L << 20,
                200_000,
                3 * 3_600_000L,
                SyncMode.ALWAYS,
                4 << 20,
                64,
                256,
                20,
                10_000,
                2_000,
                100,
                5_000);
    }

    public HintOptions withMaxBytesPerTarget(long bytes) {
        return new HintOptions(
                bytes,
                maxHintsPerTarget,
                maxAgeMillis,
                sync,
                segmentBytes,
                leastWindow,
                mostWindow,
                targetLatencyMillis,
                mostKeysPerSecond,
                timeoutMillis,
                leastBackoffMillis,
                mostBackoffMillis);
    }

    public HintOptions withMaxHintsPerTarget(int hints) {
        return new HintOptions(
                maxBytesPerTarget,
                hints,
                maxAgeMillis,
                sync,
                segmentBytes,
                leastWindow,
                mostWindow,
                targetLatencyMillis,
                mostKeysPerSecond,
                timeoutMillis,
                leastBackoffMillis,
                mostBackoffMillis);
    }

    public HintOptions withMaxAgeMillis(long millis) {
        return new HintOptions(
                maxBytesPerTarget,
                maxHintsPerTarget,
                millis,
                sync,
                segmentBytes,
                leastWindow,
                mostWindow,
                targetLatencyMillis,
                mostKeysPerSecond,
                timeoutMillis,
                leastBackoffMillis,
                mostBackoffMillis);
    }

    public HintOptions withSegmentBytes(int bytes) {
        return new HintOptions(
                maxBytesPerTarget,
                maxHintsPerTarget,
                maxAgeMillis,
                sync,
                bytes,
                leastWindow,
                mostWindow,
                targetLatencyMillis,
                mostKeysPerSecond,
                timeoutMillis,
                leastBackoffMillis,
                mostBackoffMillis);
    }

    public HintOptions withSync(SyncMode mode) {
        return new HintOptions(
                maxBytesPerTarget,
                maxHintsPerTarget,
                maxAgeMillis,
                mode,
                segmentBytes,
                leastWindow,
                mostWindow,
                targetLatencyMillis,
                mostKeysPerSecond,
                timeoutMillis,
                leastBackoffMillis,
                mostBackoffMillis);
    }
}
