package dev.minidynamo.coordinator;

/**
 * Bounds of the coordinator.
 *
 * @param standInAfterMillis how long a primary may stay silent before a fallback is asked as well
 * @param maxDriftMillis how far the own clock may be ahead of the majority's for a write
 * @param maxInFlightBytes bytes of values in unfinished requests, beyond which new ones are shed
 * @param maxBackgroundRepairs repairs that may be under way after their reads were answered
 * @param youngMillis age of a version below which no read repairs in the background, as its write
 *     may be under way; where keys are hot, every fifth read would send what is coming anyway
 * @param maxOperationMillis age of an operation from which on it sends no cell: a node that was
 *     suspended would go on with what may have been deleted, and the tombstone reaped, since (P7)
 */
public record CoordinatorOptions(
        long standInAfterMillis,
        long maxDriftMillis,
        long maxInFlightBytes,
        int maxBackgroundRepairs,
        long youngMillis,
        long maxOperationMillis) {

    /** Sensible values; a request's time is at most a minute, and its replicas' as long again. */
    public static CoordinatorOptions defaults() {
        return new CoordinatorOptions(400, 500, 64L << 20, 1024, 1_000, 120_000);
    }
}
